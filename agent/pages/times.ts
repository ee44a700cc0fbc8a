import { language, timeWords } from './words.ts';

const dayMs = 86_400_000;

/** Instants in words, in the district's zone, as seen from one moment. */
export class Times {
  readonly #now: number;
  readonly #zone: string | undefined;

  constructor(now: number, zone: string | undefined) {
    this.#now = now;
    this.#zone = zone !== undefined && isZone(zone) ? zone : undefined;
  }

  /** `15:05`, `tomorrow, 08:00`, `Tuesday, 08:00`, `24 November, 08:00`. */
  at(instant: number): string {
    const time = this.#format(instant, { hour: '2-digit', minute: '2-digit', hour12: false });
    const day = this.#day(instant);
    return day === undefined ? time : timeWords.onDay(day, time);
  }

  #day(instant: number): string | undefined {
    const date = (at: number) => this.#format(at, { year: 'numeric', month: 'numeric', day: 'numeric' });
    if (date(instant) === date(this.#now)) return undefined;
    if (date(instant) === date(this.#now + dayMs)) return timeWords.tomorrow;
    if (date(instant) === date(this.#now - dayMs)) return timeWords.yesterday;
    const isNear = instant > this.#now && instant < this.#now + 6 * dayMs;
    return this.#format(instant, isNear ? { weekday: 'long' } : { day: 'numeric', month: 'long' });
  }

  #format(instant: number, options: Intl.DateTimeFormatOptions): string {
    const zone = this.#zone === undefined ? {} : { timeZone: this.#zone };
    return new Intl.DateTimeFormat(language.times, { ...options, ...zone }).format(instant);
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat(language.times, { timeZone: zone }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
