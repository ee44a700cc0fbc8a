import { SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Overview } from '../../../../../shared/api/schemas.ts';
import { Empty } from '../../components/empty.tsx';
import { EventList } from '../../components/event-list.tsx';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { totalOf } from '../../components/verdict-bar.tsx';
import { queries } from '../../queries.ts';
import { RoleBreakdown, SchoolBreakdown } from './breakdowns.tsx';
import { DeviceCounts } from './device-counts.tsx';
import classes from './overview-page.module.css';
import { PeopleVerdicts } from './people-verdicts.tsx';
import { PolicyUnderWay } from './policy-under-way.tsx';
import { Reasons } from './reasons.tsx';
import { SilentDevices } from './silent-devices.tsx';

export function OverviewPage() {
  const overview = useQuery(queries.overview());
  return (
    <Page title={overview.data?.district ?? 'Overview'} lead="Who complies, where it fails, and what changed.">
      <Loaded query={overview} skeleton={<OverviewSkeleton />}>
        {(value) =>
          totalOf(value.people) + value.peopleWithoutDevice + value.devices.total === 0 ? (
            <NewDistrict />
          ) : (
            <Board overview={value} />
          )
        }
      </Loaded>
    </Page>
  );
}

function Board({ overview }: { overview: Overview }) {
  return (
    <Stack gap="md">
      <PeopleVerdicts overview={overview} />
      <PolicyUnderWay />
      <DeviceCounts devices={overview.devices} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Stack gap="md" className={classes.column ?? ''}>
          <SchoolBreakdown schools={overview.schools} />
          <RoleBreakdown roles={overview.roles} />
          <SilentDevices devices={overview.silent} />
        </Stack>
        <Stack gap="md" className={classes.column ?? ''}>
          <Reasons reasons={overview.reasons} />
          <LatestChanges events={overview.events} />
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function LatestChanges({ events }: Pick<Overview, 'events'>) {
  return (
    <Panel
      title="Latest changes"
      aside={
        <TextLink to="/events" size="sm">
          All events
        </TextLink>
      }
    >
      {events.length > 0 ? (
        <EventList events={events.slice(0, 8)} />
      ) : (
        <Text size="sm" c="dimmed">
          Nothing has happened yet.
        </Text>
      )}
    </Panel>
  );
}

function NewDistrict() {
  return (
    <Panel title="Nothing here yet">
      <Empty
        icon={IconUsersGroup}
        title="Start with your people"
        action={<ButtonLink to="/import">Import a roster</ButtonLink>}
      >
        Bring in schools and people from OneRoster or a CSV file, then make an enrolment token and type it on the first
        device.
      </Empty>
    </Panel>
  );
}

function OverviewSkeleton() {
  return (
    <Stack gap="md">
      <Skeleton height={168} radius="md" />
      <Skeleton height={92} radius="md" />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Skeleton height={300} radius="md" />
        <Skeleton height={300} radius="md" />
      </SimpleGrid>
    </Stack>
  );
}
