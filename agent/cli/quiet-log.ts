import { plainLines } from '../../shared/plain-text.ts';
import type { Log } from '../log.ts';

/** For commands that answer on standard output: only what went wrong is said, on standard error. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_fields, words) => void process.stderr.write(`${plainLines(words)}\n`),
  error: (_fields, words) => void process.stderr.write(`${plainLines(words)}\n`),
};
