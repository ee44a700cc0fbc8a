import type { Log } from '../log.ts';

/** For commands that answer on standard output: only what went wrong is said, on standard error. */
export const quietLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (_fields, words) => void process.stderr.write(`${words}\n`),
  error: (_fields, words) => void process.stderr.write(`${words}\n`),
};
