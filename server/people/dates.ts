import { quoted } from './problems.ts';

/** A date as written: `date` is `YYYY-MM-DD`, or null when it cannot be known; `words` say what was wrong with it. */
export interface DateReading {
  date: string | null;
  words?: string;
}

const wanted = 'Write dates as YYYY-MM-DD';

/** Reads the standard's form, a full timestamp, and numbers with slashes where the order of day and month is plain. */
export function readDate(written: string): DateReading {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(T.*)?$/.exec(written);
  if (iso) {
    const date = dateOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
    if (date === null || date === written) return date === null ? noSuchDay(written) : { date };
    return { date, words: `${quoted(written)} was read as “${date}”. ${wanted}.` };
  }
  const numbers = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: .*)?$/.exec(written);
  if (!numbers) return { date: null, words: `${quoted(written)} is not a date. ${wanted}.` };
  return fromNumbers(written, Number(numbers[1]), Number(numbers[2]), Number(numbers[3]));
}

function fromNumbers(written: string, first: number, second: number, year: number): DateReading {
  const monthFirst = dateOf(year, first, second);
  const dayFirst = dateOf(year, second, first);
  const date = monthFirst ?? dayFirst;
  if (date === null) return noSuchDay(written);
  if (monthFirst !== null && dayFirst !== null && monthFirst !== dayFirst) {
    const words = `${quoted(written)} may be “${monthFirst}” or “${dayFirst}”, so it was left blank. ${wanted}.`;
    return { date: null, words };
  }
  return { date, words: `${quoted(written)} was read as “${date}”. ${wanted}.` };
}

const noSuchDay = (written: string): DateReading => ({
  date: null,
  words: `${quoted(written)} is not a day of the calendar. ${wanted}.`,
});

function dateOf(year: number, month: number, day: number): string | null {
  const instant = new Date(Date.UTC(year, month - 1, day));
  const exists = instant.getUTCMonth() === month - 1 && instant.getUTCDate() === day;
  return exists && year >= 1900 && year <= 2200 ? instant.toISOString().slice(0, 10) : null;
}
