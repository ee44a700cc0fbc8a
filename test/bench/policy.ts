import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readPolicy } from '../../server/profiles/policy.ts';
import { publishGroup } from '../../server/store/groups.ts';
import { publishProfile } from '../../server/store/profiles.ts';
import type { ChangedContent, ProfileContent } from '../../shared/api/schemas.ts';
import { diffSettings } from '../../shared/policy/diff.ts';
import { resolveDesiredState } from '../../shared/policy/resolve.ts';
import { ringsOf } from '../../shared/policy/rings.ts';
import { beginRollout, type RolloutState } from '../../shared/policy/rollout.ts';
import { type RolloutPlan, usualPlan } from '../../shared/policy/rollout-plan.ts';
import { FakeClock } from '../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../fakes/policy-district.ts';
import { bench } from './bench.ts';
import { reportEvidence } from './policy-evidence.ts';
import { fillDistrict, groupsOf, profiles } from './policy-fill.ts';
import { percentile, type Report } from './report.ts';

const rounds = 5;
const naiveSample = 1_000;
const floorName = 'rows from SQLite';
const said = { publishedAt: 1, by: 'bench', note: '' };

/** What a change of policy costs before and after it is published, at the size of a district. */
export const policy = bench({
  summary: 'policy of a district: previews of changes, counts of groups, publication at once and in four rings',
  sizes: { devices: { default: 6_000, words: 'devices in service, nine in ten with a student' } },
  async run({ devices }, report, scope) {
    const path = join(scope.folder('policy'), 'rollcall.db');
    await fillDistrict(path, devices);
    const district = await openPolicyDistrict(path, new FakeClock(Date.UTC(2026, 9, 5, 14)));
    scope.defer(() => district.close());
    const ids = await publishAll(district, devices);
    const { unheard } = await heard(politely, 1);
    report.figure('work of a millisecond at a time: longest unheard', unheard, 'ms');
    const { index, desired } = district;
    const taking = async (name: string, run: () => Promise<unknown>) =>
      await retained(name, devices, report, () => measured(name, report, async () => void (await run())));
    await taking('the index, read for the first time', () => index.all());
    await taking('first desired states of all', () => desired.start());
    const floor = await readingRows(district);
    await reportPreviews(district, ids, devices, floor, report);
    await reportCounts(district, devices, floor, report);
    await reportPublication(district, ids, floor, report);
    await reportRings(district, ids, floor, report);
    if (district.errors.length > 0) throw district.errors[0];
  },
});

type Ids = Record<string, string>;
type Publishing = Pick<PolicyDistrict['stores'], 'groups' | 'profiles'>;

/** Straight into the store: what a district has long since published. */
export async function publishAll(
  { db, stores, random }: Pick<PolicyDistrict, 'db' | 'random'> & { stores: Publishing },
  devices: number,
): Promise<Ids> {
  const ids: Ids = {};
  for (const [name, content] of Object.entries(groupsOf(devices))) {
    const id = random.uuid();
    ids[name] = id;
    await stores.groups.insert({ id, name, description: '', draft: content, createdAt: 1 });
    await db.transaction().execute((trx) => publishGroup(trx, id, { ...said, content }, 1));
  }
  for (const [name, content] of Object.entries(profiles)) {
    const id = random.uuid();
    ids[`profile ${name}`] = id;
    await stores.profiles.insert({ id, name, description: '', createdAt: 1 });
    await publish({ db }, id, content);
  }
  return ids;
}

async function publish({ db }: Pick<PolicyDistrict, 'db'>, id: string, content: ProfileContent): Promise<number> {
  return await db.transaction().execute((trx) => publishProfile(trx, id, { ...said, ...content }, 0));
}

/** What stays in memory of it afterwards. */
async function retained(name: string, devices: number, report: Report, run: () => Promise<void>): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = heap();
  await run();
  report.figure(`${name}: memory`, (heap() - before) / devices, 'bytes a device');
}

/** The floor: one row of each device with who has it and what it should hold, and nothing made of them. */
async function readingRows({ db }: PolicyDistrict): Promise<number> {
  const read = () =>
    db
      .selectFrom('device')
      .leftJoin('custody', (join) =>
        join.onRef('custody.device_id', '=', 'device.id').on('custody.ended_at', 'is', null),
      )
      .leftJoin('person', 'person.id', 'custody.person_id')
      .leftJoin('device_desired', 'device_desired.device_id', 'device.id')
      .select(['device.id', 'device.name', 'device.model', 'device.os_version', 'device.place', 'device.serial'])
      .select(['person.id as person', 'person.role', 'person.grade', 'person.org_id', 'device_desired.scope'])
      .execute();
  return await median(async () => void (await read()));
}

async function reportPreviews(
  { previews, ...district }: PolicyDistrict,
  ids: Ids,
  devices: number,
  floor: number,
  report: Report,
) {
  const touchingAll = changes(ids)['a broad change'];
  if (touchingAll)
    await retained(
      'a broad preview that is kept',
      devices,
      report,
      async () => void (await previews.of([touchingAll])),
    );
  report.note(`\nPreviews, the median of ${rounds}; “longest unheard”: ms in which the server looked at no socket.\n`);
  for (const [name, item] of Object.entries(changes(ids))) {
    let touched = 0;
    const { elapsed, unheard } = await heard(async () => {
      touched = (await previews.of([item])).preview.devices;
    });
    report.figure(`${name}: devices that change`, touched, '');
    report.compare(name, elapsed, 'ms', floorName, floor);
    report.figure(`${name}: longest unheard`, unheard, 'ms');
  }
  const broad = changes(ids)['a broad change'];
  if (broad) await reportNaive(district, broad, report);
}

/** Of every kind that people make: to everybody, to one class, and who is in a group. */
export function changes(ids: Ids): Record<string, ChangedContent> {
  const profile = (name: string, content: ProfileContent) =>
    ({ kind: 'profile', id: ids[`profile ${name}`] ?? '', content }) as const;
  const { settings, assignments } = profiles['District filter'] ?? { settings: {}, assignments: [] };
  return {
    'a broad change': profile('District filter', {
      settings: { webFilter: { ...settings.webFilter, blockedDomains: ['new.example'] } },
      assignments,
    }),
    'a narrow change': profile('Pilot of the new start page', {
      settings: { browser: { homePage: 'https://class.example/' } },
      assignments: [{ to: { kind: 'class', class: 'class-1-0' }, priority: 900 }],
    }),
    'an edit of a group': {
      ...{ kind: 'group', id: ids['Elementary students'] ?? '' },
      content: {
        kind: 'rule',
        selector: { kind: 'any', of: ['00', '01', '02'].map((grade) => ({ kind: 'grade', grade })) },
      },
    },
  };
}

/** The same question asked of each device by itself, of a sample. */
async function reportNaive(district: Omit<PolicyDistrict, 'previews'>, item: ChangedContent, report: Report) {
  const { index, stores, clock, sources } = district;
  const before = await readPolicy({ ...sources, stores }, clock.now());
  const after = before.with([{ ...item, name: 'District filter' }]);
  const all = await index.all();
  const sample = all.filter((_, i) => i % Math.ceil(all.length / naiveSample) === 0);
  const started = performance.now();
  for (const device of sample) {
    const [old, now] = [before, after].map((one) => {
      const { assignments, groups } = one.of(device.id);
      return resolveDesiredState({ subject: device.subject, assignments, groups, lastKnown: [] });
    });
    if (old && now) diffSettings(old.settings, now.settings);
  }
  const elapsed = ((performance.now() - started) * all.length) / sample.length;
  report.figure(`a broad change, device by device (from ${sample.length} of them)`, elapsed, 'ms');
}

async function reportCounts(district: PolicyDistrict, devices: number, floor: number, report: Report): Promise<void> {
  report.note('\nWhom groups and profiles reach, worked out anew.\n');
  const { reach } = district;
  const contents = Object.values(groupsOf(devices));
  const one = await median(async () => void (await reach.counts(contents.slice(0, 1))));
  report.compare('one group counted', one, 'ms', floorName, floor);
  const all = await median(async () => void (await reach.counts(contents)));
  report.compare(`${contents.length} groups counted`, all, 'ms', floorName, floor);
  const page = await median(async () => void (await reach.list({ kind: 'role', role: 'student' }, {})));
  report.compare('a page of whom a selector reaches', page, 'ms', floorName, floor);
}

async function reportPublication(district: PolicyDistrict, ids: Ids, floor: number, report: Report): Promise<void> {
  report.note('\nPublished to everybody at once: until every device has its new desired state.\n');
  const item = changes(ids)['a broad change'];
  if (item?.kind !== 'profile') return;
  const changed = district.hear('desired-changed');
  await publish(district, item.id, item.content);
  const used = process.cpuUsage();
  const { elapsed, unheard } = await heard(async () => {
    district.bus.publish('policy-changed', {});
    await district.desired.settled();
  }, 1);
  report.figure('devices with a new desired state', changed.flatMap(({ deviceIds }) => deviceIds).length, '');
  const { user, system } = process.cpuUsage(used);
  report.compare('publication', elapsed, 'ms', floorName, floor);
  report.figure('publication: processor time', (user + system) / 1_000, 'ms');
  report.figure('longest unheard', unheard, 'ms');
}

/** From the decision to open a ring until its devices have their desired state and are handed to the gateway. */
async function reportRings(district: PolicyDistrict, ids: Ids, floor: number, report: Report): Promise<void> {
  const { stores, clock, random, index, bus, desired } = district;
  const plan: RolloutPlan = {
    ...usualPlan,
    rings: [1, 10, 50, 100].map((percent) => ({ kind: 'percent', percent, soakHours: 4 })),
  };
  report.note(
    `\nIn rings of ${plan.rings.map((ring) => (ring.kind === 'percent' ? `${ring.percent} %` : '')).join(', ')}.\n`,
  );
  const id = ids['profile District filter'] ?? '';
  const { settings = {}, assignments = [] } = profiles['District filter'] ?? {};
  const all = await index.all();
  const places = all.map(({ id: device, subject: { custodian, model } }) => {
    return { id: device, school: custodian?.orgs[0] ?? null, model };
  });
  const begin = performance.now();
  const rings = ringsOf(plan, places, new Map());
  report.figure('devices spread over the rings', performance.now() - begin, 'ms');
  const from = (await stores.profiles.find(id))?.published?.number ?? null;
  const rolloutId = random.uuid();
  const items = [{ kind: 'profile' as const, id, from, to: (from ?? 0) + 1 }];
  const about = { id: rolloutId, kind: 'policy' as const, title: 'Bench', plan, by: 'bench', changeId: null, items };
  await stores.rollouts.insert({ ...about, startedAt: clock.now(), devices: rings });
  await publish(district, id, { settings: { webFilter: { ...settings.webFilter, safeSearch: false } }, assignments });
  const handed = district.hear('desired-changed');
  for (let ring = 1; ring <= plan.rings.length; ring++) {
    handed.length = 0;
    const next: RolloutState = ring === 1 ? beginRollout(clock.now()) : { kind: 'running', ring, since: clock.now() };
    const { elapsed, unheard } = await heard(async () => {
      const rollout = await stores.rollouts.find(rolloutId);
      if (rollout)
        await stores.rollouts.decide(rollout, next, { at: clock.now(), by: 'bench', words: '', evidence: {} });
      bus.publish('policy-changed', {});
      await desired.settled();
    }, 1);
    report.figure(`ring ${ring}: devices handed over`, handed.flatMap(({ deviceIds }) => deviceIds).length, '');
    report.compare(`ring ${ring}`, elapsed, 'ms', floorName, floor);
    report.figure(`ring ${ring}: longest unheard`, unheard, 'ms');
    if (ring === 3) await reportEvidence(district, rolloutId, heard, report);
    clock.advance(4 * 3_600_000);
  }
}

/** The floor of “longest unheard”: what is longer than a millisecond here, others on the machine have taken. */
async function politely(): Promise<void> {
  const end = performance.now() + 2_000;
  while (performance.now() < end) {
    const pause = performance.now() + 1;
    while (performance.now() < pause);
    await setImmediate();
  }
}

async function measured(name: string, report: Report, run: () => Promise<void>): Promise<void> {
  const used = process.cpuUsage();
  const { elapsed, unheard } = await heard(run, 1);
  const { user, system } = process.cpuUsage(used);
  report.figure(name, elapsed, 'ms');
  report.figure(`${name}: processor time`, (user + system) / 1_000, 'ms');
  report.figure(`${name}: longest unheard`, unheard, 'ms');
}

interface Heard {
  elapsed: number;
  unheard: number;
}

/** The median time, and for how long at most nothing else was looked at. */
async function heard(run: () => Promise<void>, times = rounds): Promise<Heard> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await setTimeout(5);
  const elapsed = await median(run, times);
  // What was blocked to the end is only seen once the loop goes round.
  await setTimeout(5);
  delay.disable();
  return { elapsed, unheard: delay.max / 1e6 };
}

async function median(run: () => Promise<void>, times = rounds): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < times; round++) {
    const started = performance.now();
    await run();
    taken.push(performance.now() - started);
  }
  return percentile(taken, 0.5);
}
