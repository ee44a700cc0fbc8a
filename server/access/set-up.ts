import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { EventLog } from '../services.ts';
import type { StaffStore } from '../store/staff.ts';
import { type NewStaff, newStaffRow } from './accounts.ts';
import { TryLimiter } from './limiter.ts';
import { networkOf } from './network.ts';
import { readableCode } from './readable-code.ts';
import { identityOf, type StaffIdentity, sameText } from './staff-identity.ts';

const codeLength = 12;
/** Codes of one network in a quarter of an hour. */
const tries = { limit: 100, windowMs: 900_000 };

export interface SetUpParts {
  store: StaffStore;
  events: EventLog;
  clock: Clock;
  random: Random;
}

/** The first account, by a one-time code: once in the life of a server, whatever becomes of its accounts. */
export class SetUp {
  readonly #parts: SetUpParts;
  readonly #byAddress: TryLimiter;
  #code: string | undefined;

  constructor(parts: SetUpParts) {
    this.#parts = parts;
    this.#byAddress = new TryLimiter(parts.clock, tries.limit, tries.windowMs);
  }

  /** A new code while nobody ever had an account; it lives in memory only. */
  async open(): Promise<string | undefined> {
    if (!(await this.isNeeded())) return undefined;
    this.#code = readableCode(this.#parts.random, codeLength);
    return this.#code;
  }

  async isNeeded(): Promise<boolean> {
    return !(await this.#parts.store.isSetUp());
  }

  /** Makes the first administrator, who enrols a second factor next. */
  async finish(wanted: NewStaff & { code: string }, address: string): Promise<StaffIdentity> {
    const { store, events, clock, random } = this.#parts;
    if (!this.#byAddress.take(networkOf(address))) throw new CodedError('too-many-requests');
    if (!this.#code || !sameText(wanted.code.trim().toUpperCase(), this.#code) || !(await this.isNeeded()))
      throw new CodedError('wrong-setup-code');
    const staff = await newStaffRow(wanted, clock, random);
    if (!(await store.addFirst(staff))) throw new CodedError('wrong-setup-code');
    this.#code = undefined;
    await events.add({
      actor: 'server',
      code: 'staff-added',
      words: 'The first administrator was made with the one-time code.',
      subject: { kind: 'staff', id: staff.id },
    });
    return identityOf(staff);
  }
}
