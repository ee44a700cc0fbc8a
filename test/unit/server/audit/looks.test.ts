import { beforeEach, describe, expect, it } from 'vitest';
import { RequestAudit } from '../../../../server/api/request-audit.ts';
import { ExportQuota } from '../../../../server/audit/export-quota.ts';
import { Looks } from '../../../../server/audit/looks.ts';
import type { NewEvent } from '../../../../server/services.ts';
import { accessRules } from '../../../../shared/api/access-rules.ts';
import type { RouteName } from '../../../../shared/api/routes.ts';
import { lookCode } from '../../../../shared/audit/reads.ts';
import { FakeClock } from '../../../fakes/clock.ts';

const minute = 60_000;
let clock: FakeClock;
let said: NewEvent[];
let audit: RequestAudit;
beforeEach(() => {
  clock = new FakeClock();
  said = [];
  const events = { add: async (event: NewEvent) => void said.push(event) };
  const settings = async () => ({ keptDays: 1095, exportFilesPerDay: 9, exportRowsPerDay: 100 });
  const store = { addFile: async () => true, addRows: async () => true };
  audit = new RequestAudit({
    looks: new Looks({ events, clock, deviceOf: async () => 'd9' }),
    quota: new ExportQuota({ store, settings, clock }),
  });
});

type Given = { params?: object; query?: object; session?: string; staff?: string };
const look = async (name: RouteName, { params = {}, query = {}, session = 's1', staff = 'ada' }: Given = {}) => {
  const caller = {
    ...{ actor: `staff:${staff}`, staff: { id: staff }, session: { id: session }, token: undefined },
    ...{ address: '127.0.0.1', standing: { roles: ['helpdesk'] } },
  };
  const asked = { caller, params, query, body: {} } as unknown as Parameters<RequestAudit['witness']>[1];
  return await audit.witness(name, asked, {}, async () => 'the answer');
};

const reading = (Object.keys(accessRules) as RouteName[]).filter((name) => accessRules[name].reads !== undefined);

describe('every route that shows records of people', () => {
  it('is more than a few', () => {
    expect(reading.length).toBeGreaterThan(20);
  });

  it.each(reading)('%s leaves an event', async (name) => {
    expect(await look(name, { params: { id: 'x1' } })).toBe('the answer');
    expect(said).toHaveLength(1);
    expect(said[0]).toMatchObject({ code: lookCode, actor: 'staff:ada' });
    expect(said[0]?.words).toContain(accessRules[name].reads);
  });

  it.each<[RouteName, object, NewEvent['subject']]>([
    ['listTickets', { person: 'p7', status: 'all' }, { kind: 'person', id: 'p7' }],
    ['listObligations', { person: 'p7' }, { kind: 'person', id: 'p7' }],
    ['listTickets', { device: 'd7' }, { kind: 'device', id: 'd7' }],
    ['listTickets', { search: 'p7' }, undefined],
  ])('%s of %j is a look at whom the list was asked of', async (name, query, subject) => {
    await look(name, { query });
    expect(said[0]?.subject).toEqual(subject);
  });

  it('leaves none where the answer was refused', async () => {
    const asked = { caller: { actor: 'staff:ada', standing: { roles: [] } }, params: {}, query: {}, body: {} };
    const refused = audit.witness('readPerson', asked as never, {}, async () => {
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    expect(said).toEqual([]);
  });
});

describe('looks at the same', () => {
  it.each<[string, RouteName, Given, Given, number, number]>([
    ['within ten minutes are one', 'readPerson', { params: { id: 'p1' } }, { params: { id: 'p1' } }, 9, 1],
    ['after ten minutes are two', 'readPerson', { params: { id: 'p1' } }, { params: { id: 'p1' } }, 10, 2],
    ['at another person are two', 'readPerson', { params: { id: 'p1' } }, { params: { id: 'p2' } }, 0, 2],
    ['in another session are two', 'readPerson', { session: 's1' }, { session: 's2' }, 0, 2],
    ['by somebody else are two', 'readPerson', { staff: 'ada' }, { staff: 'bo' }, 0, 2],
    ['with another search are two', 'listPeople', { query: { search: 'a' } }, { query: { search: 'b' } }, 0, 2],
    ['on a further page are two', 'listPeople', { query: {} }, { query: { cursor: 'c' } }, 0, 2],
  ])('%s', async (_, name, first, second, minutes, events) => {
    await look(name, first);
    clock.advance(minutes * minute);
    await look(name, second);
    expect(said).toHaveLength(events);
  });

  it('are remembered of the newest only, so that nobody fills the memory', async () => {
    for (let n = 0; n < 20_050; n++) await look('readPerson', { params: { id: `p${n}` } });
    await look('readPerson', { params: { id: 'p0' } });
    await look('readPerson', { params: { id: 'p20049' } });
    expect(said).toHaveLength(20_051);
  });
});

describe('what a look is about', () => {
  it.each<[RouteName, NewEvent['subject']]>([
    ['readPerson', { kind: 'person', id: 'x1' }],
    ['readDevice', { kind: 'device', id: 'x1' }],
    ['readTicket', { kind: 'ticket', id: 'x1' }],
    ['readDiagnosis', { kind: 'device', id: 'd9' }],
    ['showRecoveryKey', { kind: 'device', id: 'd9' }],
    ['listPeople', undefined],
  ])('%s', async (name, subject) => {
    await look(name, { params: { id: 'x1' } });
    expect(said[0]?.subject).toEqual(subject);
  });
});
