import Type from 'typebox';
import { choice, EpochMs, strictObject, text, validator } from '../../../shared/schema.ts';
import type { Log } from '../../log.ts';
import { parseJson, readIfThere, writeDurably } from '../../store/durable-file.ts';

export const lookEnds = ['open', 'refused', 'ended'] as const;

/** Who wanted to look at this device, when and why, and how it went. */
const PastLook = strictObject({
  id: text(64, { minLength: 1 }),
  at: EpochMs,
  by: text(200),
  ticket: Type.Integer({ minimum: 0 }),
  reason: text(500),
  holder: choice(['student', 'staff', 'unknown']),
  /** When the person had allowed it, or was told; absent: it never began. */
  beganAt: Type.Optional(EpochMs),
  endedAt: Type.Optional(EpochMs),
  state: choice(lookEnds),
  words: text(300),
  /** The person ended it. */
  wasStopped: Type.Optional(Type.Boolean()),
  /** How many support bundles the person sent. */
  bundles: Type.Integer({ minimum: 0 }),
});
export type PastLook = Type.Static<typeof PastLook>;

const most = 100;
const Kept = Type.Array(PastLook, { maxItems: most });
const keptSchema = validator(Kept);

/**
 * The list of looks that stays on the device for its person, the newest last; the oldest of more than a hundred go, but not
 * the last one that says staff hold the device.
 */
export class PastLooks {
  readonly #path: string;
  readonly #log: Log;
  #kept: PastLook[] | undefined;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  get all(): readonly PastLook[] {
    this.#kept ??= this.#load();
    return this.#kept;
  }

  find(id: string): PastLook | undefined {
    return this.all.find((look) => look.id === id);
  }

  /** True when the device was ever said to be held by staff: then nobody weakens that by saying otherwise. */
  get wasStaffs(): boolean {
    return this.all.some(({ holder }) => holder === 'staff');
  }

  /** Adds or replaces one. False when the disk does not take it. */
  keep(look: PastLook): boolean {
    const others = this.all.filter(({ id }) => id !== look.id);
    const all = [...others, look];
    const staffs = all.findLast(({ holder }) => holder === 'staff');
    const newest = all.slice(-most);
    const kept = !staffs || newest.includes(staffs) ? newest : [staffs, ...newest.slice(1)];
    try {
      writeDurably(this.#path, JSON.stringify(kept));
      this.#kept = kept;
      return true;
    } catch (error) {
      this.#log.error({ err: error, path: this.#path }, 'A look at this device could not be kept. Is the disk full?');
      return false;
    }
  }

  /** What was open when the agent ended, however it did, is over: nothing of it runs any more. */
  #load(): PastLook[] {
    const content = readIfThere(this.#path);
    const parsed = content === undefined ? [] : parseJson(content);
    if (!keptSchema.check(parsed)) {
      this.#log.warn({ path: this.#path }, 'The list of looks at this device was damaged; it begins anew.');
      return [];
    }
    return parsed.map((look) =>
      look.state === 'open' ? { ...look, state: 'ended' as const, words: 'The agent was restarted.' } : look,
    );
  }
}
