import type { Clock } from '../../../shared/clock.ts';
import { type FilterPolicy, preparePolicy } from '../../../shared/filter/decide.ts';
import { type Category, type InForce, nothingInForce } from '../../../shared/filter/decision.ts';
import { recordingLevel } from '../../../shared/filter/recording.ts';
import { type RecordingLevel, recordingDefaults, type WebFilterSection } from '../../../shared/profile/web-filter.ts';
import type { Context } from '../../context/context.ts';

export interface TimedPolicyOptions {
  context: Context;
  clock: Clock;
}

/** What goes by the calendar. Loaded only for sections that need it: with the tables of zones it weighs some 14 MB. */
interface CalendarRules {
  inForceAt: typeof import('../../../shared/filter/in-force.ts').inForceAt;
  schoolHoursAt: typeof import('../../../shared/calendar/windows.ts').schoolHoursAt;
}

interface Prepared {
  section: WebFilterSection;
  policy: FilterPolicy;
  inForce: InForce;
  schoolHours: boolean;
  /** The instant it was worked out for. */
  at: number;
}

/** Timers stand still while a device sleeps and do not hear of a corrected clock, so none is trusted for longer. */
const longestWaitMs = 30_000;
const shortestWaitMs = 50;
const placeWaitMs = 1000;

/**
 * A section as it applies now and here. It is worked out anew when something in it begins or ends, when the place changes and
 * when the time was corrected; whoever asked hears of every policy that differs from the one before.
 */
export class TimedPolicy {
  readonly #options: TimedPolicyOptions;
  #rules: CalendarRules | undefined;
  #sources: { section: WebFilterSection; categories: readonly Category[] } | undefined;
  #prepared: Prepared | undefined;
  #onPolicy: (policy: FilterPolicy) => void = () => undefined;
  #cancelTimer: (() => void) | undefined;
  #forget: (() => void) | undefined;

  constructor(options: TimedPolicyOptions) {
    this.#options = options;
  }

  get section(): WebFilterSection | undefined {
    return this.#prepared?.section;
  }

  get policy(): FilterPolicy | undefined {
    return this.#prepared?.policy;
  }

  get inForce(): InForce {
    return this.#prepared?.inForce ?? nothingInForce;
  }

  /** What may be recorded now and here; nothing before a section is in force. */
  get recording(): RecordingLevel {
    if (!this.#prepared) return 'none';
    const { section, schoolHours } = this.#prepared;
    return recordingLevel(section.settings, { place: this.#options.context.here.place, schoolHours });
  }

  /** The policy of a section now and here, without putting it in force. */
  async preview(section: WebFilterSection, categories: readonly Category[]): Promise<FilterPolicy> {
    return preparePolicy(section, categories, this.#judge(section, await this.#rulesFor(section)).inForce);
  }

  /** Goes by this section from now on; `onPolicy` hears of what changes later. */
  async use(
    section: WebFilterSection,
    categories: readonly Category[],
    onPolicy: (policy: FilterPolicy) => void,
  ): Promise<FilterPolicy> {
    this.#rules = await this.#rulesFor(section);
    await this.#placeFor(section);
    this.#sources = { section, categories };
    this.#onPolicy = onPolicy;
    const prepared = this.#prepare(section, categories);
    this.#forget ??= this.#options.context.onChange(() => this.#again());
    this.#wait();
    return prepared.policy;
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#forget?.();
    this.#forget = undefined;
    this.#sources = undefined;
    this.#prepared = undefined;
  }

  /** A network that is slow to tell where it is must not hold up the filter: until then what is stricter holds. */
  async #placeFor({ campus = [] }: WebFilterSection): Promise<void> {
    const { context, clock } = this.#options;
    const late = Promise.withResolvers<void>();
    const cancel = clock.after(placeWaitMs, late.resolve);
    await Promise.race([context.useCampus(campus), late.promise]);
    cancel();
  }

  #tick(): void {
    const now = this.#options.context.now();
    const isCertain = this.#prepared && this.#prepared.at <= now && now < this.inForce.until;
    if (isCertain) this.#wait();
    else this.#again();
  }

  #again(): void {
    if (!this.#sources || !this.#prepared) return;
    const { section, categories } = this.#sources;
    const before = this.#prepared;
    const judged = this.#judge(section, this.#rules);
    if (sameInForce(before.inForce, judged.inForce)) {
      this.#prepared = { ...before, ...judged };
    } else {
      this.#onPolicy(this.#prepare(section, categories).policy);
    }
    this.#wait();
  }

  #prepare(section: WebFilterSection, categories: readonly Category[]): Prepared {
    const judged = this.#judge(section, this.#rules);
    this.#prepared = { section, policy: preparePolicy(section, categories, judged.inForce), ...judged };
    return this.#prepared;
  }

  #judge(
    section: WebFilterSection,
    rules: CalendarRules | undefined,
  ): Pick<Prepared, 'inForce' | 'schoolHours' | 'at'> {
    const { context } = this.#options;
    const now = context.now();
    if (!rules) return { inForce: nothingInForce, schoolHours: false, at: now };
    const inForce = rules.inForceAt(section, { now, place: context.here.place });
    const school = rules.schoolHoursAt(section.calendar, now);
    return {
      inForce: { ...inForce, until: Math.min(inForce.until, school.until) },
      schoolHours: school.holds,
      at: now,
    };
  }

  #wait(): void {
    const { clock, context } = this.#options;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const left = this.inForce.until - context.now();
    if (left === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer = clock.after(Math.min(Math.max(left, shortestWaitMs), longestWaitMs), () => this.#tick());
  }

  async #rulesFor(section: WebFilterSection): Promise<CalendarRules | undefined> {
    if (!goesByTime(section)) return undefined;
    if (this.#rules) return this.#rules;
    const [{ inForceAt }, { schoolHoursAt }] = await Promise.all([
      import('../../../shared/filter/in-force.ts'),
      import('../../../shared/calendar/windows.ts'),
    ]);
    return { inForceAt, schoolHoursAt };
  }
}

/** Recording that is the same in and after school hours needs no bells. */
function goesByTime({ settings, overrides = [], calendar }: WebFilterSection): boolean {
  const { schedules = [], recording, recordingAfterHours } = settings;
  const inSchool = recording ?? recordingDefaults.recording;
  const afterHours = recordingAfterHours ?? recordingDefaults.recordingAfterHours;
  return schedules.length > 0 || overrides.length > 0 || (calendar !== undefined && inSchool !== afterHours);
}

/** Decisions say until when they hold, so the ends count too. */
function sameInForce(one: InForce, other: InForce): boolean {
  const parts = ({ schedules, overrides }: InForce) =>
    JSON.stringify([schedules.map(({ schedule, until }) => [schedule, until]), overrides.map(({ id }) => id)]);
  return parts(one) === parts(other);
}
