import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { Deadlines } from '../deadlines.ts';
import { type CaseStores, type District, readCases } from './cases.ts';
import { judgeDevices } from './devices.ts';
import type { ComplianceParameters } from './judge.ts';
import { judgePeople, type PeopleStores, type PersonCase } from './people.ts';
import type { PresenceMemory } from './presence.ts';

export interface BatchParts {
  stores: CaseStores & PeopleStores;
  clock: Clock;
  presence: PresenceMemory;
  parameters: ComplianceParameters;
  /** Is told who is to be judged once more: a deadline has passed, or a device came or went while it was judged. */
  again: (ids: readonly string[]) => void;
}

/** Whose verdicts changed. */
export interface Changed {
  deviceIds: string[];
  personIds: string[];
  /** Devices of which a check changed, or only its words. */
  worded: Set<string>;
}

const personPrefix = 'person ';

/** How a person is named among devices that wait to be judged. */
export const personKey = (personId: string): string => personPrefix + personId;

/** Ids of devices, and of people by `personKey`, told apart. */
export function byKind(ids: readonly string[]): { devices: string[]; people: string[] } {
  const isPerson = (id: string) => id.startsWith(personPrefix);
  return {
    devices: ids.filter((id) => !isPerson(id)),
    people: ids.filter(isPerson).map((id) => id.slice(personPrefix.length)),
  };
}

/** Judges a handful of devices or people, stores what changed, and remembers when each may stand otherwise by itself. */
export class Batches {
  readonly #parts: BatchParts;
  readonly #deadlines: Deadlines;

  constructor(parts: BatchParts) {
    this.#parts = parts;
    this.#deadlines = new Deadlines(parts.clock, parts.again);
  }

  /** Waits for the next deadline of all that were judged. */
  arm(): void {
    this.#deadlines.arm();
  }

  disarm(): void {
    this.#deadlines.disarm();
  }

  /** Judges devices and those people of theirs whom it moves, and stores both at once. Returns the people. */
  async judgeDevices(
    ids: readonly string[],
    district: District,
    withHolders: boolean,
    changed: Changed,
  ): Promise<string[]> {
    const { stores, presence, parameters, again } = this.#parts;
    const read = (some: readonly string[], since?: ReadonlyMap<string, number>) =>
      readCases(stores, presence, district, some, since);
    const judged = await judgeDevices(ids, read, stores, parameters, district.now);
    await turnOfTheLoop();
    for (const id of ids) this.#deadlines.set(id, judged.deadlines.get(id) ?? null);
    const moved = judged.contacts.filter((contact) => !presence.noteJudged(contact));
    again(moved.map(({ deviceId }) => deviceId));
    const people = await this.#peopleOf(ids, judged.movedFrom, withHolders, district.now);
    const { changes, deadlines } = await judgePeople(people, stores, judged.derived, district);
    for (const [id, deadline] of deadlines) this.#deadlines.set(personKey(id), deadline);
    for (const { deviceId } of judged.checks) changed.worded.add(deviceId);
    for (const { subjectId } of judged.devices) changed.worded.add(subjectId);
    changed.deviceIds.push(...judged.devices.map(({ subjectId }) => subjectId));
    changed.personIds.push(...changes.map(({ subjectId }) => subjectId));
    // What fails only when it goes to disk can be read already.
    await stores.judgements.write({ ...judged, people: changes });
    return people.map(({ id }) => id);
  }

  async judgePeople(ids: readonly string[], district: District, changed: Changed): Promise<void> {
    const { stores } = this.#parts;
    const people = ids.map((id) => ({ id, since: district.now }));
    const { changes, deadlines } = await judgePeople(people, stores, new Map(), district);
    for (const [id, deadline] of deadlines) this.#deadlines.set(personKey(id), deadline);
    changed.personIds.push(...changes.map(({ subjectId }) => subjectId));
    await stores.judgements.write({ checks: [], devices: [], people: changes, judgedUpTo: new Map(), consumed: [] });
  }

  /** Who held a device since its verdicts moved; also who holds it now, where something else of it may have changed. */
  async #peopleOf(
    ids: readonly string[],
    movedFrom: ReadonlyMap<string, number>,
    withHolders: boolean,
    now: number,
  ): Promise<PersonCase[]> {
    const custodies = await this.#parts.stores.custody.everOfDevices(ids);
    const since = new Map<string, number>();
    for (const [deviceId, own] of custodies) {
      const moved = movedFrom.get(deviceId) ?? (withHolders ? now : undefined);
      if (moved === undefined) continue;
      for (const { personId, startsAt, endedAt } of own)
        if (endedAt === null || endedAt >= moved)
          since.set(personId, Math.min(Math.max(moved, startsAt), since.get(personId) ?? now));
    }
    return [...since].map(([id, from]) => ({ id, since: from }));
  }
}
