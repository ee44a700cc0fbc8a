import type { FilterView } from '../../agent/filter/view.ts';
import { compileNames, openCompiled } from '../../shared/filter/compiled.ts';
import { decideName, preparePolicy } from '../../shared/filter/decide.ts';
import type { Category, Decision } from '../../shared/filter/decision.ts';
import { inForceAt } from '../../shared/filter/in-force.ts';
import type { Place } from '../../shared/filter/place.ts';
import type { RecordingLevel, WebFilterSection } from '../../shared/profile/web-filter.ts';
import type { FakeClock } from './clock.ts';

/** A filter in force without a resolver: the same decisions from lists given by name. */
export class FakeFilterView implements FilterView {
  section: WebFilterSection | undefined;
  place: Place = 'on-campus';
  recording: RecordingLevel = 'blocked';
  readonly #clock: FakeClock;
  readonly #categories: readonly Category[];

  constructor(clock: FakeClock, section: WebFilterSection, lists: Record<string, readonly string[]> = {}) {
    this.#clock = clock;
    this.section = section;
    this.#categories = section.lists.map(({ category: id, title }) => ({
      id,
      title,
      names: openCompiled(compileNames([...(lists[id] ?? [])])),
    }));
  }

  now(): number {
    return this.#clock.now();
  }

  decide(name: string): Decision | undefined {
    if (!this.section) return undefined;
    const inForce = inForceAt(this.section, { now: this.now(), place: this.place });
    return decideName(name, preparePolicy(this.section, this.#categories, inForce));
  }
}

/** A reference to a list that is never fetched. */
export function listReference(category: string, title: string): WebFilterSection['lists'][number] {
  return { category, title, hash: 'a'.repeat(64), bytes: 24, names: 1 };
}
