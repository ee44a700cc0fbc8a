import type { FilterSettings } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Bus } from '../bus.ts';
import { Deadlines } from '../deadlines.ts';
import { readFilterSettings } from '../profiles/filter-context.ts';
import type { Actor, EventLog, FilterSettingsService, LifeCycle } from '../services.ts';
import type { DocumentStore } from '../store/documents.ts';
import { filterSettingsProblems } from './filter-settings-problems.ts';

interface Saved {
  settings: FilterSettings;
  version: number;
}

export interface FilterSettingsParts {
  documents: DocumentStore;
  events: EventLog;
  bus: Bus;
  clock: Clock;
}

const document = 'filter-settings';
const titles: Record<keyof FilterSettings, string> = {
  essentials: 'essentials',
  campus: 'campus networks',
  requestHours: 'hours to decide requests',
  namesKeptDays: 'days that names are kept',
  countsKeptDays: 'days that numbers are kept',
  reportThreshold: 'threshold of reports',
  preset: 'state preset',
  presetException: 'exception from the state preset',
};

/** What the district decides for every web filter; devices follow each save, and the end of an exception. */
export class DistrictFilterSettings implements FilterSettingsService, LifeCycle {
  readonly #parts: FilterSettingsParts;
  readonly #exceptionEnd: Deadlines;

  constructor(parts: FilterSettingsParts) {
    this.#parts = parts;
    this.#exceptionEnd = new Deadlines(parts.clock, () => parts.bus.publish('filter-changed', {}));
  }

  async start(): Promise<void> {
    this.#watchException((await this.read()).settings);
  }

  async stop(): Promise<void> {
    this.#exceptionEnd.disarm();
  }

  async read(): Promise<Saved> {
    return await readFilterSettings(this.#parts.documents);
  }

  async save(settings: FilterSettings, version: number, actor: Actor): Promise<Saved> {
    const { documents, bus, clock } = this.#parts;
    const problems = filterSettingsProblems(settings, clock.now());
    if (problems.length > 0) throw new CodedError('bad-filter-settings', undefined, problems);
    const before = await this.read();
    const saved = { settings, version: await documents.save(document, settings, version, clock.now()) };
    await this.#tell(before.settings, settings, actor);
    this.#watchException(settings);
    bus.publish('filter-changed', {});
    return saved;
  }

  #watchException({ presetException }: FilterSettings): void {
    this.#exceptionEnd.set(document, presetException === null ? null : Date.parse(presetException.until));
    this.#exceptionEnd.arm();
  }

  async #tell(before: FilterSettings, after: FilterSettings, actor: Actor): Promise<void> {
    const { events } = this.#parts;
    const changed = (Object.keys(titles) as (keyof FilterSettings)[])
      .filter((name) => canonicalJson(before[name]) !== canonicalJson(after[name]))
      .map((name) => titles[name]);
    const what = changed.length > 0 ? changed.join(', ') : 'nothing was changed';
    const words = `The filter settings were saved: ${what}.`;
    await events.add({ actor, code: 'filter-settings-saved', words, before, after });
    if (changed.includes(titles.preset) || changed.includes(titles.presetException))
      await events.add({ actor, code: 'state-preset-changed', words: presetWords(after) });
  }
}

function presetWords({ preset, presetException }: FilterSettings): string {
  if (presetException === null) return `The state preset is “${preset}” now, without an exception.`;
  const { until, reason } = presetException;
  return `The state preset “${preset}” has an exception until ${until}: ${reason}`;
}
