import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComplianceService } from '../../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../../server/compliance/judge.ts';
import { DistrictCompliancePolicy } from '../../../../server/compliance/policy.ts';
import { WaiverService } from '../../../../server/compliance/waivers.ts';
import { complianceViews } from '../../../../server/store/views/compliance.ts';
import type { ReportRecord } from '../../../../shared/protocol/messages.ts';
import { FakeClock } from '../../../fakes/clock.ts';
import { fixesByEveryInterval, timeByEveryVerdict } from '../../../fakes/measures-reference.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';
import { reportedBy } from '../../../fakes/reported.ts';
import { type Row, replayedVerdicts, storedIntervals } from '../../../fakes/verdict-replay.ts';
import { calendarIn } from '../../calendar/calendars.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 2, 2, 15);
const devices = ['a', 'b'] as const;
const people = ['ada', 'bob'] as const;
type Device = (typeof devices)[number];

type Event =
  | { does: 'say'; device: Device; firewall: string; disk: string }
  | { does: 'send'; device: Device; times: number }
  | { does: 'give'; device: Device; person: string }
  | { does: 'take'; device: Device }
  | { does: 'waive'; target: string; check: string | null; hours: number }
  | { does: 'endWaiver' }
  | { does: 'policy'; graceDays: number; diskCounts: boolean; firewall: 'critical' | 'major' }
  | { does: 'snow'; day: number }
  | { does: 'presence'; device: Device; connected: boolean }
  | { does: 'move'; person: (typeof people)[number]; org: string }
  | { does: 'owe'; person: (typeof people)[number]; hours: number }
  | { does: 'bring' }
  | { does: 'revoke' }
  | { does: 'restart'; hours: number }
  | { does: 'wait'; hours: number };

const device = fc.constantFrom(...devices);
const events = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        does: fc.constant('say' as const),
        device,
        firewall: fc.constantFrom('on', 'off', 'unknown'),
        disk: fc.constantFrom('encrypted', 'not-encrypted'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ does: fc.constant('send' as const), device, times: fc.integer({ min: 1, max: 2 }) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ does: fc.constant('give' as const), device, person: fc.constantFrom(...people) }),
    },
    fc.record({ does: fc.constant('take' as const), device }),
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('waive' as const),
        target: fc.constantFrom(...devices, ...people),
        check: fc.constantFrom(null, 'firewall-on'),
        hours: fc.integer({ min: 1, max: 100 }),
      }),
    },
    fc.record({ does: fc.constant('endWaiver' as const) }),
    fc.record({
      does: fc.constant('policy' as const),
      graceDays: fc.integer({ min: 0, max: 4 }),
      diskCounts: fc.boolean(),
      firewall: fc.constantFrom('critical' as const, 'major' as const),
    }),
    fc.record({ does: fc.constant('snow' as const), day: fc.integer({ min: 0, max: 20 }) }),
    { weight: 2, arbitrary: fc.record({ does: fc.constant('presence' as const), device, connected: fc.boolean() }) },
    fc.record({
      does: fc.constant('move' as const),
      person: fc.constantFrom(...people),
      org: fc.constantFrom('maple', 'oak'),
    }),
    fc.record({
      does: fc.constant('owe' as const),
      person: fc.constantFrom(...people),
      hours: fc.integer({ min: 1, max: 100 }),
    }),
    fc.record({ does: fc.constant('bring' as const) }),
    fc.record({ does: fc.constant('revoke' as const) }),
    fc.record({ does: fc.constant('restart' as const), hours: fc.integer({ min: 1, max: 300 }) }),
    { weight: 5, arbitrary: fc.record({ does: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 60 }) }) },
  ),
  { minLength: 5, maxLength: 40 },
);

/** A server that lives through events; devices keep what they see until they can send it. */
class Life {
  readonly district: PolicyDistrict;
  readonly #policy: DistrictCompliancePolicy;
  readonly #waivers: WaiverService;
  readonly #spools = new Map<Device, { records: ReportRecord[]; sequence: number }>();
  /** What each device saw of its firewall, at its own time: sent or not. */
  readonly sent = new Map<Device, { at: number; state: string }[]>();
  revokedAt: number | null = null;
  readonly moves = new Map<string, { from: number; orgId: string }[]>();
  #compliance: ComplianceService;

  private constructor(district: PolicyDistrict) {
    this.district = district;
    this.#policy = new DistrictCompliancePolicy(district);
    this.#waivers = new WaiverService({ ...district, onError: (error) => district.errors.push(error) });
    this.#compliance = this.#service();
  }

  static async begin(): Promise<Life> {
    const district = await openPolicyDistrict(':memory:', new FakeClock(start));
    await district.addOrg('maple', null);
    await district.addOrg('oak', null);
    for (const id of people) await district.addPerson({ id });
    await district.addDevices(devices);
    await district.stores.calendars.save(null, calendarIn('America/Chicago'), start);
    const life = new Life(district);
    for (const id of people) life.moves.set(id, [{ from: 0, orgId: 'maple' }]);
    await life.#waivers.start();
    await life.#compliance.start();
    await life.#compliance.settled();
    return life;
  }

  async live(all: readonly Event[]): Promise<void> {
    for (const event of all) {
      await this.#do(event);
      await this.#waivers.settled();
      await this.#compliance.settled();
    }
    expect(this.district.errors).toEqual([]);
  }

  async end(): Promise<void> {
    await this.#compliance.stop();
    await this.#waivers.stop();
    await this.district.close();
  }

  #service(): ComplianceService {
    const { stores, bus, clock, isConnected, errors } = this.district;
    const parameters = { ...complianceDefaults, silentAfterMs: 3 * day, oldestAgent: '1.0.0' };
    return new ComplianceService({ stores, bus, clock, isConnected, parameters, onError: (e) => errors.push(e) });
  }

  async #do(event: Event): Promise<void> {
    const { stores, bus, clock, random } = this.district;
    const now = clock.now();
    switch (event.does) {
      case 'wait':
        return clock.advance(event.hours * hour);
      case 'say': {
        const spool = this.#spool(event.device);
        const said = { diskEncryption: event.disk, firewall: event.firewall, localAdmins: 'not-admin' };
        for (const [name, state] of Object.entries(said))
          spool.records.push({ kind: 'observation', at: now, name, value: { state, evidence: 'x' } } as never);
        return;
      }
      case 'send':
        return await this.#send(event.device, event.times);
      case 'give':
        return await this.district.give(event.device, event.person);
      case 'take':
        if ((await stores.custody.openCustodyOfDevices([event.device])).has(event.device))
          await stores.custody.close(event.device, now, 'returned');
        return bus.publish('device-changed', { deviceIds: [event.device] });
      case 'waive': {
        const kind = event.target.length === 1 ? ('device' as const) : ('person' as const);
        const until = new Date(now + event.hours * hour).toISOString();
        const target = { kind, id: event.target };
        await this.#waivers.create({ check: event.check, target, reason: 'parts on order', until }, 'staff:Kim');
        return;
      }
      case 'endWaiver': {
        const [first] = (await this.#waivers.list({ inForce: true })).items;
        if (first) await this.#waivers.end(first.id, 'staff:Kim');
        return;
      }
      case 'policy': {
        const { version } = await this.#policy.read();
        const one = (check: string, counts: boolean, severity: 'critical' | 'major') => ({
          check,
          counts,
          graceDays: null,
          severity,
        });
        const checks = [one('firewall-on', true, event.firewall), one('disk-encrypted', event.diskCounts, 'major')];
        await this.#policy.save({ graceDays: event.graceDays, checks }, version, 'staff:Kim');
        return;
      }
      case 'snow': {
        const date = new Date(start + event.day * day).toISOString().slice(0, 10);
        const before = (await stores.calendars.list())[0]?.calendar ?? calendarIn('America/Chicago');
        const exceptions = [
          ...before.exceptions.filter((one) => one.date !== date),
          { date, title: 'Snow', bells: null },
        ];
        await stores.calendars.save(null, { ...before, exceptions }, now);
        return bus.publish('calendars-changed', {});
      }
      case 'presence': {
        const { connected } = this.district;
        if (event.connected) connected.add(event.device);
        else if (connected.delete(event.device))
          await this.district.db
            .updateTable('device')
            .set({ last_seen_at: now })
            .where('id', '=', event.device)
            .execute();
        return bus.publish('presence-changed', { deviceIds: [event.device], connected: event.connected });
      }
      case 'move': {
        await this.district.db
          .updateTable('person')
          .set({ org_id: event.org })
          .where('id', '=', event.person)
          .execute();
        this.moves.get(event.person)?.push({ from: now, orgId: event.org });
        return bus.publish('roster-changed', {});
      }
      case 'owe': {
        const about = { id: random.uuid(), kind: 'agreement' as const, title: 'Agreement', deviceId: null };
        const dueAt = now + event.hours * hour;
        await stores.obligations.insert([{ ...about, personId: event.person, from: now, dueAt, by: 'staff:Kim' }]);
        return bus.publish('obligations-changed', { personIds: [event.person] });
      }
      case 'bring': {
        const [first] = await stores.obligations.open();
        if (!first) return;
        await stores.obligations.end([first.id], { outcome: 'met', by: 'staff:Kim', at: now });
        return bus.publish('obligations-changed', { personIds: [first.personId] });
      }
      case 'revoke':
        this.revokedAt ??= now;
        await this.district.db.updateTable('device').set({ status: 'revoked' }).where('id', '=', 'b').execute();
        return bus.publish('device-revoked', { deviceId: 'b' });
      case 'restart': {
        await this.#compliance.stop();
        for (const id of this.district.connected)
          await this.district.db.updateTable('device').set({ last_seen_at: now }).where('id', '=', id).execute();
        this.district.connected.clear();
        clock.advance(event.hours * hour);
        this.#compliance = this.#service();
        await this.#compliance.start();
        return await this.#compliance.settled();
      }
    }
  }

  async #send(id: Device, times: number): Promise<void> {
    const { stores, bus, clock } = this.district;
    const spool = this.#spool(id);
    if (spool.records.length === 0) return;
    spool.sequence += 1;
    const records = spool.records.splice(0);
    if (id === 'b' && this.revokedAt !== null) return;
    for (const record of records)
      if (record.kind === 'observation' && record.name === 'firewall')
        this.sent.set(id, [
          ...(this.sent.get(id) ?? []),
          { at: record.at, state: (record.value as { state: string }).state },
        ]);
    for (let i = 0; i < times; i += 1) {
      await stores.reports.commit([{ deviceId: id, epoch: 'e', sequence: spool.sequence, records }], clock.now());
      bus.publish('reported', reportedBy(id, ['observation']));
    }
  }

  #spool(id: Device) {
    const spool = this.#spools.get(id) ?? { records: [], sequence: 0 };
    this.#spools.set(id, spool);
    return spool;
  }
}

const verdictsOf = (rows: readonly Row[]) => sorted(rows.filter(({ what }) => /^(device|person) /.test(what)));
const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();

/** A person who holds nothing and is late with nothing is not judged; who holds a device in service always is. */
async function expectNoGap(rows: readonly Row[], { revokedAt, district }: Life): Promise<void> {
  const custody = await district.db.selectFrom('custody').selectAll().execute();
  const holds = (person: string, at: number) =>
    custody.some(
      ({ person_id, device_id, starts_at, ended_at }) =>
        person === `person ${person_id}` &&
        starts_at <= at &&
        at < (ended_at ?? Number.POSITIVE_INFINITY) &&
        (device_id !== 'b' || at < (revokedAt ?? Number.POSITIVE_INFINITY)),
    );
  for (const [what, own] of Map.groupBy(rows, (row) => row.what))
    for (const [i, row] of own.entries()) {
      const end = /^(device b$|b )/.test(what) ? revokedAt : null;
      const next = own[i + 1]?.from ?? end;
      const isGap = what.startsWith('person ') && row.to !== next;
      if (row.to !== null) expect(row.to).toBeGreaterThan(row.from);
      if (!isGap) expect([what, row.to]).toEqual([what, next]);
      else
        expect([what, row.to !== null && (next === null || row.to < next), holds(what, row.to ?? 0)]).toEqual([
          what,
          true,
          false,
        ]);
    }
}

describe('verdicts over random lives of a district', { timeout: 120_000 }, () => {
  it('are whole, are what a replay from scratch gives, and are counted by day', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const life = await Life.begin();
        await life.live(all);
        const rows = await storedIntervals(life.district.db);
        await expectNoGap(rows, life);
        expect(verdictsOf(rows)).toEqual(sorted(await replayedVerdicts(life.district, life.moves)));
        expectFirewalls(rows, life);
        await expectCounts(life.district, rows);
        await expectMeasures(life.district, rows);
        expect(await life.district.db.selectFrom('judgement_input').selectAll().execute()).toEqual([]);
        await life.end();
      }),
      { numRuns: 60 },
    );
  });

  it('do not depend on duplicates, nor on what independent devices do between', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const [one, other] = [await Life.begin(), await Life.begin()];
        await one.live(all.map((event) => (event.does === 'send' ? { ...event, times: 1 } : event)));
        await other.live(reordered(all).map((event) => (event.does === 'send' ? { ...event, times: 3 } : event)));
        const [first, second] = [await storedIntervals(one.district.db), await storedIntervals(other.district.db)];
        const nameless = (rows: readonly Row[]) =>
          sorted(rows.map((row) => ({ ...row, custodyId: row.custodyId && 'held' })));
        expect(nameless(second)).toEqual(nameless(first));
        await one.end();
        await other.end();
      }),
      { numRuns: 20 },
    );
  });
});

/** What both devices do at one instant, the other way round. */
function reordered(all: readonly Event[]): Event[] {
  const result: Event[] = [];
  for (const event of all) {
    const last = result.at(-1);
    const swaps = last && 'device' in last && 'device' in event && last.device !== event.device;
    const isOwn = (one: Event) => one.does === 'say' || one.does === 'send' || one.does === 'presence';
    if (swaps && isOwn(last) && isOwn(event)) result.splice(-1, 0, event);
    else result.push(event);
  }
  return result;
}

/** The check says of each moment what the device saw then, whenever it told. */
function expectFirewalls(rows: readonly Row[], { sent }: Life): void {
  const said: Record<string, string> = { on: 'pass', off: 'fail', unknown: 'unknown' };
  for (const id of devices) {
    const own = rows.filter(({ what }) => what === `${id} firewall-on`);
    for (const { from, to, state } of own)
      for (const at of [from, to === null ? from : to - 1]) {
        const seen = sent.get(id)?.findLast((one) => one.at <= at);
        expect([id, at, state]).toEqual([id, at, seen ? said[seen.state] : 'unknown']);
      }
  }
}

const measured = ['firewall-on', 'disk-encrypted', 'agent-current'];

/** Sums that are kept and a walk along everything that is stored say the same of spans that begin and end anywhere. */
async function expectMeasures({ db, clock }: PolicyDistrict, rows: readonly Row[]): Promise<void> {
  const { sums } = complianceViews(db);
  const units = [...new Set(rows.map(({ orgId }) => orgId))];
  const moments = [start - day, ...rows.map(({ from }) => from), ...rows.map(({ from }) => from + hour), clock.now()];
  const some = [...new Set(moments)].sort((a, b) => a - b).filter((_, n, all) => n % Math.ceil(all.length / 6) === 0);
  for (const from of some)
    for (const to of [...some, clock.now()].filter((one) => one > from)) {
      const span = { from, to };
      for (const org of [undefined, ...units]) {
        const time = await sums.timeInStates(span, org === undefined ? undefined : [org]);
        const spent = Object.entries(time).filter(([, ms]) => ms !== 0);
        expect(Object.fromEntries(spent)).toEqual(await timeByEveryVerdict(db, span, org));
      }
      const { fixed, open, ms } = await sums.failures(measured, span);
      const slow = await fixesByEveryInterval(db, span, measured);
      expect({ fixed, open, hours: Math.round(ms / hour) }).toEqual({ ...slow, hours: Math.round(slow.hours) });
      const byUnit = await Promise.all(units.map((unit) => sums.failures(measured, span, [unit])));
      const total = (of: 'fixed' | 'open' | 'ms') => byUnit.reduce((sum, one) => sum + one[of], 0);
      expect([total('fixed'), total('open'), total('ms')]).toEqual([fixed, open, ms]);
    }
}

async function expectCounts({ db }: PolicyDistrict, rows: readonly Row[]): Promise<void> {
  const subjectOf = ({ what }: Row) => (/^(device|person) /.test(what) ? what.split(' ')[0] : what.split(' ')[1]);
  const dayOf = (at: number) => Math.floor(at / day);
  const changes = await db.selectFrom('compliance_change').selectAll().execute();
  const last = Math.max(...changes.map((change) => change.day));
  const count = (add: (key: string, n: number) => void, at: number) => {
    for (const row of rows)
      if (dayOf(row.from) <= at && (row.to === null || dayOf(row.to) > at))
        add(`${row.orgId} ${subjectOf(row)} ${row.state}`, 1);
  };
  for (let at = dayOf(start); at <= last; at += 1) {
    const [open, summed] = [new Map<string, number>(), new Map<string, number>()];
    const adder = (sums: Map<string, number>) => (key: string, n: number) => sums.set(key, (sums.get(key) ?? 0) + n);
    count(adder(open), at);
    for (const one of changes)
      if (one.day <= at) adder(summed)(`${one.org_id} ${one.subject} ${one.state}`, one.change);
    for (const [key, n] of summed) if (n === 0) summed.delete(key);
    expect(Object.fromEntries([...summed].sort())).toEqual(Object.fromEntries([...open].sort()));
  }
}
