import { CodedError } from '../../shared/errors/catalogue.ts';

/** Exit codes of `rollcall`, as documented in docs/operations.md. */
export const exitCodes = {
  done: 0,
  /** Something went wrong on the server or on this machine. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** No server answers for this home. */
  notRunning: 3,
  /** The input was refused: nothing was changed. */
  refused: 4,
  /** The change is large: look at it with --dry-run and confirm with --yes. */
  confirm: 5,
} as const;

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof CodedError)) return exitCodes.failed;
  if (error.code === 'unavailable') return exitCodes.notRunning;
  if (error.code === 'mass-change') return exitCodes.confirm;
  return error.status >= 500 ? exitCodes.failed : exitCodes.refused;
}
