import { inspect } from 'node:util';
import pino, { type Logger } from 'pino';

/** A log that goes where `tell` takes it, since a front has none of its own. */
export function frontLog(level: string, tell: (level: string, message: string, details: string) => void): Logger {
  const options = {
    level,
    hooks: {
      logMethod(entry: unknown[], _method: unknown, number: number) {
        const message = entry.findLast((part) => typeof part === 'string') ?? '';
        const details = entry.filter((part) => typeof part === 'object' && part !== null);
        tell(levelOf(number), message, details.map((part) => inspect(part, { depth: 3, breakLength: 200 })).join(' '));
      },
    },
  };
  return pino(options, { write: () => undefined });
}

/** Pino's numbers: info is 30, each level ten apart. */
function levelOf(number: number): string {
  if (number >= 50) return 'error';
  if (number >= 40) return 'warn';
  return number >= 30 ? 'info' : 'debug';
}
