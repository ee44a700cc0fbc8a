import { SimpleGrid, Stack, Text } from '@mantine/core';
import { IconDeviceLaptopOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { PersonDetail } from '../../../../../shared/api/schemas.ts';
import { CheckList } from '../../components/check-list.tsx';
import { CustodyList } from '../../components/custody-list.tsx';
import { DeviceTable } from '../../components/device-table.tsx';
import { Empty } from '../../components/empty.tsx';
import { Facts } from '../../components/facts.tsx';
import { ButtonLink, TextLink } from '../../components/links.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { OpenFor } from '../../components/open-for.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { RestrictedNotice } from '../../components/restricted-notice.tsx';
import { Tag } from '../../components/tag.tsx';
import { TicketsOf } from '../../components/tickets/tickets-of.tsx';
import { Verdict } from '../../components/verdict.tsx';
import { VerdictPanel } from '../../components/verdict-panel.tsx';
import { everyDeviceOf } from '../../components/waive-dialog.tsx';
import { When } from '../../components/when.tsx';
import { queries } from '../../queries.ts';
import { capital, gradeWords, isAdultStaff, roleWords } from '../../words.ts';
import { ActivityPanel } from './activity-panel.tsx';
import { ExplainPerson } from './explain-person.tsx';
import { LooksPanel } from './looks-panel.tsx';
import { ObligationsPanel } from './obligations-panel.tsx';
import { PersonHistory } from './person-history.tsx';

const route = getRouteApi('/shell/people/$id');
const parent = { to: '/people', label: 'People' } as const;

export function PersonPage() {
  const { id } = route.useParams();
  const person = useQuery(queries.person(id));
  if (person.data) return <PersonView detail={person.data} />;
  return (
    <Page title="Person" parent={parent}>
      <Loaded query={person}>{(detail) => <PersonView detail={detail} />}</Loaded>
    </Page>
  );
}

function PersonView({ detail }: { detail: PersonDetail }) {
  const { person } = detail;
  return (
    <Page
      title={person.name}
      parent={parent}
      badge={<Verdict state={person.verdict.state} until={person.verdict.until} />}
      lead={aboutLine(detail)}
      actions={
        <>
          <ButtonLink to="/test-name" search={{ person: person.id }} variant="default">
            Test a name
          </ButtonLink>
          <OpenFor target={{ kind: 'person', id: person.id }} name={person.name} adult={isAdultStaff(person.role)} />
        </>
      }
    >
      <Stack gap="md">
        <VerdictPanel verdict={person.verdict} />
        <RestrictedNotice person={person.id} />
        <Devices detail={detail} />
        <TicketsOf person={person} />
        {detail.checks.map(({ deviceId, deviceName, findings }) => (
          <Panel key={deviceId} title={`Checks on ${deviceName}`}>
            <CheckList
              findings={findings}
              waivable={[
                { kind: 'person', id: person.id, words: everyDeviceOf(person.name) },
                { kind: 'device', id: deviceId, words: `${deviceName} alone` },
              ]}
            />
          </Panel>
        ))}
        <Corrections detail={detail} />
        {detail.devices.length > 0 ? <ExplainPerson id={person.id} /> : null}
        <ObligationsPanel id={person.id} />
        <PersonHistory id={person.id} />
        <SimpleGrid cols={{ base: 1, md: 2 }} style={{ alignItems: 'start' }}>
          <Panel title="Devices held" note="Every device this person had, from when to when.">
            <CustodyList custody={detail.custody} show="device" />
          </Panel>
          <AboutPerson detail={detail} />
        </SimpleGrid>
        <LooksPanel key={`looks ${person.id}`} personId={person.id} />
        <ActivityPanel key={person.id} personId={person.id} name={person.name} />
      </Stack>
    </Page>
  );
}

/** Settings that somebody changed by hand and the agent put right: nothing is wrong any more, and it is worth a word. */
function Corrections({ detail: { corrections } }: { detail: PersonDetail }) {
  if (corrections.length === 0) return null;
  return (
    <Panel
      title="Changed and put right"
      note="In the last week, on the devices in their custody. No verdict turns by it."
    >
      <Stack gap="xs">
        {corrections.map(({ device, at, words }) => (
          <div key={`${device.id} ${at} ${words}`}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {capital(words)}
            </Text>
            <Text size="xs" c="dimmed" component="div">
              <When at={at} /> ·{' '}
              <TextLink to="/devices/$id" params={{ id: device.id }} size="xs">
                {device.name}
              </TextLink>
            </Text>
          </div>
        ))}
      </Stack>
    </Panel>
  );
}

function aboutLine({ person }: PersonDetail): string {
  const parts = [roleWords[person.role].one, person.grade ? gradeWords(person.grade) : null, person.orgName];
  return [...parts, person.active ? null : 'no longer on the roster'].filter(Boolean).join(' · ');
}

function Devices({ detail }: { detail: PersonDetail }) {
  if (detail.devices.length > 0) return <DeviceTable devices={detail.devices} withCustodian={false} />;
  return (
    <Panel title="Devices">
      <Empty icon={IconDeviceLaptopOff} title="No device is in this person's custody">
        Open a device and choose “Hand over”, or make an enrolment token for this person on the{' '}
        <TextLink to="/enrolment">Enrolment</TextLink> page.
      </Empty>
    </Panel>
  );
}

function AboutPerson({ detail }: { detail: PersonDetail }) {
  const { person, email, orgs, classes } = detail;
  return (
    <Panel title="On the roster">
      <Facts
        facts={[
          ['User name', person.username],
          ['E-mail', email ?? 'none'],
          ['Roster id', person.sourcedId],
          ['Schools', orgs.map((org) => `${org.name} (${roleWords[org.role].one.toLowerCase()})`).join(', ') || 'none'],
        ]}
      />
      <div>
        <Text size="sm" c="dimmed" mb={6}>
          Classes
        </Text>
        {classes.length === 0 ? <Text size="sm">None</Text> : null}
        <div style={{ display: 'flex', flexWrap: 'wrap', gap: 6 }}>
          {classes.map((group) => (
            <Tag key={group.id}>{group.title}</Tag>
          ))}
        </div>
      </div>
    </Panel>
  );
}
