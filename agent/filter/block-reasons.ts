import type { Decision } from '../../shared/filter/decision.ts';
import { ownPagesName } from './special-names.ts';
import { extendedError } from './wire/reply.ts';

/** RFC 8914. */
const blockedCode = 15;

/** Words for a decision whose block is of this resolver's mode, not of a rule. */
export const withoutPolicy: Decision = { action: 'block', layer: 'default' };

export interface HelpPlaces {
  /** Whom to ask; '': nobody is known. */
  contact: string;
  /** The device's own pages answer. */
  page: boolean;
}

/** The words a blocked answer carries: what blocks the name, until when, and how to ask. */
export class BlockReasons {
  readonly #help: string;
  readonly #titles: ReadonlyMap<string, string>;
  readonly #ofCategories = new Map<string, Buffer>();
  readonly #ofLocked = new Map<string, Buffer>();
  readonly #ofRules = new WeakMap<Decision, Buffer>();

  constructor({ contact, page }: HelpPlaces, categories: readonly { id: string; title: string }[]) {
    const ways = [...(page ? [`http://${ownPagesName}/`] : []), ...(contact === '' ? [] : [contact])];
    this.#help = ways.length === 0 ? '' : ` Ask: ${ways.join(' or ')}`;
    this.#titles = new Map(categories.map(({ id, title }) => [id, title]));
  }

  /** The Extended DNS Error of a block; made once for each category and rule. */
  of(decision: Decision): Buffer {
    const { layer, category = '' } = decision;
    if (layer === 'category') return this.#once(this.#ofCategories, category, decision);
    if (layer === 'locked-minimum') return this.#once(this.#ofLocked, category, decision);
    return this.#once(this.#ofRules, decision, decision);
  }

  #once<K extends string | Decision>(
    made: { get(key: K): Buffer | undefined; set(key: K, error: Buffer): unknown },
    key: K,
    decision: Decision,
  ): Buffer {
    const known = made.get(key);
    if (known) return known;
    const error = extendedError(blockedCode, this.#words(decision));
    made.set(key, error);
    return error;
  }

  #words(decision: Decision): string {
    const until = decision.until === undefined ? '' : `, until ${localTime(decision.until)}`;
    return `Blocked by the web filter (${this.#why(decision)}${until}).${this.#help}`;
  }

  #why({ layer, category, rule, assignment }: Decision): string {
    if (layer === 'default') return 'this device has no usable policy, so only essentials pass';
    if (layer === 'schedule') return `schedule ${rule}`;
    if (layer === 'override') return `closed by ${assignment}`;
    if (category === undefined) return `blocked domain ${rule}`;
    const title = this.#titles.get(category) ?? category;
    return layer === 'locked-minimum' ? `category ${title}, which nobody can open` : `category ${title}`;
  }
}

/** `2026-11-22 14:05`, in the zone of the device. */
function localTime(instant: number): string {
  const time = new Date(instant);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
