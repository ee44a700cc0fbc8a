import type { Mode } from '../../../shared/profile/mode.ts';
import type { CapabilityName, Sections } from '../../../shared/profile/registry.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import { type Capability, CapabilityError, type Change, type Observation } from '../capability.ts';

/** A line of evidence; what only people can put right is named, so that it is not tried again and again. */
export interface Line extends Evidence {
  byPeople?: true;
}

/** What one operating system does for one capability of the security baseline. */
export interface HostPart<S> {
  /** Why this host cannot do it at all; absent where it can. */
  readonly unsupportedWhy?: string;
  observe(settings: S): Promise<Line[]>;
  apply(settings: S): Promise<void>;
  /** True while something that `apply` set is still there. */
  holds(): Promise<boolean>;
  /** Puts back what was there before. Idempotent. */
  remove(): Promise<void>;
  watched(): string[];
  /** As `Capability.subscribe`. */
  subscribe?(onChange: () => void): () => void;
}

/** A capability that looks only in `audit` and puts right in `enforce`; the systems differ in their `HostPart`. */
export class Baseline<N extends CapabilityName> implements Capability<N> {
  readonly name: N;
  readonly supported: boolean;
  readonly unsupportedWhy: string;
  readonly verifiable = true;
  readonly #part: HostPart<NonNullable<Sections[N]>>;

  constructor(name: N, part: HostPart<NonNullable<Sections[N]>>) {
    this.name = name;
    this.#part = part;
    this.supported = part.unsupportedWhy === undefined;
    this.unsupportedWhy = part.unsupportedWhy ?? '';
  }

  async observe(settings: NonNullable<Sections[N]>): Promise<Observation> {
    const lines = await this.#part.observe(settings);
    if (isEnforced(settings)) return { evidence: lines };
    const left = (await this.#part.holds()) ? [leftFrom(this.name)] : [];
    return { evidence: [...lines.map(lookedAt), ...left] };
  }

  plan(_settings: NonNullable<Sections[N]>, { evidence }: Observation): Change[] {
    return evidence
      .filter((line) => !line.ok && !('byPeople' in line))
      .map(({ item, seen, expected }) => ({ item, before: seen, after: expected }));
  }

  async apply(settings: NonNullable<Sections[N]>): Promise<void> {
    await (isEnforced(settings) ? this.#part.apply(settings) : this.#part.remove());
  }

  remove(): Promise<void> {
    return this.supported ? this.#part.remove() : Promise.resolve();
  }

  watched(): string[] {
    return this.#part.watched();
  }

  subscribe(_settings: NonNullable<Sections[N]>, onChange: () => void): () => void {
    return this.#part.subscribe?.(onChange) ?? (() => undefined);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** Evidence cut to the lengths the protocol carries; as desired when what is seen is what is expected. */
export function line(item: string, expected: string, seen: string, ok = seen === expected): Line {
  return { item: cut(item, 300), expected: cut(expected, 500), seen: cut(seen, 500), ok };
}

/** The same for what only people can put right. */
export function forPeople(item: string, expected: string, seen: string): Line {
  return { ...line(item, expected, seen, false), byPeople: true };
}

/** A host that refused, with the first words it said. */
export function refused(code: string, what: string, answer: string, remedy: string): CapabilityError {
  const said = answer.trim().split('\n')[0]?.trim().slice(0, 200) || 'no reason given';
  return new CapabilityError(code, `${what} (${said}). ${remedy}`);
}

function isEnforced(settings: object): boolean {
  const enforce: Mode = 'enforce';
  return 'mode' in settings && settings.mode === enforce;
}

/** In audit nothing is a failure of the agent; the checks of the server judge what is seen. */
function lookedAt({ item, expected, seen, ok }: Line): Line {
  return ok
    ? { item, expected, seen, ok }
    : line(item, `only looked at; enforcing would expect: ${expected}`, seen, true);
}

function leftFrom(name: string): Line {
  return line(name, 'only looked at', 'still set by an earlier profile', false);
}

function cut(words: string, length: number): string {
  return words.length <= length ? words : `${words.slice(0, length - 1)}…`;
}
