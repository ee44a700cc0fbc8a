import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewEventRow } from '../../server/store/event-chain.ts';
import { EventStore } from '../../server/store/events.ts';
import { compliancePolicyDefaults } from '../../shared/compliance/policy.ts';
import { type FindingStatus, findingStatuses, verdictStates } from '../../shared/compliance/verdict.ts';
import { addCheck, addCustody, addUnit, addVerdict } from '../fakes/compliance-rows.ts';
import { openHistoryDesk } from '../fakes/history-desk.ts';
import { addDevice, addPerson } from '../fakes/rows.ts';

const day = 86_400_000;
const hour = 3_600_000;
/** Midnight, UTC. */
const start = Date.UTC(2026, 8, 1);
const iso = (at: number) => new Date(at).toISOString();

let desk: Awaited<ReturnType<typeof openHistoryDesk>>;
beforeEach(async () => {
  desk = await openHistoryDesk(start + 30 * day);
});
afterEach(async () => {
  await desk.close();
});

/** One laptop at Oak that fails from the 5th to the 8th, held by Ann until the 7th and by Bo since. */
async function tellStory() {
  const { db } = desk;
  await addUnit(db, 'district');
  await addUnit(db, 'oak', 'district');
  await addUnit(db, 'elm', 'district');
  for (const id of ['ann', 'bo']) await addPerson(db, id, { org_id: 'oak', given_name: id });
  await addDevice(db, 'd1', { enrolled_at: start });
  const ann = await addCustody(db, ['d1', 'ann'], [start, start + 7 * day]);
  const bo = await addCustody(db, ['d1', 'bo'], [start + 7 * day, null]);
  const check = ['d1', 'firewall-on'] as const;
  await addCheck(db, check, 'pass', [start, start + 5 * day], { org: 'oak', custody: ann });
  await addCheck(db, check, 'fail', [start + 5 * day, start + 7 * day], { org: 'oak', custody: ann, seen: 'off' });
  await addCheck(db, check, 'fail', [start + 7 * day, start + 8 * day], { org: 'oak', custody: bo, seen: 'off' });
  await addCheck(db, check, 'pass', [start + 8 * day, null], { org: 'oak', custody: bo });
  const device = ['device', 'd1'] as const;
  const off = { org: 'oak', reasons: ['Firewall: off'] };
  await addVerdict(db, device, 'compliant', [start, start + 5 * day], { org: 'oak', custody: ann });
  await addVerdict(db, device, 'noncompliant', [start + 5 * day, start + 7 * day], { ...off, custody: ann });
  await addVerdict(db, device, 'noncompliant', [start + 7 * day, start + 8 * day], { ...off, custody: bo });
  await addVerdict(db, device, 'compliant', [start + 8 * day, null], { org: 'oak', custody: bo });
  await addVerdict(db, ['person', 'ann'], 'compliant', [start, start + 5 * day], { org: 'oak' });
  await addVerdict(db, ['person', 'ann'], 'noncompliant', [start + 5 * day, start + 7 * day], off);
  await addVerdict(db, ['person', 'ann'], 'unknown', [start + 7 * day, null], { org: 'oak' });
  await addVerdict(db, ['person', 'bo'], 'noncompliant', [start + 7 * day, start + 8 * day], off);
  await addVerdict(db, ['person', 'bo'], 'compliant', [start + 8 * day, null], { org: 'oak' });
}

describe('the map of compliance', () => {
  it('shows every unit and check as they stood at an instant, in the middle of a day too', async () => {
    await tellStory();
    const during = await desk.history.map({ at: iso(start + 5 * day + 1) });
    expect(during).toMatchObject({
      at: iso(start + 5 * day + 1),
      since: iso(start),
      people: { noncompliant: 1, compliant: 0 },
      devices: { noncompliant: 1 },
      checks: [{ check: 'firewall-on', title: 'Firewall', counts: true }],
      units: [{ orgId: 'oak', name: 'School oak', checks: { 'firewall-on': { fail: 1, pass: 0 } } }],
    });
    const before = await desk.history.map({ at: iso(start + 5 * day - 1) });
    expect(before).toMatchObject({ people: { noncompliant: 0, compliant: 1 }, devices: { compliant: 1 } });
    const now = await desk.history.map({});
    expect(now).toMatchObject({ at: iso(start + 30 * day), people: { compliant: 1, unknown: 1 } });
  });

  it('counts an interval from its beginning on, and no more at its end', async () => {
    await tellStory();
    expect((await desk.history.map({ at: iso(start + 8 * day) })).devices).toMatchObject({
      compliant: 1,
      noncompliant: 0,
    });
    expect((await desk.history.map({ at: iso(start) })).devices).toMatchObject({ compliant: 1 });
  });

  it('keeps to a unit and those below it, and puts the worst first', async () => {
    await tellStory();
    await addVerdict(desk.db, ['person', 'cy'], 'noncompliant', [start, null], { org: 'elm' });
    await addVerdict(desk.db, ['device', 'd2'], 'silent', [start, null]);
    const all = await desk.history.map({ org: 'district' });
    expect(all.units.map(({ orgId }) => orgId)).toEqual(['elm', 'oak']);
    expect((await desk.history.map({ org: 'oak' })).people).toMatchObject({ noncompliant: 0, compliant: 1 });
    const everywhere = await desk.history.map({});
    expect(everywhere.units.find(({ orgId }) => orgId === '')).toMatchObject({
      name: 'Without a unit',
      devices: { silent: 1 },
    });
  });

  it('weighs checks by the policy of that instant', async () => {
    await tellStory();
    const content = JSON.stringify({
      graceDays: 5,
      checks: [{ check: 'firewall-on', counts: false, graceDays: null, severity: null }],
    });
    const revision = { version: 1, content, from_at: start + 10 * day, by_actor: 'staff:Ada' };
    await desk.db.insertInto('compliance_policy_revision').values(revision).execute();
    const counts = async (at: number) => (await desk.history.map({ at: iso(at) })).checks[0]?.counts;
    expect(await counts(start + 9 * day)).toBe(true);
    expect(await counts(start + 11 * day)).toBe(false);
  });
});

describe('the trend', () => {
  it('gives a figure for every day, today as it is now', async () => {
    await tellStory();
    const { days } = await desk.history.trend({
      from: iso(start + 3 * day),
      to: iso(start + 8 * day),
      of: 'firewall-on',
    });
    expect(days.map(({ day, counts }) => [day, counts.pass, counts.fail])).toEqual([
      ['2026-09-04', 1, 0],
      ['2026-09-05', 1, 0],
      ['2026-09-06', 0, 1],
      ['2026-09-07', 0, 1],
      ['2026-09-08', 0, 1],
      ['2026-09-09', 1, 0],
    ]);
    const people = await desk.history.trend({ from: iso(start + 29 * day) });
    expect(people).toMatchObject({
      of: 'people',
      days: [{}, { day: '2026-10-01', counts: { compliant: 1, unknown: 1 } }],
    });
  });
});

describe('measures', () => {
  it('say how long people complied, and how long a failure lasted although the device changed hands', async () => {
    await tellStory();
    const span = { from: iso(start), to: iso(start + 10 * day) };
    const measures = await desk.history.measures(span);
    // Ann stood well for 5 of 7 days, Bo for 2 of 3.
    expect(measures.timeInCompliance).toBeCloseTo(7 / 10);
    expect(measures).toMatchObject({ fixed: 1, open: 0, meanHoursToFix: 72 });
    expect(await desk.history.measures({ ...span, to: iso(start + 7.5 * day) })).toMatchObject({
      fixed: 0,
      open: 1,
      meanHoursToFix: null,
    });
    expect(await desk.history.measures({ ...span, org: 'elm' })).toMatchObject({ timeInCompliance: null, fixed: 0 });
    expect((await desk.history.ofDevice('d1', span)).measures).toMatchObject({
      timeInCompliance: 0.7,
      fixed: 1,
      meanHoursToFix: 72,
    });
  });

  it('go on with a failure while nothing is known, and forget one that no longer applies', async () => {
    await tellStory();
    const add = (check: string, status: FindingStatus, from: number, to: number | null) =>
      addCheck(desk.db, ['d1', check], status, [start + from * hour, to === null ? null : start + to * hour], {
        org: 'oak',
      });
    await add('disk-encrypted', 'fail', 0, 10);
    await add('disk-encrypted', 'unknown', 10, 20);
    await add('disk-encrypted', 'fail', 20, 30);
    await add('disk-encrypted', 'pass', 30, null);
    await add('filter-measured', 'fail', 0, 10);
    await add('filter-measured', 'not-applicable', 10, null);
    const span = { from: iso(start), to: iso(start + 2 * day) };
    const expected = { fixed: 1, open: 0, meanHoursToFix: 30 };
    expect(await desk.history.measures(span)).toMatchObject(expected);
    expect((await desk.history.ofDevice('d1', span)).measures).toMatchObject(expected);
  });
});

describe('the devices under a check', () => {
  it('come those that fail longest first, page by page, with who held them then', async () => {
    await tellStory();
    for (const [id, hours] of [
      ['d2', 3],
      ['d3', 1],
      ['d4', 2],
    ] as const) {
      await addDevice(desk.db, id);
      await addCheck(desk.db, [id, 'firewall-on'], 'fail', [start + hours * hour, null], { org: 'elm', seen: 'off' });
    }
    const at = iso(start + 6 * day);
    const first = await desk.history.checkSubjects('firewall-on', { at, limit: 3 });
    expect(first.total).toBe(4);
    expect(first.items.map(({ device }) => device.id)).toEqual(['d3', 'd4', 'd2']);
    const second = await desk.history.checkSubjects('firewall-on', {
      at,
      limit: 3,
      ...(first.nextCursor && { cursor: first.nextCursor }),
    });
    expect(second).toMatchObject({
      nextCursor: null,
      items: [
        {
          device: { id: 'd1', name: 'device-d1' },
          person: { id: 'ann' },
          orgName: 'School oak',
          status: 'fail',
          seen: 'off',
          since: iso(start + 5 * day),
        },
      ],
    });
    const passing = await desk.history.checkSubjects('firewall-on', { status: 'pass' });
    expect(passing).toMatchObject({ total: 1, items: [{ device: { id: 'd1' }, person: { id: 'bo' } }] });
    expect((await desk.history.checkSubjects('firewall-on', { org: 'oak', at })).total).toBe(1);
  });

  it('goes on from failing to passing devices across pages and loses none', async () => {
    for (let n = 0; n < 7; n++) {
      await addDevice(desk.db, `d${n}`);
      await addVerdict(desk.db, ['device', `d${n}`], 'unknown', [start, null]);
      await addCheck(desk.db, [`d${n}`, 'disk-space'], findingStatuses[n % 4] ?? 'pass', [start + n, null]);
    }
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await desk.history.checkSubjects('disk-space', { limit: 2, ...(cursor && { cursor }) });
      expect(page.total).toBe(7);
      seen.push(...page.items.map(({ status }) => status));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['fail', 'fail', 'unknown', 'not-applicable', 'not-applicable', 'pass', 'pass']);
  });
});

async function tell(rows: readonly NewEventRow[]): Promise<void> {
  for (const row of rows) await new EventStore(desk.db).add(row);
}

describe('the history of one device and one person', () => {
  it('shows a device’s verdicts, checks, custody and marks, newest first', async () => {
    await tellStory();
    const event = { actor: 'staff:Ada', subject_kind: 'device', subject_id: 'd1' };
    await tell([
      { ...event, at: start + 6 * day, code: 'waiver-made', words: 'Waiver of “Firewall” for this device.' },
      { ...event, at: start + 6 * day, code: 'tags-changed', words: 'Not about compliance.' },
    ]);
    const history = await desk.history.ofDevice('d1', { from: iso(start + 6 * day), to: iso(start + 9 * day) });
    expect(history.verdicts.map(({ state, from }) => [state, from])).toEqual([
      ['compliant', iso(start + 8 * day)],
      ['noncompliant', iso(start + 7 * day)],
      ['noncompliant', iso(start + 5 * day)],
    ]);
    expect(history.checks[0]).toMatchObject({ check: 'firewall-on', title: 'Firewall', status: 'pass', to: null });
    expect(history.custody.map(({ person }) => person.id)).toEqual(['bo', 'ann']);
    expect(history.marks).toEqual([
      {
        at: iso(start + 6 * day),
        code: 'waiver-made',
        words: 'Waiver of “Firewall” for this device.',
        by: 'staff:Ada',
      },
    ]);
  });

  it('marks how a restriction and a debt begin, not only how they end', async () => {
    await tellStory();
    const at = start + 6 * day;
    const codes = ['device-restricted', 'restriction-lifted', 'restriction-moved'];
    const owed = ['obligations-made', 'obligation-met', 'obligation-cancelled'];
    const told = (kind: string, id: string, all: readonly string[]) =>
      all.map((code) => ({ actor: 'server', subject_kind: kind, subject_id: id, at, code, words: code }));
    await tell([...told('device', 'd1', codes), ...told('person', 'ann', owed)]);
    const span = { from: iso(at), to: iso(at + day) };
    const { marks } = await desk.history.ofPerson('ann', span);
    expect(marks.map(({ code }) => code).sort()).toEqual([...codes, ...owed].sort());
    const ofDevice = (await desk.history.ofDevice('d1', span)).marks;
    expect(ofDevice.map(({ code }) => code)).toEqual(expect.arrayContaining([...codes, ...owed]));
  });

  it('shows of a device only the time a person held it, though the interval goes on', async () => {
    await tellStory();
    await addCheck(desk.db, ['d1', 'disk-encrypted'], 'fail', [start + 2 * day, null], { org: 'oak' });
    const ann = await desk.history.ofPerson('ann', { from: iso(start) });
    expect(ann.devices).toHaveLength(1);
    expect(ann.devices[0]).toMatchObject({ device: { id: 'd1' }, from: iso(start), to: iso(start + 7 * day) });
    expect(ann.devices[0]?.checks.find(({ check }) => check === 'disk-encrypted')).toMatchObject({
      from: iso(start + 2 * day),
      to: iso(start + 7 * day),
    });
    expect(ann.devices[0]?.verdicts.map(({ state }) => state)).toEqual(['noncompliant', 'compliant']);
    const bo = await desk.history.ofPerson('bo', { from: iso(start) });
    expect(bo.devices[0]?.verdicts.map(({ state, from }) => [state, from])).toEqual([
      ['compliant', iso(start + 8 * day)],
      ['noncompliant', iso(start + 7 * day)],
    ]);
    expect(bo.measures).toMatchObject({ fixed: 1, open: 1 });
  });

  it('marks a new revision of the policy', async () => {
    await tellStory();
    const revision = {
      version: 3,
      content: JSON.stringify(compliancePolicyDefaults),
      from_at: start + day,
      by_actor: 'staff:Ada',
    };
    await desk.db.insertInto('compliance_policy_revision').values(revision).execute();
    const { marks } = await desk.history.ofPerson('ann', { from: iso(start), to: iso(start + 2 * day) });
    expect(marks).toMatchObject([{ code: 'compliance-policy-saved', by: 'staff:Ada', at: iso(start + day) }]);
  });
});

describe('the library of checks', () => {
  it('gives each check’s parameters as JSON Schema, the district’s demand and how many stand where', async () => {
    await tellStory();
    const rules = [
      {
        check: 'disk-space',
        counts: true,
        graceDays: 3,
        severity: 'major',
        parameters: { leastFreePercent: 20 },
        binds: [{ kind: 'org', org: 'src-oak' }],
      },
    ];
    await desk.stores.documents.save('compliance-policy', { graceDays: 5, checks: rules }, 0, start);
    const items = await desk.history.checks();
    expect(items.find(({ check }) => check === 'disk-space')).toMatchObject({
      parameters: { type: 'object', properties: { leastFreePercent: { type: 'number', minimum: 0 } } },
      defaults: { leastFreePercent: 5 },
      demand: {
        counts: true,
        severity: 'major',
        graceDays: 3,
        parameters: { leastFreePercent: 20 },
        binds: 'School oak and below',
      },
    });
    expect(items.find(({ check }) => check === 'firewall-on')?.counts).toEqual({
      pass: 1,
      fail: 0,
      'not-applicable': 0,
      unknown: 0,
    });
    expect(items.find(({ check }) => check === 'agent-current')?.demand.parameters).toEqual({ oldest: '1.2.0' });
    expect(items.find(({ check }) => check === 'firewall-on')?.demand.binds).toBeNull();
  });
});

describe('what cannot be answered', () => {
  const at = (days: number) => iso(start + days * day);
  it.each<[string, () => Promise<unknown>, string, RegExp]>([
    [
      'an instant that cannot be read',
      () => desk.history.map({ at: 'yesterday' }),
      'bad-request',
      /“at” is no instant/,
    ],
    ['a day there is not', () => desk.history.map({ at: '2026-02-30T00:00:00Z' }), 'bad-request', /no instant/],
    ['an instant in the future', () => desk.history.map({ at: at(31) }), 'bad-request', /future/],
    [
      'an instant before anything is known',
      () => desk.history.map({ at: at(-1) }),
      'bad-request',
      /begin on 1 September 2026 at 00:00 UTC/,
    ],
    ['a unit there is not', () => desk.history.map({ org: 'ash' }), 'not-found', /unit/],
    [
      'a span that ends before it begins',
      () => desk.history.trend({ from: at(5), to: at(4) }),
      'bad-request',
      /before it begins/,
    ],
    [
      'a span of more than two years',
      () => desk.history.measures({ from: at(-800), to: at(5) }),
      'bad-request',
      /two years/,
    ],
    [
      'a span that ends in the future',
      () => desk.history.measures({ to: at(31) }),
      'bad-request',
      /“to” lies in the future/,
    ],
    [
      'a span that cannot be read',
      () => desk.history.ofPerson('ann', { from: '1st' }),
      'bad-request',
      /“from” is no instant/,
    ],
    ['a trend of a check there is not', () => desk.history.trend({ of: 'horoscope' }), 'not-found', /check/],
    ['devices under a check there is not', () => desk.history.checkSubjects('device', {}), 'not-found', /check/],
    ['a cursor of nowhere', () => desk.history.checkSubjects('firewall-on', { cursor: '%%' }), 'bad-request', /cursor/],
    ['a device there is not', () => desk.history.ofDevice('d9', {}), 'not-found', /device/],
    ['a person there is not', () => desk.history.ofPerson('zed', {}), 'not-found', /person/],
    [
      'a preview of a check there is not',
      () =>
        desk.history.preview({ graceDays: 1, checks: [{ check: 'x', counts: true, graceDays: null, severity: null }] }),
      'bad-compliance-policy',
      /problems/,
    ],
  ])('is refused with the reason: %s', async (_, ask, code, words) => {
    await tellStory();
    await expect(ask()).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
  });

  it('is the past where nothing was ever judged; the present is empty', async () => {
    await expect(desk.history.map({ at: at(1) })).rejects.toMatchObject({ code: 'bad-request' });
    expect(await desk.history.map({})).toMatchObject({ since: null, units: [], checks: [] });
    expect(await desk.history.measures({})).toMatchObject({ timeInCompliance: null, fixed: 0, open: 0 });
  });
});

it('counts at any instant what a look at every interval counts', async () => {
  const interval = fc.record({
    org: fc.constantFrom('', 'oak', 'elm'),
    state: fc.nat({ max: 3 }),
    from: fc.integer({ min: 0, max: 4 * 24 }),
    length: fc.option(fc.integer({ min: 1, max: 3 * 24 }), { nil: null }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(interval, { minLength: 1, maxLength: 20 }),
      fc.nat({ max: 5 * 24 }),
      async (all, hours) => {
        const own = await openHistoryDesk(start + 30 * day);
        await addUnit(own.db, 'oak');
        const spans = all.map(({ from, length, ...rest }, n) => {
          const begin = start + from * hour;
          return { ...rest, id: `d${n}`, from: begin, to: length === null ? null : begin + length * hour };
        });
        for (const { id, org, state, from, to } of spans) {
          await addVerdict(own.db, ['device', id], verdictStates[state] ?? 'unknown', [from, to], { org });
          await addCheck(own.db, [id, 'firewall-on'], findingStatuses[state] ?? 'pass', [from, to], { org });
        }
        const at = Math.max(start + hours * hour, ...[Math.min(...spans.map(({ from }) => from))]);
        const openThen = (org?: string) =>
          spans.filter((one) => one.from <= at && (one.to === null || one.to > at) && (!org || one.org === org));
        const map = await own.history.map({ at: iso(at) });
        for (const [n, state] of verdictStates.slice(0, 4).entries())
          expect(map.devices[state]).toBe(openThen().filter((one) => one.state === n).length);
        const oak = await own.history.map({ at: iso(at), org: 'oak' });
        expect(oak.devices.compliant).toBe(openThen('oak').filter(({ state }) => state === 0).length);
        const page = await own.history.checkSubjects('firewall-on', { at: iso(at), limit: 200 });
        expect(page.items).toHaveLength(openThen().length);
        expect(page.total).toBe(openThen().length);
        await own.close();
      },
    ),
    { numRuns: 30 },
  );
});
