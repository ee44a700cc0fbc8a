import type { LogLevel } from './config.ts';
import type { Log } from './log.ts';

/** As pino and what reads its lines number them: https://getpino.io/#/docs/api?id=logger-level */
const numbers: Record<LogLevel, number> = { debug: 20, info: 30, warn: 40, error: 50 };

/**
 * A log of one JSON object a line, in the shape of pino's: `level`, `time` (milliseconds since 1970), the fields, `msg`. The
 * agent's own, as pino would take a megabyte of a device for it (docs/decisions/0042).
 */
export function logLines(least: LogLevel, now: () => number, write: (line: string) => void): Log {
  const at = (level: LogLevel) => (fields: object, msg: string) => {
    if (numbers[level] < numbers[least]) return;
    const own = { level: numbers[level], time: now() };
    write(`${textOf({ ...own, ...fields, msg }, { ...own, msg })}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** A field that holds itself costs the fields, and no caller: what is `left` is written then, with why. */
function textOf(line: object, left: object): string {
  try {
    return JSON.stringify(line, (_key, value) => (value instanceof Error ? described(value) : value));
  } catch (error) {
    return JSON.stringify({ ...left, unwritten: String(error) });
  }
}

/** What JSON leaves out of an error. Whatever else one carries, as a certificate that names its own issuer, is left out. */
function described(error: Error & { code?: unknown; errors?: unknown }): object {
  const { name, message, code, stack, cause, errors } = error;
  return { type: name, message, code, stack, cause, errors };
}
