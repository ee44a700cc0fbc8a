import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Accounts } from '../../../../server/access/accounts.ts';
import { StaffService } from '../../../../server/access/staff-service.ts';
import { Bus } from '../../../../server/bus.ts';
import type { NewEvent } from '../../../../server/services.ts';
import { GrantStore } from '../../../../server/store/grants.ts';
import { openStore } from '../../../../server/store/open.ts';
import { PeopleStore } from '../../../../server/store/people.ts';
import { StaffStore } from '../../../../server/store/staff.ts';
import { StaffAccountsView } from '../../../../server/store/views/staff-accounts.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';

const by = { actor: 'staff:Ada', id: 'ada' };
const owner = { role: 'owner', orgId: null } as const;
const account = (id: string) => ({
  ...{ id, name: id, email: `${id}@example.org`, password_hash: '', created_at: 0, disabled_at: null, signs_for: '[]' },
});

describe('accounts and roles', () => {
  let db: Awaited<ReturnType<typeof openStore>>;
  let staff: StaffStore;
  let service: StaffService;
  let events: NewEvent[];

  beforeEach(async () => {
    db = await openStore(':memory:');
    staff = new StaffStore(db);
    events = [];
    const unit = {
      id: 'oak',
      sourced_id: 'oak',
      name: 'Oak School',
      type: 'school',
      parent_id: null,
      identifier: null,
      active: 1,
    };
    await db.insertInto('org').values(unit).execute();
    await staff.addFirst(account('ada'));
    await staff.add(account('bo'), [{ role: 'helpdesk', orgId: 'oak' }]);
    service = new StaffService({
      accounts: { disable: async (id: string) => void (await staff.setDisabled(id, 1)) } as unknown as Accounts,
      stores: { grants: new GrantStore(db), people: new PeopleStore(db), staffAccounts: new StaffAccountsView(db) },
      events: { add: async (event) => void events.push(event) },
      ...{ bus: new Bus(() => undefined), clock: new FakeClock(), random: new SeededRandom(1) },
    });
  });
  afterEach(() => db.destroy());

  const rolesOf = async (id: string) => (await service.list()).find((one) => one.id === id)?.grants;
  const codeOf = async (act: Promise<unknown>) =>
    await act.then(
      () => 'done',
      (error: { code: string }) => error.code,
    );

  it('make the first account an owner of the district, and others what is said', async () => {
    expect(await rolesOf('ada')).toEqual([{ role: 'owner', orgId: null, orgName: null }]);
    expect(await rolesOf('bo')).toEqual([{ role: 'helpdesk', orgId: 'oak', orgName: 'Oak School' }]);
  });

  it('are replaced as a whole, each once, on record as they were and are', async () => {
    const wanted = [
      { role: 'principal', orgId: 'oak' },
      { role: 'principal', orgId: 'oak' },
    ] as const;
    expect((await service.saveGrants('bo', wanted, 'a new post', by)).grants).toHaveLength(1);
    expect(events).toMatchObject([
      {
        code: 'staff-roles-changed',
        reason: 'a new post',
        before: { roles: ['Helpdesk (Oak School)'] },
        after: { roles: ['Principal (Oak School)'] },
      },
    ]);
  });

  it.each([
    ['the last owner of the district', 'ada', [], 'conflict'],
    ['the last owner, who would own a unit only', 'ada', [{ role: 'owner', orgId: 'oak' }], 'conflict'],
    ['somebody for a unit there is not', 'bo', [{ role: 'helpdesk', orgId: 'elm' }], 'not-found'],
    ['somebody who has no account', 'cy', [owner], 'not-found'],
  ] as const)('are not changed of %s', async (_who, id, grants, code) => {
    const before = await rolesOf(id);
    expect(await codeOf(service.saveGrants(id, grants, 'because', by))).toBe(code);
    expect([await rolesOf(id), events]).toEqual([before, []]);
  });

  it('let an owner go once there is another', async () => {
    await service.saveGrants('bo', [owner], 'second owner', by);
    expect(await codeOf(service.saveGrants('ada', [], 'leaves', { actor: 'staff:bo', id: 'bo' }))).toBe('done');
  });

  it('disable nobody’s own account, nor that of the last owner', async () => {
    expect(await codeOf(service.disable('ada', by))).toBe('conflict');
    expect(await codeOf(service.disable('ada', { actor: 'command line' }))).toBe('conflict');
    expect((await service.list()).map(({ status }) => status)).toEqual(['active', 'active']);
  });
});
