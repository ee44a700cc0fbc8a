import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeviceDetail } from '../../../../../shared/api/schemas.ts';
import { CustodyList } from '../../components/custody-list.tsx';
import { EventList } from '../../components/event-list.tsx';
import { Facts } from '../../components/facts.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Pager } from '../../components/pager.tsx';
import { Panel } from '../../components/panel.tsx';
import { Tag } from '../../components/tag.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { DeviceHistory } from './device-history.tsx';

export function HistoryTab({ detail }: { detail: DeviceDetail }) {
  return (
    <Stack gap="md">
      <DeviceHistory id={detail.device.id} />
      <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
        <Panel title="What happened">
          <DeviceEvents id={detail.device.id} />
        </Panel>
        <Stack gap="md">
          <Panel title="Custody" note="Who had it, from when to when.">
            <CustodyList custody={detail.custody} show="person" />
          </Panel>
          <Findings findings={detail.findings} />
          <Certificate detail={detail} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

const limit = 25;

function DeviceEvents({ id }: { id: string }) {
  const [place, setPlace] = useState<{ cursor?: string; page: number }>({ page: 1 });
  const { page, ...cursor } = place;
  const events = useQuery(queries.deviceEvents(id, { limit, ...cursor }));
  return (
    <Loaded query={events}>
      {(found) => (
        <Stack gap="md">
          <EventList events={found.items} about={id} />
          <Pager page={page} limit={limit} found={found} onGo={(to) => setPlace(to ?? { page: 1 })} />
        </Stack>
      )}
    </Loaded>
  );
}

function Findings({ findings }: Pick<DeviceDetail, 'findings'>) {
  return (
    <Panel title="Findings" note="Conditions the device or the server noticed.">
      {findings.length === 0 ? (
        <Text size="sm" c="dimmed">
          None so far.
        </Text>
      ) : null}
      {findings.map((finding) => (
        <div key={`${finding.code} ${finding.openedAt}`}>
          <Tag tone={finding.closedAt ? 'plain' : 'warn'}>{finding.code}</Tag>{' '}
          <Text span size="sm" style={{ overflowWrap: 'anywhere' }}>
            {finding.detail}
          </Text>
          <Text size="xs" c="dimmed" component="div">
            <When at={finding.openedAt} /> – {finding.closedAt ? <When at={finding.closedAt} /> : 'still open'}
          </Text>
        </div>
      ))}
    </Panel>
  );
}

function Certificate({ detail: { certificate, enrolledAt } }: { detail: DeviceDetail }) {
  return (
    <Panel title="Enrolment and certificate">
      <Facts
        facts={[
          ['Enrolled', <When key="at" at={enrolledAt} as="date" />],
          [
            'Certificate',
            certificate ? (
              <Tag tone={certificate.status === 'active' ? 'good' : 'bad'}>{certificate.status}</Tag>
            ) : (
              'none'
            ),
          ],
          ['Serial', certificate?.serial],
          ['Valid until', certificate ? <When key="until" at={certificate.notAfter} as="date" /> : undefined],
        ]}
      />
    </Panel>
  );
}
