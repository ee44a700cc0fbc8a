import type { SignSide } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Bus } from '../bus.ts';
import type { Actor, EventLog } from '../services.ts';
import type { Grant } from '../store/grants.ts';
import { type StaffRow, type StaffStore, sidesIn } from '../store/staff.ts';
import type { StaffFactorStore } from '../store/staff-factors.ts';
import type { LockOut } from './lock-out.ts';
import { hashPassword } from './password.ts';
import type { Sessions } from './sessions.ts';
import { codeKey } from './sign-in-keys.ts';
import { identityOf, type StaffIdentity } from './staff-identity.ts';

export interface NewStaff {
  name: string;
  email: string;
  /** Absent: the person comes in by a provider. */
  password?: string;
  /** Absent: IT. */
  signsFor?: readonly SignSide[];
}

export interface AccountParts {
  store: StaffStore;
  factors: StaffFactorStore;
  sessions: Sessions;
  lockOut: LockOut;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
}

/** Accounts of staff, as an owner or the operator deals with them. What is taken from somebody is taken at once. */
export class Accounts {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /** Makes a further account, of an owner where `grants` are not said. One person with two accounts would be two people. */
  async add(wanted: NewStaff, actor: Actor, grants?: readonly Grant[]): Promise<StaffIdentity> {
    const { store, clock, random } = this.#parts;
    const staff = await newStaffRow(wanted, clock, random);
    if (!(await store.add(staff, grants)))
      throw new CodedError('conflict', 'Somebody with this e-mail address has an account already.');
    await this.#tell('staff-added', staff, 'Somebody was given an account.', actor);
    return identityOf(staff);
  }

  /** Whom an account signs policy changes for. The operator's to say: whoever could say it of themselves would sign for all. */
  async setSides(email: string, sides: readonly SignSide[], actor: Actor): Promise<StaffIdentity> {
    const staff = await this.#parts.store.setSides(email.trim(), distinctSides(sides));
    if (!staff) throw new CodedError('not-found', 'Nobody can sign in with this e-mail address.');
    const shown = sidesIn(staff).join(' and ') || 'nobody';
    await this.#tell('staff-sides-set', staff, `An account signs policy changes for ${shown} now.`, actor);
    return identityOf(staff);
  }

  /** The person cannot sign in any more, and whatever they had open has ended. */
  async disable(staffId: string, actor: Actor): Promise<void> {
    const staff = await this.#demand(staffId);
    if (await this.#parts.store.setDisabled(staffId, this.#parts.clock.now()))
      await this.#tell('staff-disabled', staff, 'An account was disabled.', actor);
    await this.#parts.sessions.endAll(staffId, actor);
  }

  async enable(staffId: string, actor: Actor): Promise<void> {
    const staff = await this.#demand(staffId);
    if (await this.#parts.store.setDisabled(staffId, null))
      await this.#tell('staff-enabled', staff, 'An account was enabled.', actor);
  }

  /** For somebody who lost every second factor: passkeys, code app and recovery codes go, and so do sessions. */
  async resetFactors(staffId: string, actor: Actor): Promise<void> {
    const staff = await this.#demand(staffId);
    await this.#parts.factors.reset(staffId);
    await this.#tell('factors-reset', staff, 'The second factors of an account were removed.', actor);
    await this.#parts.sessions.endAll(staffId, actor);
    await this.#parts.lockOut.clear(codeKey(staffId));
  }

  async setPassword(staffId: string, password: string, actor: Actor): Promise<void> {
    const staff = await this.#demand(staffId);
    await this.#parts.store.setPassword(staffId, await hashPassword(password, this.#parts.random));
    await this.#tell('password-set', staff, 'The password of an account was set.', actor);
    await this.#parts.sessions.endAll(staffId, actor);
  }

  async endSessions(staffId: string, actor: Actor): Promise<number> {
    await this.#demand(staffId);
    return await this.#parts.sessions.endAll(staffId, actor);
  }

  /** Also one that is disabled. Throws `not-found`. */
  async byEmail(email: string): Promise<StaffIdentity> {
    const staff = await this.#parts.store.anyByEmail(email);
    if (!staff) throw new CodedError('not-found', 'Nobody has an account with this e-mail address.');
    return identityOf(staff);
  }

  async #demand(staffId: string): Promise<StaffRow> {
    const staff = await this.#parts.store.byId(staffId);
    if (!staff) throw new CodedError('not-found', 'There is no such account.');
    return staff;
  }

  async #tell(code: string, { id }: StaffRow, words: string, actor: Actor): Promise<void> {
    await this.#parts.events.add({ actor, code, words, subject: { kind: 'staff', id } });
    this.#parts.bus.publish('staff-changed', { staffIds: [id] });
  }
}

export async function newStaffRow(wanted: NewStaff, clock: Clock, random: Random): Promise<StaffRow> {
  const name = plainText(wanted.name, '');
  if (name === '') throw new CodedError('bad-request', 'Give a name.');
  return {
    id: random.uuid(),
    name,
    email: wanted.email.trim().toLowerCase(),
    password_hash: wanted.password === undefined ? '' : await hashPassword(wanted.password, random),
    created_at: clock.now(),
    disabled_at: null,
    signs_for: JSON.stringify(distinctSides(wanted.signsFor ?? ['it'])),
  };
}

const distinctSides = (sides: readonly SignSide[]): SignSide[] => [...new Set(sides)];
