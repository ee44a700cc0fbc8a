import { Group, Skeleton, Stack } from '@mantine/core';
import { IconLayoutGrid } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import type { ComplianceMap } from '../../../../../shared/api/schemas.ts';
import { AsOf } from '../../components/as-of.tsx';
import { AsOfNotice } from '../../components/as-of-notice.tsx';
import { Empty } from '../../components/empty.tsx';
import { ButtonLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { queries } from '../../queries.ts';
import { ComplianceExport } from './compliance-export.tsx';
import { HeatMap } from './heat-map.tsx';
import { PeoplePanel } from './people-panel.tsx';
import { UnitChecks } from './unit-checks.tsx';

const route = getRouteApi('/shell/compliance');

/** The district, or one of its units, at any moment. */
export function CompliancePage() {
  const { at, org } = route.useSearch();
  const navigate = route.useNavigate();
  const map = useQuery(queries.complianceMap({ at, org }));
  return (
    <Page
      title={useTitle(org)}
      lead="Who complied, where it failed and when, at any moment since the first report."
      {...(org ? { parent: { to: '/compliance', label: 'Compliance', search: { at } } as const } : {})}
      actions={
        <>
          {org ? (
            <ButtonLink to="/people" search={{ org, at, holdsDevice: 'true' }} variant="default">
              People here
            </ButtonLink>
          ) : (
            <ButtonLink to="/compliance/checks" variant="default">
              Check library
            </ButtonLink>
          )}
          <ComplianceExport at={at} org={org} />
        </>
      }
    >
      {map.error && !map.data ? (
        <AsOfNotice at={at} onNow={() => void navigate({ search: { org }, replace: true })}>
          That moment cannot be shown.
        </AsOfNotice>
      ) : null}
      <Loaded query={map} skeleton={<MapSkeleton />}>
        {(value) => <Standing map={value} stale={map.isPlaceholderData} />}
      </Loaded>
    </Page>
  );
}

function useTitle(org: string | undefined): string {
  const orgs = useQuery({ ...queries.orgs(), enabled: org !== undefined });
  if (org === undefined) return 'Compliance';
  return orgs.data?.items.find(({ id }) => id === org)?.name ?? 'School';
}

function Standing({ map, stale }: { map: ComplianceMap; stale: boolean }) {
  const { at, org, span } = route.useSearch();
  const navigate = route.useNavigate();
  const show = (instant: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, at: instant }), replace: true, resetScroll: false });
  const shown = useDeferredValue(useSettled({ map, at }, stale));
  if (map.since === null && map.units.length === 0) return <NothingYet />;
  return (
    <Stack gap="md">
      <AsOf at={at} since={map.since} onChange={show} />
      <PeoplePanel
        people={map.people}
        moment={{ at, org, span }}
        onAt={show}
        onSpan={(next) =>
          void navigate({ search: (before) => ({ ...before, span: next }), replace: true, resetScroll: false })
        }
      />
      <Stack gap="md" style={stale ? { opacity: 0.6 } : undefined} aria-busy={stale || undefined}>
        {org ? <UnitChecks {...shown} org={org} /> : null}
        {org && map.units.length < 2 ? null : (
          <Panel title="Schools and checks" note="The worst first. A figure leads to the devices behind it.">
            {map.units.length === 0 ? <NobodyThen /> : <HeatMap {...shown} />}
          </Panel>
        )}
      </Stack>
    </Stack>
  );
}

interface Shown {
  map: ComplianceMap;
  at: string | undefined;
}

/** While another moment is read, what is shown stays with the moment it is about; a large map is not drawn in between. */
function useSettled(next: Shown, stale: boolean): Shown {
  const [settled, setSettled] = useState(next);
  if (stale || (settled.map === next.map && settled.at === next.at)) return settled;
  setSettled(next);
  return next;
}

function NothingYet() {
  return (
    <Panel title="Nothing here yet">
      <Empty
        icon={IconLayoutGrid}
        title="No device has been judged yet"
        action={<ButtonLink to="/enrolment">Enrol a device</ButtonLink>}
      >
        The map of schools and checks follows the first report of the first device.
      </Empty>
    </Panel>
  );
}

function NobodyThen() {
  return (
    <Empty icon={IconLayoutGrid} title="Nothing is known of that moment">
      No device had been judged then. Choose a later one.
    </Empty>
  );
}

function MapSkeleton() {
  return (
    <Stack gap="md">
      <Skeleton height={112} radius="md" />
      <Group grow>
        <Skeleton height={300} radius="md" />
      </Group>
      <Skeleton height={360} radius="md" />
    </Stack>
  );
}
