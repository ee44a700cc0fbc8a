import type { PageWords } from './words/en.ts';

const dayMs = 86_400_000;

/** Instants in words, in the district's zone, as seen from one moment. */
export class Times {
  readonly #now: number;
  readonly #zone: string | undefined;
  readonly #words: PageWords;

  constructor(now: number, zone: string | undefined, words: PageWords) {
    this.#now = now;
    this.#zone = zone !== undefined && isZone(zone) ? zone : undefined;
    this.#words = words;
  }

  /** `15:05`, `tomorrow, 08:00`, `Tuesday, 08:00`, `24 November, 08:00`. */
  at(instant: number): string {
    const time = this.#format(instant, { hour: '2-digit', minute: '2-digit', hour12: false });
    const day = this.#day(instant);
    return day === undefined ? time : this.#words.timeWords.onDay(day, time);
  }

  /** The end of something with its weekday and date, `Friday 4 December, 15:05`; midnight belongs to the day it ends. */
  until(end: number): string {
    const day = this.#format(end - 1, { weekday: 'long', day: 'numeric', month: 'long' });
    const time = this.#format(end, { hour: '2-digit', minute: '2-digit', hour12: false });
    return time === '00:00' ? day : this.#words.timeWords.onDay(day, time);
  }

  #day(instant: number): string | undefined {
    const date = (at: number) => this.#format(at, { year: 'numeric', month: 'numeric', day: 'numeric' });
    if (date(instant) === date(this.#now)) return undefined;
    if (date(instant) === date(this.#now + dayMs)) return this.#words.timeWords.tomorrow;
    if (date(instant) === date(this.#now - dayMs)) return this.#words.timeWords.yesterday;
    const isNear = instant > this.#now && instant < this.#now + 6 * dayMs;
    return this.#format(instant, isNear ? { weekday: 'long' } : { day: 'numeric', month: 'long' });
  }

  #format(instant: number, options: Intl.DateTimeFormatOptions): string {
    const zone = this.#zone === undefined ? {} : { timeZone: this.#zone };
    return new Intl.DateTimeFormat(this.#words.language.times, { ...options, ...zone }).format(instant);
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
