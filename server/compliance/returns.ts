import { graceDeadline } from '../../shared/compliance/grace.ts';
import { defaultReturnDays } from '../../shared/compliance/policy.ts';
import type { ObligationRecord } from '../store/obligation-records.ts';
import { readCalendars } from './due-dates.ts';
import type { ObligationParts } from './obligations.ts';
import { readCompliancePolicy } from './policy.ts';

const byItself = 'server';
const title = 'Bring back the device';
/** Where a calendar names too few school days. */
const fallbackMs = 7 * 86_400_000;

/** Devices to be brought back: asked of whoever leaves the roster with one, and met when somebody takes it in. */
export class Returns {
  readonly #parts: ObligationParts;

  constructor(parts: ObligationParts) {
    this.#parts = parts;
  }

  /** Brings what is owed in step with custody and roster. Safe to repeat. */
  async follow(): Promise<void> {
    await this.#meet();
    await this.#takeBack();
    await this.#ask();
  }

  async #meet(): Promise<void> {
    const { stores } = this.#parts;
    const open = await stores.obligations.open({ kind: 'device-return' });
    const custodies = await stores.custody.openCustodyOfDevices(open.flatMap(({ deviceId }) => deviceId ?? []));
    const back = open.filter(
      ({ deviceId, personId }) => deviceId === null || custodies.get(deviceId)?.personId !== personId,
    );
    await this.#end(back, 'met', 'is done: the device was taken in.');
  }

  /** A roster that forgot somebody for a day asks nothing of them when they are back. */
  async #takeBack(): Promise<void> {
    const { stores } = this.#parts;
    const own = (await stores.obligations.open({ kind: 'device-return' })).filter(({ by }) => by === byItself);
    const scopes = await stores.people.scopes([...new Set(own.map(({ personId }) => personId))]);
    const here = own.filter(({ personId }) => scopes.get(personId)?.active);
    await this.#end(here, 'cancelled', 'was taken back: the person is in the roster again.');
  }

  async #ask(): Promise<void> {
    const { stores, clock, random, events } = this.#parts;
    const days = (await readCompliancePolicy(stores.documents)).policy.returnDays ?? defaultReturnDays;
    const left = days === 0 ? [] : await stores.obligations.leftHolding();
    const calendarOf = await readCalendars(stores, [...new Set(left.map(({ personId }) => personId))]);
    const now = clock.now();
    const records = left.map(({ personId, deviceId }): ObligationRecord => {
      const end = graceDeadline(calendarOf(personId), now, days);
      const dueAt = Number.isFinite(end) ? end : now + fallbackMs;
      return { id: random.uuid(), personId, kind: 'device-return', title, deviceId, from: now, dueAt, by: byItself };
    });
    if (records.length === 0) return;
    await stores.obligations.insert(records);
    this.#changed(records);
    for (const { personId } of records) {
      const words = `“${title}” is asked of somebody who left the roster, within ${days} school days.`;
      await events.add({ actor: byItself, code: 'obligations-made', words, subject: { kind: 'person', id: personId } });
    }
  }

  async #end(records: readonly ObligationRecord[], outcome: 'met' | 'cancelled', what: string): Promise<void> {
    if (records.length === 0) return;
    const { stores, clock, events } = this.#parts;
    const ids = records.map(({ id }) => id);
    const ended = await stores.obligations.end(ids, { outcome, by: byItself, at: clock.now() });
    this.#changed(ended);
    for (const one of ended) {
      const subject = { kind: 'person' as const, id: one.personId };
      await events.add({ actor: byItself, code: `obligation-${outcome}`, words: `“${one.title}” ${what}`, subject });
    }
  }

  #changed(records: readonly ObligationRecord[]): void {
    const personIds = [...new Set(records.map(({ personId }) => personId))];
    if (personIds.length > 0) this.#parts.bus.publish('obligations-changed', { personIds });
  }
}
