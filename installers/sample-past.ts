// Some weeks of the sample district before today, for simulated devices alone: the services of the server live through them
// by a clock that is moved by hand, so that every interval is one they derived. Run by `npm start` before the first serve.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { writeIdentity } from '../agent/identity/identity-files.ts';
import { newKeyWithRequest } from '../agent/identity/key.ts';
import { Home } from '../agent/store/home.ts';
import { agentVersion } from '../agent/version.ts';
import { loadConfig } from '../server/config.ts';
import { Dice } from '../server/demo/dice.ts';
import { sampleCalendar } from '../server/demo/filter.ts';
import { screenReaderProfile } from '../server/demo/policy.ts';
import { seedDistrict, seedHelpdesk } from '../server/demo/seed.ts';
import { reportedOf } from '../server/gateway/reported.ts';
import { startServices } from '../server/main.ts';
import { dayOf } from '../shared/calendar/days.ts';
import { type CapabilityName, capabilityNames } from '../shared/profile/registry.ts';
import type { Manifest, ReportRecord } from '../shared/protocol/messages.ts';
import { decodeToken } from '../shared/protocol/token.ts';
import { PastClock } from './past-clock.ts';
import { type Deeds, policyDeeds, publishSchoolYear } from './sample-policy-past.ts';
import { isAway, isWrong, type SimulatedDevice, simulatedHealth } from './simulated-health.ts';
import { simulatedPast } from './simulated-past.ts';
import { refusedBy, simulatedSection, statusOf } from './simulated-sections.ts';

const day = 86_400_000;
const weeks = 6;
const { values: flags } = parseArgs({
  options: {
    home: { type: 'string', default: '' },
    server: { type: 'string', default: '' },
    count: { type: 'string', default: '40' },
    'console-port': { type: 'string' },
    'agent-port': { type: 'string' },
  },
});

/** A simulated device with what it has still to say of the past. */
interface Seat {
  seed: number;
  device: SimulatedDevice;
  home: Home;
  id: string;
  personId: string;
  untold: ReportRecord[];
  sequence: number;
  generation: number;
}

const config = loadConfig({
  ...{ home: resolve(flags.server), demo: true },
  ...(flags['console-port'] === undefined ? {} : { consolePort: Number(flags['console-port']) }),
  ...(flags['agent-port'] === undefined ? {} : { agentPort: Number(flags['agent-port']) }),
});
const today = Date.now();
const calendar = sampleCalendar(new Date(today).toISOString().slice(0, 10));
const isSchoolDay = (at: number) => dayOf(calendar, at).isSchoolDay;
/** The first school day of the last six weeks; in the summer there is none. */
const days = Array.from({ length: weeks * 7 }, (_, index) => weeks * 7 - index);
const length = days.find((ago) => isSchoolDay(today - ago * day)) ?? weeks * 7;
const begin = today - length * day;
/** Whatever the server looks at each minute it looks at so often. */
const leastMs = 30 * 60_000;
const clock = new PastClock(begin, leastMs);
const server = await startServices(config, pino({ level: config.logLevel }, pino.destination(2)), clock);
const { services, stores, bus } = server;
const actor = 'server';
const helpdesk = 'staff:Sample helpdesk';

/** Whatever was published is worked in before the clock moves on. */
async function settle(): Promise<void> {
  const { desired, waivers, restrictions, obligations, compliance, changes, rollouts } = services;
  await changes.settled();
  await rollouts.look();
  for (let round = 0; round < 2; round++)
    for (const part of [obligations, waivers, desired, compliance, restrictions, desired]) await part.settled();
}

/** What falls due on the way is done when it is due: a restriction begins with the last bell, not on the morning after. */
async function passUntil(instant: number): Promise<void> {
  for (let due = clock.nextDue; due !== null && due < instant; due = clock.nextDue) {
    clock.moveTo(due);
    await settle();
  }
  clock.moveTo(instant);
}

/** Enrolled as everybody is, but for the wire; each is handed to somebody of the roster, evenly spaced. */
async function enrolAll(count: number): Promise<Seat[]> {
  const { token } = await services.tokens.create(
    {
      ...{ maxUses: count, expiresInSeconds: 3600, simulated: true, tags: ['simulated'] },
      label: 'npm start: simulated devices',
    },
    actor,
  );
  const people = await stores.obligations.audience({});
  const step = Math.max(1, Math.floor(people.length / count));
  const holders = people.filter((_, index) => index % step === Math.floor(step / 2));
  const seats: Seat[] = [];
  for (let seed = 0; seed < count; seed++) {
    const person = holders[seed];
    if (person) seats.push(await enrolOne(seed, token, person.id));
  }
  return seats;
}

async function enrolOne(seed: number, token: string, personId: string): Promise<Seat> {
  const device = simulatedHealth(seed, today, agentVersion);
  const home = new Home(resolve(flags.home, String(seed).padStart(3, '0')));
  const { platform, os, hostname, hardware } = device;
  const { secret, addresses } = decodeToken(token);
  const { key, csr } = await newKeyWithRequest();
  const request = { secret, csr, agentVersion, platform, os, hostname, hardware };
  const { deviceId, certificateChain } = await server.enrolment.enroll(request, '127.0.0.1');
  const { authority, stateKeys, ports } = server;
  const trust = { district: authority.district, name: config.district, root: authority.rootPem, ...stateKeys.pinned };
  const agents = config.hosts.map((host) => ({ host, port: ports.agents }));
  home.prepare();
  writeIdentity(home, { deviceId, trust, agents, enrolment: addresses, credentials: [{ key, certificateChain }] });
  await services.custodies.open(deviceId, personId, seed % 10 === 4 ? 'loan' : 'primary', actor);
  const first = simulatedHealth(seed, clock.now(), agentVersion).records.filter(({ kind }) => kind === 'health');
  const untold = [...first, ...simulatedPast(device, new Dice(seed + 1), clock.now(), today)];
  return { seed, device, home, id: deviceId, personId, untold, sequence: 0, generation: 0 };
}

/** A device is switched on: it is seen, it says what changed, and what became of its settings. */
async function visit(seat: Seat): Promise<void> {
  const now = clock.now();
  await stores.presence.seen([seat.id], now);
  const said = seat.untold.filter(({ at }) => at <= now);
  seat.untold = seat.untold.filter(({ at }) => at > now);
  const records = [...said, ...(await settled(seat, now))];
  if (records.length > 0) {
    seat.sequence += 1;
    const report = { deviceId: seat.id, epoch: 'past', sequence: seat.sequence, records };
    const outcomes = await stores.reports.commit([report], now);
    const reported = reportedOf(outcomes.map((outcome) => ({ report, outcome })));
    if (reported) bus.publish('reported', reported);
  }
  bus.publish('presence-changed', { deviceIds: [seat.id], connected: false });
}

async function settled(seat: Seat, at: number): Promise<ReportRecord[]> {
  const { generation, signed } = await services.desired.forDevice(seat.id);
  if (generation === seat.generation) return [];
  seat.generation = generation;
  const { sections } = JSON.parse(signed.manifest) as Manifest;
  const records: ReportRecord[] = [];
  for (const name of capabilityNames) {
    const hash = sections[name];
    if (hash !== undefined)
      records.push({ kind: 'reported', at, section: name, generation, hash, ...(await outcomeOf(seat, name, hash)) });
  }
  return records;
}

async function outcomeOf({ device }: Seat, name: CapabilityName, hash: string) {
  const section = simulatedSection(name, device.platform);
  const status = statusOf(section);
  if (status === 'unsupported') return { status, evidence: [] };
  const refused = refusedBy(device.hardware.model, name, JSON.parse((await services.desired.section(hash)) ?? '{}'));
  const evidence = [...section.evidence, ...refused];
  if (refused.length === 0) return { status, evidence };
  const failure = { code: 'not-in-force', message: 'It was set, and does not hold.' };
  return { status: 'failed' as const, failure, evidence };
}

/** What staff of the district did in these weeks, by day: agreements, a waiver, and what one student needs. */
async function deeds(seats: readonly Seat[]): Promise<Deeds> {
  const everybody = new Map((await stores.obligations.everybody()).map((person) => [person.id, person]));
  const students = new Set((await stores.obligations.audience({ role: 'student' })).map(({ id }) => id));
  const holding = seats.filter(({ personId }) => students.has(personId));
  const ask = async (title: string, of: readonly Seat[], due: number) => {
    const dueOn = new Date(due).toISOString().slice(0, 10);
    for (const { personId } of of)
      await services.obligations.create({ kind: 'agreement', title, to: { person: personId }, dueOn }, helpdesk);
  };
  const sign = async (title: string, by: readonly Seat[]) => {
    const names = by.map(({ personId }) => everybody.get(personId)?.username ?? '');
    const file = new TextEncoder().encode(['username', ...names].join('\n'));
    await services.obligations.importSignatures(file, { title }, helpdesk);
  };
  const [agreement, renewal] = ['Device agreement', 'Device agreement, spring semester'];
  const needing = holding.find(({ device }) => device.platform === 'linux');
  const student = everybody.get(needing?.personId ?? '')?.sourcedId;
  const open = policyDays();
  return [
    ...policyDeeds(server, open, today),
    [1, () => ask(agreement, holding, begin + 22 * day)],
    [
      5,
      async () =>
        void (student && (await services.profiles.applyDocument(screenReaderProfile(student), { actor: helpdesk }))),
    ],
    [
      8,
      () =>
        sign(
          agreement,
          holding.filter((_, index) => index % 5 > 1),
        ),
    ],
    [12, () => waive(seats)],
    [
      16,
      () =>
        sign(
          agreement,
          holding.filter((_, index) => index % 15 > 0),
        ),
    ],
    [length - 9, () => ask(renewal, holding, today + 14 * day)],
    [
      length - 3,
      () =>
        sign(
          renewal,
          holding.filter((_, index) => index % 3 > 0),
        ),
    ],
  ];
}

/** On which something may be published. */
function policyDays(): number[] {
  return Array.from({ length }, (_, count) => count).filter((count) => {
    const { isSchoolDay, freeze } = dayOf(calendar, begin + count * day);
    return isSchoolDay && freeze === undefined;
  });
}

/** The first device of which nothing else is wrong than its disk. */
async function waive(seats: readonly Seat[]): Promise<void> {
  const wrong = ({ records }: SimulatedDevice) =>
    records.flatMap((record) => (record.kind === 'observation' && isWrong(record) ? [record.name] : []));
  const seat = seats.find(({ device }) => wrong(device).join() === 'diskEncryption');
  if (!seat) return;
  const until = new Date(today + 30 * day).toISOString();
  const reason = 'The disk is replaced after the exams; until then the device stays at school.';
  const target = { kind: 'device' as const, id: seat.id };
  await services.waivers.create({ check: 'disk-encrypted', target, reason, until }, helpdesk);
}

async function live(seats: readonly Seat[]): Promise<void> {
  const planned = await deeds(seats);
  for (let count = 0; count < length; count++) {
    for (const hours of [0, 5]) {
      await passUntil(Math.min(begin + count * day + hours * 3_600_000, today));
      if (hours === 0) for (const [, deed] of planned.filter(([on]) => on === count)) await deed();
      const there = isSchoolDay(clock.now()) ? seats.filter((seat) => !isAway(seat.seed, today - clock.now())) : [];
      for (const seat of there) await visit(seat);
      await settle();
    }
  }
  await passUntil(today);
  await settle();
}

const { rosters, lists, profiles, compliancePolicy, calendars, filterSettings } = services;
const policy = { lists, profiles, compliancePolicy, calendars, filterSettings };
await seedDistrict({ ...policy, rosters, people: stores.people, clock }, today);
const count = Math.min(200, Math.max(0, Number.parseInt(flags.count, 10) || 0));
await publishSchoolYear(server, count, today);
const seats = await enrolAll(count);
await settle();
await live(seats);
const holders = seats.map(({ id, personId }) => ({ deviceId: id, personId }));
await seedHelpdesk({ ...services, people: stores.people }, today, holders);
await services.events.add({
  ...{ actor, code: 'sample-past-made' },
  words: `The ${weeks} weeks before this were made up with the sample district: its devices are simulated, and so is their past.`,
});
await server.stop();
