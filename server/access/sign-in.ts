import { createHash, timingSafeEqual } from 'node:crypto';
import type { SignSide } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainText } from '../../shared/plain-text.ts';
import type { Actor, EventLog } from '../services.ts';
import { type StaffRow, type StaffStore, sidesIn } from '../store/staff.ts';
import { TryLimiter } from './limiter.ts';
import { networkOf } from './network.ts';
import { hashPassword, verifyPassword } from './password.ts';

const hour = 3_600_000;
/** A session lasts a working day, whatever happens in it. */
export const sessionMs = 12 * hour;

/**
 * Failures in a quarter of an hour. A whole school may share one address, and whoever guesses must not lock the owner out
 * everywhere: the few are counted per account and address, the many per account and per address.
 */
const failures = { byAccountAndAddress: 10, byAccount: 50, byAddress: 100 };

/** Letters and digits that cannot be mistaken for each other. */
const codeAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const codeLength = 12;

export interface StaffIdentity {
  id: string;
  name: string;
  email: string;
  /** The sides it signs policy changes for. */
  signsFor: SignSide[];
}

interface NewStaff {
  name: string;
  email: string;
  password: string;
  /** Absent: IT. */
  signsFor?: readonly SignSide[];
}

/** Staff accounts: the first by a one-time code, then password sign-in; sessions are random tokens stored hashed. */
export class SignIn {
  readonly #store: StaffStore;
  readonly #events: EventLog;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #byAccountAndAddress: TryLimiter;
  readonly #byAccount: TryLimiter;
  readonly #byAddress: TryLimiter;
  #setUpCode: string | undefined;

  constructor(store: StaffStore, events: EventLog, clock: Clock, random: Random) {
    this.#store = store;
    this.#events = events;
    this.#clock = clock;
    this.#random = random;
    this.#byAccountAndAddress = new TryLimiter(clock, failures.byAccountAndAddress, hour / 4);
    this.#byAccount = new TryLimiter(clock, failures.byAccount, hour / 4);
    this.#byAddress = new TryLimiter(clock, failures.byAddress, hour / 4);
  }

  /** A new one-time code when there is no administrator yet; it lives in memory only. */
  async openSetUp(): Promise<string | undefined> {
    if ((await this.#store.count()) > 0) return undefined;
    const letters = [...this.#random.bytes(codeLength)].map((byte) => codeAlphabet[byte % codeAlphabet.length]);
    this.#setUpCode = letters.join('').replace(/(.{4})(?!$)/g, '$1-');
    return this.#setUpCode;
  }

  async setUpNeeded(): Promise<boolean> {
    return (await this.#store.count()) === 0;
  }

  /** Makes the first administrator; the code works once and only while there is none. */
  async setUp(
    wanted: { code: string; name: string; email: string; password: string },
    address: string,
  ): Promise<StaffIdentity> {
    this.#limit(this.#byAddress, `setup ${networkOf(address)}`);
    if (!this.#setUpCode || !sameText(wanted.code.trim().toUpperCase(), this.#setUpCode))
      throw new CodedError('wrong-setup-code');
    const staff = await this.#newStaff(wanted);
    if (!(await this.#store.addFirst(staff))) throw new CodedError('wrong-setup-code');
    this.#setUpCode = undefined;
    await this.#events.add({
      actor: 'server',
      code: 'staff-added',
      words: 'The first administrator was made with the one-time code.',
      subject: { kind: 'staff', id: staff.id },
    });
    return identityOf(staff);
  }

  /** Makes a further account, which is the operator's to do: one person with two accounts would be two people. */
  async addStaff(wanted: NewStaff, actor: Actor): Promise<StaffIdentity> {
    const staff = await this.#newStaff(wanted);
    if (!(await this.#store.add(staff)))
      throw new CodedError('conflict', 'Somebody with this e-mail address can sign in already.');
    await this.#events.add({
      actor,
      code: 'staff-added',
      words: 'Somebody was given an account.',
      subject: { kind: 'staff', id: staff.id },
    });
    return identityOf(staff);
  }

  /** Whom an account signs policy changes for. The operator's to say: whoever could say it of themselves would sign for all. */
  async setSides(email: string, sides: readonly SignSide[], actor: Actor): Promise<StaffIdentity> {
    const staff = await this.#store.setSides(email.trim(), distinctSides(sides));
    if (!staff) throw new CodedError('not-found', 'Nobody can sign in with this e-mail address.');
    const shown = sidesIn(staff).join(' and ') || 'nobody';
    await this.#events.add({
      ...{ actor, code: 'staff-sides-set', words: `An account signs policy changes for ${shown} now.` },
      subject: { kind: 'staff', id: staff.id },
    });
    return identityOf(staff);
  }

  /** The same words and about the same time whether the account exists or not. */
  async signIn(email: string, password: string, address: string): Promise<StaffIdentity> {
    const account = email.trim().toLowerCase();
    const network = networkOf(address);
    this.#limit(this.#byAddress, network);
    this.#limit(this.#byAccountAndAddress, `${network} ${account}`);
    this.#limit(this.#byAccount, account);
    const staff = await this.#store.byEmail(account);
    const fits = await verifyPassword(password, staff?.password_hash ?? decoyHash);
    if (!staff || !fits) {
      await this.#events.add({
        actor: 'server',
        code: 'sign-in-refused',
        words: `A sign-in from ${address} was refused.`,
      });
      throw new CodedError('wrong-credentials');
    }
    this.#byAddress.giveBack(network);
    this.#byAccountAndAddress.clear(`${network} ${account}`);
    this.#byAccount.giveBack(account);
    await this.#events.add({
      actor: `staff:${staff.name}`,
      code: 'signed-in',
      words: `Signed in from ${address}.`,
      subject: { kind: 'staff', id: staff.id },
    });
    return identityOf(staff);
  }

  /** The secret for the cookie. */
  async openSession(staffId: string): Promise<string> {
    const token = Buffer.from(this.#random.bytes(32)).toString('base64url');
    const now = this.#clock.now();
    await this.#store.addSession({
      id: this.#random.uuid(),
      token_hash: hashOf(token),
      staff_id: staffId,
      created_at: now,
      expires_at: now + sessionMs,
      complete_at: now,
      proven_at: now,
      last_seen_at: now,
      method: 'password',
      address: '',
      browser: '',
    });
    return token;
  }

  async ofSession(token: string): Promise<StaffIdentity | undefined> {
    const staff = await this.#store.bySession(hashOf(token), this.#clock.now());
    return staff && identityOf(staff);
  }

  async endSession(token: string): Promise<void> {
    await this.#store.endSession(hashOf(token));
  }

  async #newStaff(wanted: NewStaff): Promise<StaffRow> {
    const name = plainText(wanted.name, '');
    if (name === '') throw new CodedError('bad-request', 'Give a name.');
    return {
      id: this.#random.uuid(),
      name,
      email: wanted.email.trim().toLowerCase(),
      password_hash: await hashPassword(wanted.password, this.#random),
      created_at: this.#clock.now(),
      disabled_at: null,
      signs_for: JSON.stringify(distinctSides(wanted.signsFor ?? ['it'])),
    };
  }

  #limit(limiter: TryLimiter, key: string): void {
    if (!limiter.take(key)) throw new CodedError('too-many-requests');
  }
}

/** Of no password; checked when the account does not exist, so that time tells nothing. */
const decoyHash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in constant time. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

const distinctSides = (sides: readonly SignSide[]): SignSide[] => [...new Set(sides)];

function identityOf(staff: StaffRow): StaffIdentity {
  return { id: staff.id, name: staff.name, email: staff.email, signsFor: sidesIn(staff) };
}
