import { roleWords } from '../../shared/access/roles.ts';
import type { GrantInput, GrantView, OwnAccess, StaffAccount } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Bus } from '../bus.ts';
import type { EventLog, StaffPerson } from '../services.ts';
import type { Grant, GrantStore } from '../store/grants.ts';
import type { PeopleStore } from '../store/people.ts';
import type { StaffAccountsView } from '../store/views/staff-accounts.ts';
import type { Accounts } from './accounts.ts';
import { readableCode } from './readable-code.ts';
import type { Standing } from './standing.ts';

export interface StaffServiceParts {
  accounts: Accounts;
  stores: { grants: GrantStore; people: Pick<PeopleStore, 'orgs'>; staffAccounts: StaffAccountsView };
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
}

/** 80 bits: nobody guesses it before it is changed. */
const startLength = 16;

/** Who acts: an account, or the command line, which has none. */
type Acting = Pick<StaffPerson, 'actor'> & { id?: string | undefined };

/** Accounts and roles, as owners deal with them. Each change is on record with its reason. */
export class StaffService {
  readonly #parts: StaffServiceParts;

  constructor(parts: StaffServiceParts) {
    this.#parts = parts;
  }

  async list(): Promise<StaffAccount[]> {
    const { stores, clock } = this.#parts;
    return await stores.staffAccounts.all(clock.now());
  }

  async invite(
    { name, email, grants }: { name: string; email: string; grants: readonly GrantInput[] },
    by: Acting,
  ): Promise<{ account: StaffAccount; password: string }> {
    const granted = await this.#checked(grants);
    const password = this.#startPassword();
    const { id } = await this.#parts.accounts.add({ name, email, password }, by.actor, granted);
    await this.#tellGrants(id, [], granted, undefined, by);
    return { account: await this.#one(id), password };
  }

  async saveGrants(id: string, wanted: readonly GrantInput[], reason: string, by: Acting): Promise<StaffAccount> {
    const { stores, clock } = this.#parts;
    const account = await this.#one(id);
    const granted = await this.#checked(wanted);
    const rows = granted.map(({ role, orgId }) => ({
      role,
      org_id: orgId,
      granted_at: clock.now(),
      by_actor: by.actor,
    }));
    await stores.grants.replace(id, rows);
    await this.#tellGrants(id, account.grants.map(plain), granted, reason, by);
    return await this.#one(id);
  }

  async disable(id: string, by: Acting): Promise<StaffAccount> {
    if (id === by.id) throw new CodedError('conflict', 'This is your own account. Somebody else disables it.');
    await this.#parts.accounts.disable(id, by.actor);
    return await this.#one(id);
  }

  async enable(id: string, by: Acting): Promise<StaffAccount> {
    await this.#parts.accounts.enable(id, by.actor);
    return await this.#one(id);
  }

  async resetFactors(id: string, by: Acting): Promise<StaffAccount> {
    await this.#parts.accounts.resetFactors(id, by.actor);
    return await this.#one(id);
  }

  async resetPassword(id: string, by: Acting): Promise<string> {
    const password = this.#startPassword();
    await this.#parts.accounts.setPassword(id, password, by.actor);
    return password;
  }

  async endSessions(id: string, by: Acting): Promise<void> {
    await this.#parts.accounts.endSessions(id, by.actor);
  }

  /** What somebody who is signed in may do, for a console that shows no more than that. */
  async accessOf(staffId: string, standing: Standing): Promise<OwnAccess> {
    const { stores } = this.#parts;
    const permissions = standing.permissions();
    return {
      grants: await this.#shown(await stores.grants.of(staffId)),
      permissions,
      districtPermissions: permissions.filter((permission) => standing.sight(permission)?.orgs === 'all'),
    };
  }

  #startPassword(): string {
    return readableCode(this.#parts.random, startLength);
  }

  async #one(id: string): Promise<StaffAccount> {
    const account = (await this.list()).find((one) => one.id === id);
    if (!account) throw new CodedError('not-found', 'There is no such account.');
    return account;
  }

  async #checked(wanted: readonly GrantInput[]): Promise<Grant[]> {
    const units = new Set((await this.#parts.stores.people.orgs()).map(({ id }) => id));
    const unknown = wanted.find(({ orgId }) => orgId !== null && !units.has(orgId));
    if (unknown) throw new CodedError('not-found', 'There is no such unit here.');
    const distinct = new Map(wanted.map((one) => [`${one.role} ${one.orgId ?? ''}`, one]));
    return [...distinct.values()].map(({ role, orgId }) => ({ role, orgId: orgId ?? '' }));
  }

  async #shown(grants: readonly Grant[]): Promise<GrantView[]> {
    const names = new Map((await this.#parts.stores.people.orgs()).map(({ id, name }) => [id, name]));
    return grants.map(({ role, orgId }) => ({
      role,
      orgId: orgId === '' ? null : orgId,
      orgName: orgId === '' ? null : (names.get(orgId) ?? orgId),
    }));
  }

  async #tellGrants(
    id: string,
    before: readonly Grant[],
    after: readonly Grant[],
    reason: string | undefined,
    by: Acting,
  ): Promise<void> {
    const words = async (grants: readonly Grant[]) =>
      (await this.#shown(grants)).map(({ role, orgName }) => `${roleWords[role].title} (${orgName ?? 'district'})`);
    const [was, is] = [await words(before), await words(after)];
    await this.#parts.events.add({
      actor: by.actor,
      code: 'staff-roles-changed',
      words: `The roles of an account are now: ${is.join(', ') || 'none'}.`,
      subject: { kind: 'staff', id },
      ...{ before: { roles: was }, after: { roles: is }, reason },
    });
    this.#parts.bus.publish('staff-changed', { staffIds: [id] });
  }
}

function plain({ role, orgId }: GrantView): Grant {
  return { role, orgId: orgId ?? '' };
}
