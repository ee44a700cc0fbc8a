import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ComplianceService } from '../../../server/compliance/compliance-service.ts';
import { complianceDefaults } from '../../../server/compliance/judge.ts';
import { WaiverService } from '../../../server/compliance/waivers.ts';
import { CustodyService } from '../../../server/people/custodies.ts';
import type { ReportRecord } from '../../../shared/protocol/messages.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../fakes/policy-district.ts';
import { reportedBy } from '../../fakes/reported.ts';
import { storedIntervals } from '../../fakes/verdict-replay.ts';
import { at } from '../../unit/calendar/calendars.ts';

const hour = 3_600_000;
const day = 24 * hour;
const eight = at('2026-10-05T08:00Z');

/** A waiver, a change of hands and a late report each move exactly the intervals they should, and the events say who did it. */
describe('what moves intervals', () => {
  let folder: string;
  let district: PolicyDistrict;
  let compliance: ComplianceService;
  let sequence: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-late-'));
    sequence = 0;
    await open(new FakeClock(eight));
    await district.addOrg('maple', null);
    for (const id of ['ada', 'bob']) await district.addPerson({ id });
    await district.addDevices(['a', 'b']);
    await compliance.start();
    await compliance.settled();
    for (const id of ['a', 'b'])
      await send(
        id,
        observed('diskEncryption', 'encrypted'),
        observed('firewall', 'on'),
        observed('localAdmins', 'not-admin'),
      );
    await give('a', 'ada');
    await give('b', 'bob');
  });
  afterEach(async () => {
    await compliance.stop();
    expect(district.errors).toEqual([]);
    await district.close();
    await rm(folder, { recursive: true });
  });

  const open = async (clock: FakeClock) => {
    district = await openPolicyDistrict(join(folder, 'store.db'), clock);
    compliance = service();
  };
  const service = () => {
    const { stores, bus, clock, isConnected, errors } = district;
    const parameters = { ...complianceDefaults, oldestAgent: '1.0.0' };
    return new ComplianceService({ stores, bus, clock, isConnected, parameters, onError: (e) => errors.push(e) });
  };
  const observed = (name: string, state: string, when = district.clock.now()) =>
    ({ kind: 'observation', at: when, name, value: { state, evidence: 'seen' } }) as ReportRecord;
  const commit = async (id: string, records: ReportRecord[]) => {
    sequence += 1;
    const [outcome] = await district.stores.reports.commit(
      [{ deviceId: id, epoch: 'e', sequence, records }],
      district.clock.now(),
    );
    expect(outcome?.kind).toBe('committed');
  };
  const send = async (id: string, ...records: ReportRecord[]) => {
    await commit(id, records);
    district.bus.publish('reported', reportedBy(id, ['observation']));
    await compliance.settled();
  };
  const custodies = () => new CustodyService({ store: district.stores.custody, ...district });
  const give = async (id: string, person: string) => {
    await custodies().open(id, person, 'loan', 'staff:Kim');
    await compliance.settled();
  };
  const pass = async (ms: number) => {
    district.clock.advance(ms);
    await compliance.settled();
  };
  const time = (moment: number | null) => (moment === null ? '' : new Date(moment).toISOString().slice(8, 16));
  const history = async (what: string) =>
    (await storedIntervals(district.db))
      .filter((row) => row.what === what && row.from !== row.to)
      .map(({ from, to, state }) => `${time(from)}–${time(to)} ${state}`);
  const nine = eight + hour;

  it('a report that comes at three tells of what was from nine to twenty to ten', async () => {
    await pass(7 * hour);
    const others = async () => [
      await history('device b'),
      await history('person bob'),
      await history('a disk-encrypted'),
    ];
    const before = await others();
    await send('a', observed('firewall', 'off', nine), observed('firewall', 'on', nine + 40 * 60_000));
    const moved = ['05T09:00–05T09:40 noncompliant', '05T09:40– compliant'];
    expect((await history('device a')).slice(-2)).toEqual(moved);
    expect((await history('person ada')).slice(-2)).toEqual(moved);
    expect((await history('a firewall-on')).slice(-2)).toEqual(['05T09:00–05T09:40 fail', '05T09:40– pass']);
    expect(await others()).toEqual(before);
  });

  it('a late report falls upon who held the device then', async () => {
    await pass(2 * hour);
    await give('a', 'bob');
    await pass(5 * hour);
    await send('a', observed('firewall', 'off', nine));
    expect((await history('person ada')).slice(-2)).toEqual([
      '05T08:00–05T09:00 compliant',
      '05T09:00–05T10:00 noncompliant',
    ]);
    expect((await history('person bob')).slice(-1)).toEqual(['05T10:00– noncompliant']);
    const [failing] = (await compliance.checksOfDevice('a')).filter(({ check }) => check === 'firewall-on');
    expect(failing?.failingSince).toBe(new Date(eight + 2 * hour).toISOString());
    expect(district.said.filter(({ code }) => code.startsWith('custody')).map(({ actor }) => actor)).toEqual(
      expect.arrayContaining(['staff:Kim']),
    );
  });

  it('a silence stays what it was, but what failed in it has failed since', async () => {
    await district.db.updateTable('device').set({ last_seen_at: eight }).execute();
    await pass(9 * day);
    expect((await history('device a')).slice(-1)).toEqual(['12T08:00– silent']);
    district.connected.add('a');
    district.bus.publish('presence-changed', { deviceIds: ['a'], connected: true });
    await send('a', observed('firewall', 'off', eight + 8 * day));
    expect((await history('device a')).slice(-2)).toEqual(['12T08:00–14T08:00 silent', '14T08:00– noncompliant']);
    expect((await history('a firewall-on')).slice(-1)).toEqual(['13T08:00– fail']);
  });

  it('no clock of a device rewrites what was judged', async () => {
    await pass(hour);
    await send('a', observed('firewall', 'off'));
    await pass(hour);
    await send('a', observed('firewall', 'on', eight - 365 * day));
    await pass(hour);
    await send('a', observed('firewall', 'off', district.clock.now() + 365 * day));
    expect(await history('a firewall-on')).toEqual([
      '05T08:00–05T09:00 pass',
      '05T09:00–05T10:00 fail',
      '05T10:00–05T11:00 pass',
      '05T11:00– fail',
    ]);
  });

  it('a waiver moves its device and its person from now on, and says who made it', async () => {
    await send('a', observed('firewall', 'off'));
    await send('b', observed('firewall', 'off'));
    await pass(hour);
    const others = async () => [await history('device b'), await history('person bob'), await history('a firewall-on')];
    const before = await others();
    const waivers = new WaiverService({ ...district, onError: (error) => district.errors.push(error) });
    await waivers.start();
    const until = new Date(eight + 5 * hour).toISOString();
    await waivers.create({ check: null, target: { kind: 'person', id: 'ada' }, reason: 'parts', until }, 'staff:Lee');
    await compliance.settled();
    expect((await history('device a')).slice(-1)).toEqual(['05T09:00– waived']);
    district.clock.advance(9 * hour);
    await waivers.settled();
    await compliance.settled();
    const ended = ['05T09:00–05T13:00 waived', '05T13:00– noncompliant'];
    expect((await history('device a')).slice(-2)).toEqual(ended);
    expect((await history('person ada')).slice(-2)).toEqual(ended);
    expect(await others()).toEqual(before);
    expect(district.said.find(({ code }) => code === 'waiver-made')).toMatchObject({ actor: 'staff:Lee' });
    await waivers.stop();
  });

  it('what was committed and not judged when the server died is judged when it is back', async () => {
    await pass(7 * hour);
    await commit('a', [observed('firewall', 'off', nine), observed('firewall', 'on', nine + 40 * 60_000)]);
    const { clock } = district;
    await compliance.stop();
    await district.close();
    await open(clock);
    expect((await district.db.selectFrom('judgement_input').selectAll().execute()).length).toBe(2);
    await compliance.start();
    await compliance.settled();
    expect((await history('device a')).slice(-2)).toEqual(['05T09:00–05T09:40 noncompliant', '05T09:40– compliant']);
    expect((await history('person ada')).slice(-2)).toEqual(['05T09:00–05T09:40 noncompliant', '05T09:40– compliant']);
    expect(await district.db.selectFrom('judgement_input').selectAll().execute()).toEqual([]);
  });

  it('verdicts of before checks were kept are no less true', async () => {
    await compliance.stop();
    await district.db.deleteFrom('check_interval').execute();
    await district.db.deleteFrom('verdict').execute();
    const row = { subject_kind: 'device', subject_id: 'a', state: 'in-grace', reasons: '[]', to_at: null, org_id: '' };
    await district.db
      .insertInto('verdict')
      .values({ ...row, from_at: eight - day, custody_id: null })
      .execute();
    await pass(hour);
    compliance = service();
    await compliance.start();
    await compliance.settled();
    expect(await history('device a')).toEqual(['04T08:00–05T09:00 in-grace', '05T09:00– compliant']);
  });

  it('what is said again is no input, nor what no check reads', async () => {
    const load = { cpuPercent: 1, memoryUsedPercent: 2 };
    const unread = { kind: 'health', at: eight, collector: 'load', value: load } as ReportRecord;
    await commit('a', [observed('firewall', 'on'), unread, { kind: 'event', at: eight, code: 'x', detail: 'y' }]);
    expect(await district.db.selectFrom('judgement_input').selectAll().execute()).toEqual([]);
  });
});
