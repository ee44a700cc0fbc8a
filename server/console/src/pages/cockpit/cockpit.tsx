import { Card, Stack, Tabs, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { DeviceDetail, DiagnosisView, TicketView } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { Loaded, RowsSkeleton } from '../../components/loaded.tsx';
import { helpdeskQueries } from '../../helpdesk-queries.ts';
import { queries } from '../../queries.ts';
import { CommandsTab } from './commands-tab.tsx';
import { DeviceHead } from './device-head.tsx';
import { ExaminationPanel } from './examination-panel.tsx';
import { FindingsTab, troubleOf } from './findings-tab.tsx';
import { LookPanel } from './look-panel.tsx';
import { TimelineTab } from './timeline-tab.tsx';
import type { CockpitView } from './use-cockpit.ts';

const LiveTab = lazy(() => import('./live-tab.tsx'));

interface Props {
  ticket: TicketView;
  deviceId: string;
  view: CockpitView;
}

/** Everything a technician needs of the device of a ticket: what it reports, a look at it, and what can be done to it. */
export function Cockpit(props: Props) {
  const device = useQuery(queries.device(props.deviceId));
  return (
    <Loaded query={device} skeleton={<RowsSkeleton rows={3} height={140} />}>
      {(detail) => <Shown {...props} detail={detail} />}
    </Loaded>
  );
}

function Shown({ ticket, view, detail }: Props & { detail: DeviceDetail }) {
  const { data } = useQuery(helpdeskQueries.diagnoses(ticket.id));
  const looks = data?.items ?? [];
  const shown = looks.find(({ examination }) => examination !== null)?.examination;
  return (
    <Stack gap="md">
      <DeviceHead ticket={ticket} detail={detail} view={view} />
      <LookPanel ticket={ticket} device={detail.device} looks={looks} view={view} />
      {shown ? <ExaminationPanel examination={shown} /> : null}
      <CockpitTabs ticket={ticket} view={view} detail={detail} look={looks[0]} />
    </Stack>
  );
}

type TabsProps = Omit<Props, 'deviceId'> & { detail: DeviceDetail; look: DiagnosisView | undefined };

function CockpitTabs({ ticket, view, detail, look }: TabsProps) {
  const { id } = detail.device;
  const trouble = troubleOf(detail);
  return (
    <Tabs value={view.tab} onChange={view.show} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="live">Live</Tabs.Tab>
        <Tabs.Tab value="findings">Findings{trouble > 0 ? ` (${trouble})` : ''}</Tabs.Tab>
        <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        <Tabs.Tab value="commands">Commands</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="live">
        {look?.state === 'running' ? (
          <Card miw={0}>
            <Suspense fallback={<RowsSkeleton rows={2} height={180} />}>
              <LiveTab key={look.id} diagnosisId={look.id} />
            </Suspense>
          </Card>
        ) : (
          <Empty icon={IconEyeOff} title="Nobody is looking at the device">
            <Text size="sm">
              Charts, processes and the log are shown while you look at the device for this ticket, and no longer.
            </Text>
          </Empty>
        )}
      </Tabs.Panel>
      <Tabs.Panel value="findings">
        <FindingsTab detail={detail} />
      </Tabs.Panel>
      <Tabs.Panel value="timeline">
        <Card miw={0}>
          <TimelineTab deviceId={id} />
        </Card>
      </Tabs.Panel>
      <Tabs.Panel value="commands">
        <Card miw={0}>
          <CommandsTab deviceId={id} ticketId={ticket.id} />
        </Card>
      </Tabs.Panel>
    </Tabs>
  );
}
