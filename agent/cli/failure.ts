import { CodedError } from '../../shared/errors/catalogue.ts';
import { ConfigError } from '../config.ts';
import { ServerRefused, WrongDistrict } from '../identity/enrolment-client.ts';
import { Unreachable } from '../identity/https.ts';
import { IdentityDamaged, NotEnrolled } from '../identity/identity-files.ts';
import { HomeBusy } from '../store/database.ts';
import { exitCodes } from './exit-codes.ts';

/** How a command ended badly: a code for programs, a sentence for people. */
export interface Failure {
  exitCode: number;
  code: string;
  words: string;
}

/** A failure of a command with its own sentence. */
export class CommandFailed extends Error {
  readonly code: string;
  readonly exitCode: number;
  constructor(code: string, words: string, exitCode: number = exitCodes.failed) {
    super(words);
    this.name = 'CommandFailed';
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** Undefined when the error is a fault of the program and deserves its stack. */
export function failureOf(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined;
  const kind = codeOf(error);
  return kind && { ...kind, words: wordsOf(error) };
}

function codeOf(error: Error): Omit<Failure, 'words'> | undefined {
  if (error instanceof CommandFailed) return { exitCode: error.exitCode, code: error.code };
  if (error instanceof ConfigError) return { exitCode: exitCodes.usage, code: 'bad-config' };
  if (error instanceof CodedError) return { exitCode: exitCodes.usage, code: error.code };
  if (error instanceof NotEnrolled) return { exitCode: exitCodes.notEnrolled, code: 'not-enrolled' };
  if (error instanceof IdentityDamaged) return { exitCode: exitCodes.failed, code: 'identity-damaged' };
  if (error instanceof ServerRefused) return { exitCode: exitCodes.refused, code: error.code };
  if (error instanceof WrongDistrict) return { exitCode: exitCodes.wrongServer, code: 'wrong-server' };
  if (error instanceof Unreachable) return { exitCode: exitCodes.unreachable, code: 'unreachable' };
  if (error instanceof HomeBusy) return { exitCode: exitCodes.busy, code: 'busy' };
  return isFileProblem(error) ? { exitCode: exitCodes.failed, code: 'file-problem' } : undefined;
}

function wordsOf(error: Error): string {
  const place = placeOf(error);
  if (place === undefined) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM')
    return `${place} may not be used by this user. Run it as an administrator.`;
  return `${place}: ${error.message}`;
}

function isFileProblem(error: Error): boolean {
  return placeOf(error) !== undefined;
}

/** The file or local socket a system call failed on. */
function placeOf(error: Error): string | undefined {
  const { syscall, path, address } = error as NodeJS.ErrnoException & { address?: string };
  return syscall === undefined ? undefined : (path ?? address);
}
