import Type from 'typebox';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import type { Clock } from '../../shared/clock.ts';
import { textOf } from '../../shared/compliance/words/language.ts';
import type { Platform } from '../../shared/profile/keywords.ts';
import type { VerdictMessage } from '../../shared/protocol/messages.ts';
import { strictObject, text, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { isLanguage, languages } from '../pages/words/languages.ts';
import type { Commands } from '../platform/commands.ts';
import { parseJson, readIfThere, writeDurably } from '../store/durable-file.ts';
import { desktopSessions, showMessage } from './linux.ts';

const Told = strictObject({ day: text(10), keys: Type.Array(text(100), { maxItems: 300 }) });
type Told = Type.Static<typeof Told>;
const toldSchema = validator(Told);

export interface NoticesParts {
  platform: Platform;
  commands: Commands;
  /** The file that remembers what was said today. */
  path: string;
  /** Of the web filter in force; without one no exams are known. */
  calendar: () => SchoolCalendar | undefined;
  /** Where the device's own page is; without it there is nothing to say. */
  page: () => string | undefined;
  /** The language of the system, `es_US.UTF-8`. */
  locale: () => Promise<string | undefined>;
  clock: Clock;
  log: Log;
}

/**
 * Tells the person on their desktop that something needs to be put right: once a day for each step and check, and not
 * during exams. On Linux alone: Windows and macOS show messages of a service only through a program in the person's session,
 * which the agent does not have.
 */
export class Notices {
  readonly #parts: NoticesParts;
  #work: Promise<void> = Promise.resolve();

  constructor(parts: NoticesParts) {
    this.#parts = parts;
  }

  /** Never rejects; one after the other. */
  consider(verdict: VerdictMessage): Promise<void> {
    this.#work = this.#work.then(async () => {
      try {
        await this.#consider(verdict);
      } catch (error) {
        this.#parts.log.warn({ err: error }, 'A message could not be shown on the desktop.');
      }
    });
    return this.#work;
  }

  async #consider(verdict: VerdictMessage): Promise<void> {
    const { platform, commands, page } = this.#parts;
    const address = page();
    if (platform !== 'linux' || address === undefined || verdict.step === 'none') return;
    const failing = verdict.checks.filter(
      ({ status, severity, waivedUntil }) => status === 'fail' && severity !== 'minor' && waivedUntil === undefined,
    );
    const told = this.#toldToday();
    const fresh = failing.filter(({ check }) => !told.keys.includes(keyOf(verdict, check)));
    if (fresh.length === 0 || (await this.#isExam())) return;
    const sessions = await desktopSessions(commands);
    if (sessions.length === 0) return;
    const message = await this.#message(
      verdict,
      failing.map(({ check }) => check),
      address,
    );
    const shown = await Promise.all(sessions.map((session) => showMessage(commands, session, message)));
    if (!shown.includes(true)) return;
    const keys = [...told.keys, ...fresh.map(({ check }) => keyOf(verdict, check))].slice(-300);
    writeDurably(this.#parts.path, JSON.stringify({ day: told.day, keys } satisfies Told));
  }

  async #message({ step }: VerdictMessage, failing: readonly string[], address: string) {
    const code = (await this.#parts.locale())?.slice(0, 2).toLowerCase();
    const { page, checks } = await languages[isLanguage(code) ? code : 'en'].load();
    const titles = failing.map((check) => textOf(checks, check)?.title ?? check);
    const { my } = page;
    const lead = step === 'none' ? '' : my.step[step];
    return { title: my.wrongCount(failing.length), body: `${titles.join(', ')}. ${lead} ${my.noticeSee(address)}` };
  }

  async #isExam(): Promise<boolean> {
    const calendar = this.#parts.calendar();
    if (!calendar) return false;
    const { windowState } = await import('../../shared/calendar/windows.ts');
    return windowState({ kind: 'freeze' }, calendar, this.#parts.clock.now()).holds;
  }

  /** A damaged file costs a repeated message. */
  #toldToday(): Told {
    const { path, clock } = this.#parts;
    const day = localDay(new Date(clock.now()));
    const parsed = parseJson(readIfThere(path) ?? '');
    return toldSchema.check(parsed) && parsed.day === day ? parsed : { day, keys: [] };
  }
}

/** YYYY-MM-DD here. Without `Intl`, whose tables weigh 6 MB that nothing else of a resident agent asks for. */
function localDay(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function keyOf({ step }: VerdictMessage, check: string): string {
  return `${step} ${check}`;
}
