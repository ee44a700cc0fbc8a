import type { Entry, PasskeyAssertion, Proof } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { EventLog } from '../services.ts';
import type { StaffRow, StaffStore } from '../store/staff.ts';
import type { Factors } from './factors.ts';
import { TryLimiter } from './limiter.ts';
import { type LockOut, waitWords } from './lock-out.ts';
import { networkOf } from './network.ts';
import type { Passkeys } from './passkeys.ts';
import { hashPassword, verifyPassword } from './password.ts';
import type { Session, Sessions, Whence } from './sessions.ts';
import { codeKey, passwordKey } from './sign-in-keys.ts';
import { identityOf, type StaffIdentity } from './staff-identity.ts';

/**
 * Failures in a quarter of an hour, beside the lock-out of one account from one network. A whole school may share one
 * address, and whoever guesses must not keep the owner out everywhere.
 */
const failures = { byAccount: 50, byAddress: 100, windowMs: 900_000 };

export interface SignInParts {
  store: StaffStore;
  sessions: Sessions;
  factors: Factors;
  passkeys: Passkeys;
  lockOut: LockOut;
  events: EventLog;
  clock: Clock;
  random: Random;
}

/** A cookie’s secret, and where signing in has got to. */
export interface Entered {
  token: string;
  entry: Entry;
}

/** Ways in: password and code, or a passkey. Whoever came by one factor has a session that can do nothing yet. */
export class SignIn {
  readonly #parts: SignInParts;
  readonly #byAccount: TryLimiter;
  readonly #byAddress: TryLimiter;

  constructor(parts: SignInParts) {
    this.#parts = parts;
    this.#byAccount = new TryLimiter(parts.clock, failures.byAccount, failures.windowMs);
    this.#byAddress = new TryLimiter(parts.clock, failures.byAddress, failures.windowMs);
  }

  /** The same words and about the same time whether the account exists or not. */
  async byPassword(email: string, password: string, whence: Whence): Promise<Entered> {
    const account = email.trim().toLowerCase();
    const network = networkOf(whence.address);
    this.#limit(this.#byAddress, network);
    this.#limit(this.#byAccount, account);
    const lockedMs = await this.#parts.lockOut.take(passwordKey(account, network)).catch((error: unknown) => {
      // What is not even looked at is no guess: it must not use up the tries that others have from elsewhere.
      this.#byAccount.giveBack(account);
      throw error;
    });
    const staff = await this.#parts.store.byEmail(account);
    if (!(await verifyPassword(password, staff?.password_hash || decoyHash)) || !staff) {
      await this.#refuse('sign-in-refused', `A sign-in from ${whence.address} was refused.`, lockedMs, staff);
      throw new CodedError('wrong-credentials');
    }
    this.#byAddress.giveBack(network);
    this.#byAccount.giveBack(account);
    await this.#parts.lockOut.clear(passwordKey(account, network));
    return await this.begin(identityOf(staff), 'password', whence);
  }

  /** A session of somebody who has shown one factor. */
  async begin(staff: StaffIdentity, method: string, whence: Whence): Promise<Entered> {
    const token = await this.#parts.sessions.open(staff.id, method, whence, false);
    return { token, entry: await this.#enteringEntry(staff) };
  }

  /** A session of somebody who has shown both. */
  async enter(staff: StaffIdentity, method: string, whence: Whence, words: string): Promise<Entered> {
    const token = await this.#parts.sessions.open(staff.id, method, whence, true);
    await this.#tellEntered(staff, words, whence);
    return { token, entry: { staff, entering: null } };
  }

  async byPasskey(assertion: PasskeyAssertion, whence: Whence): Promise<Entered> {
    const network = networkOf(whence.address);
    this.#limit(this.#byAddress, network);
    const staff = await this.#activeStaff(await this.#parts.passkeys.verify(assertion));
    this.#byAddress.giveBack(network);
    return await this.enter(staff, 'passkey', whence, 'by passkey');
  }

  /** Completes a session by a code. */
  async byCode(session: Session, code: string, whence: Whence): Promise<Entered> {
    if (session.isComplete) throw new CodedError('conflict', 'You are signed in already.');
    const used = await this.#useCode(session, code);
    return await this.completed(session, used === 'code-app' ? 'with a code' : 'with a recovery code', whence);
  }

  /** Completes a session whose person has just shown, or enrolled, a second factor. */
  async completed(session: Session, words: string, whence: Whence): Promise<Entered> {
    const token = await this.#parts.sessions.complete(session);
    await this.#tellEntered(session.staff, words, whence);
    return { token, entry: { staff: session.staff, entering: null } };
  }

  /** The same person shows a second factor once more. */
  async prove(session: Session, proof: Proof): Promise<void> {
    if ('code' in proof) await this.#useCode(session, proof.code);
    else if ((await this.#parts.passkeys.verify(proof.passkey)) !== session.staff.id)
      throw new CodedError('passkey-refused', 'This passkey is of another account.');
    await this.#parts.sessions.prove(session);
  }

  /** One’s own; all other sessions end. Guesses at the old one count as those at signing in do. */
  async changePassword(session: Session, given: { password: string; newPassword: string }): Promise<void> {
    const { store, sessions, lockOut, events, random } = this.#parts;
    const { id, name } = session.staff;
    sessions.demandFresh(session);
    const key = passwordKey(id, 'changing');
    const lockedMs = await lockOut.take(key);
    const staff = await store.byId(id);
    const isRight = staff?.password_hash === '' || (await verifyPassword(given.password, staff?.password_hash ?? ''));
    if (!isRight) {
      await this.#refuse('password-refused', 'A wrong password was given to change it.', lockedMs, staff);
      throw new CodedError('wrong-credentials', 'The present password is wrong.');
    }
    await lockOut.clear(key);
    await store.setPassword(id, await hashPassword(given.newPassword, random));
    const subject = { kind: 'staff', id } as const;
    await events.add({ actor: `staff:${name}`, code: 'password-set', words: 'The password was changed.', subject });
    await sessions.endAll(id, `staff:${name}`, session);
  }

  /** Where a session has got to. */
  async entryOf(session: Session | undefined): Promise<Entry> {
    if (!session) return { staff: null, entering: null };
    return session.isComplete ? { staff: session.staff, entering: null } : await this.#enteringEntry(session.staff);
  }

  async #enteringEntry(staff: StaffIdentity): Promise<Entry> {
    const factors = await this.#parts.factors.kindsOf(staff.id);
    const step = factors.length > 0 ? 'second-factor' : 'enrolment';
    return { staff: null, entering: { name: staff.name, email: staff.email, step, factors } };
  }

  async #useCode({ staff }: Session, code: string): Promise<'code-app' | 'recovery-code'> {
    const { lockOut, factors, store } = this.#parts;
    const lockedMs = await lockOut.take(codeKey(staff.id));
    const used = await factors.useCode(staff.id, code);
    if (!used) {
      await this.#refuse('code-refused', 'A wrong code was given.', lockedMs, await store.byId(staff.id));
      throw new CodedError('wrong-code');
    }
    await lockOut.clear(codeKey(staff.id));
    return used;
  }

  async #activeStaff(id: string): Promise<StaffIdentity> {
    const staff = await this.#parts.store.byId(id);
    if (!staff || staff.disabled_at !== null) throw new CodedError('sign-in-refused', 'This account is disabled.');
    return identityOf(staff);
  }

  async #tellEntered({ id, name }: StaffIdentity, how: string, { address }: Whence): Promise<void> {
    const words = `Signed in ${how} from ${address}.`;
    await this.#parts.events.add({ actor: `staff:${name}`, code: 'signed-in', words, subject: { kind: 'staff', id } });
  }

  async #refuse(code: string, words: string, lockedMs: number, staff: StaffRow | undefined): Promise<void> {
    const subject = staff ? { subject: { kind: 'staff' as const, id: staff.id } } : {};
    await this.#parts.events.add({ actor: 'server', code, words, ...subject });
    if (lockedMs <= 0) return;
    const locked = `Signing in was locked for ${waitWords(lockedMs)} after wrong tries in a row.`;
    await this.#parts.events.add({ actor: 'server', code: 'sign-in-locked', words: locked, ...subject });
  }

  #limit(limiter: TryLimiter, key: string): void {
    if (!limiter.take(key)) throw new CodedError('too-many-requests');
  }
}

/** Of no password; checked when there is none to check, so that time tells nothing. */
const decoyHash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
