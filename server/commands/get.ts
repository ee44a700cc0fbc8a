import type { DeviceSummary, PersonSummary, ProfileSummary } from '../../shared/api/schemas.ts';
import { verdictStates } from '../../shared/compliance/verdict.ts';
import { allPages, type OperatorClient } from './client.ts';
import { type Output, table } from './output.ts';

export const gettable = ['people', 'devices', 'profiles', 'compliance'] as const;
export type Gettable = (typeof gettable)[number];

/** `rollcall get …`: everything there is, as a table or as JSON. */
export async function get(client: OperatorClient, what: Gettable, output: Output): Promise<void> {
  if (what === 'profiles') {
    const { items } = await client.call('listProfiles');
    output.result(items, table(['PROFILE', 'REVISION', 'DEVICES', 'FOR'], items.map(profileRow)));
  } else if (what === 'devices') {
    const devices = await Array.fromAsync(
      allPages((cursor) => client.call('listDevices', { query: { limit: 200, ...after(cursor) } })),
    );
    output.result(devices, table(['DEVICE', 'MODEL', 'CONNECTED', 'VERDICT', 'HELD BY', 'ID'], devices.map(deviceRow)));
  } else {
    const people = await Array.fromAsync(
      allPages((cursor) => client.call('listPeople', { query: { limit: 200, ...after(cursor) } })),
    );
    if (what === 'people')
      output.result(
        people,
        table(['PERSON', 'ROLE', 'GRADE', 'SCHOOL', 'DEVICES', 'SOURCEDID'], people.map(personRow)),
      );
    else compliance(people, output);
  }
}

function compliance(people: PersonSummary[], output: Output): void {
  const holders = people.filter((person) => person.deviceCount > 0);
  const counts = Object.fromEntries(
    verdictStates.map((state) => [state, holders.filter((person) => person.verdict.state === state).length]),
  );
  const rows = holders.map((person) => [
    person.name,
    person.verdict.state,
    person.verdict.since,
    person.verdict.reasons.join(' '),
  ]);
  const words = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  output.result(
    { counts, people: holders.map(({ id, sourcedId, name, verdict }) => ({ id, sourcedId, name, verdict })) },
    `${table(['PERSON', 'VERDICT', 'SINCE', 'WHY'], rows)}\n${words.join(', ')}`,
  );
}

const after = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

function profileRow(profile: ProfileSummary): string[] {
  const to = profile.assignments.map((assignment) => assignment.words).join(', ');
  return [profile.name, profile.publishedRevision?.toString() ?? 'not published', String(profile.deviceCount), to];
}

function deviceRow(device: DeviceSummary): string[] {
  const name = device.simulated ? `${device.name} (simulated)` : device.name;
  return [
    name,
    device.model ?? '',
    device.connected ? 'yes' : 'no',
    device.verdict.state,
    device.custodian?.name ?? '',
    device.id,
  ];
}

function personRow(person: PersonSummary): string[] {
  return [
    person.name,
    person.role,
    person.grade ?? '',
    person.orgName ?? '',
    String(person.deviceCount),
    person.sourcedId,
  ];
}
