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
    const line = { level: numbers[level], time: now(), ...fields, msg };
    write(`${JSON.stringify(line, (_key, value) => (value instanceof Error ? described(value) : value))}\n`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** What JSON leaves out of an error. Whatever else one carries, as a certificate that names its own issuer, is left out. */
function described(error: Error & { code?: unknown }): object {
  const { name, message, code, stack, cause } = error;
  return { type: name, message, code, stack, cause };
}
