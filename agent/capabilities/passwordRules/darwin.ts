import type { PasswordRulesSettings } from '../../../shared/profile/password-rules.ts';
import type { CommandResult } from '../../platform/commands.ts';
import { forPeople, type HostPart, type Line, line, refused } from '../baseline/baseline.ts';
import type { Host } from '../capability.ts';

const pwpolicy = '/usr/bin/pwpolicy';

/** What account policies ask; undefined where they say nothing of it. */
export interface AccountPolicies {
  minLength: number | undefined;
  failedAttempts: number | undefined;
  unlockSeconds: number | undefined;
}

/**
 * `pwpolicy -getaccountpolicies`: a line of words, then a property list, which is missing where nothing is set. The forms are
 * those of a passcode payload and of pwpolicy(8).
 */
export function parseAccountPolicies(stdout: string): AccountPolicies {
  const numbers = (form: RegExp) => [...stdout.matchAll(form)].map(([, digits]) => Number(digits));
  const lengths = numbers(/policyAttributePassword matches '(?:\^)?\.\{(\d+),\d*\}/g);
  const failures = numbers(/<key>policyAttributeMaximumFailedAuthentications<\/key>\s*<integer>(\d+)<\/integer>/g);
  const seconds = numbers(/<key>autoEnableInSeconds<\/key>\s*<integer>(\d+)<\/integer>/g);
  return { minLength: highest(lengths), failedAttempts: lowest(failures), unlockSeconds: highest(seconds) };
}

/** Pure. Only MDM can put right what is not as desired. */
export function policyLines(settings: PasswordRulesSettings, seen: AccountPolicies): Line[] {
  const { minLength, minClasses, failedAttempts, unlockMinutes } = settings;
  const row = (item: string, expected: string, value: number | undefined, isAsked: boolean) =>
    isAsked
      ? line(item, expected, String(value), true)
      : forPeople(item, expected, `${value ?? 'not set'}: set it with a passcode payload of MDM`);
  return [
    ...(minLength === undefined
      ? []
      : [row('shortest password', `${minLength} or more`, seen.minLength, (seen.minLength ?? 0) >= Number(minLength))]),
    ...(minClasses === undefined
      ? []
      : [forPeople('kinds of characters', minClasses, 'not known: macOS writes them in many ways')]),
    ...(failedAttempts === undefined
      ? []
      : [
          row(
            'wrong passwords until the account is locked',
            `${failedAttempts} or fewer`,
            seen.failedAttempts,
            (seen.failedAttempts ?? Number.POSITIVE_INFINITY) <= failedAttempts,
          ),
        ]),
    ...(unlockMinutes === undefined
      ? []
      : [
          row(
            'seconds until it is unlocked',
            `${unlockMinutes * 60} or more`,
            seen.unlockSeconds,
            (seen.unlockSeconds ?? 0) >= unlockMinutes * 60,
          ),
        ]),
  ];
}

/** macOS: looked at. Tested on documented output, not run on a real Mac. */
export class MacPasswordRules implements HostPart<PasswordRulesSettings> {
  readonly unsupportedWhy?: string;
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
    if (!host.files.isHost)
      this.unsupportedWhy = 'Account policies are no files: a trial under a folder leaves them alone.';
  }

  async observe(settings: PasswordRulesSettings): Promise<Line[]> {
    const result: CommandResult = await this.#host.commands.run(pwpolicy, ['-getaccountpolicies']);
    if (result.code === 0) return policyLines(settings, parseAccountPolicies(result.stdout));
    const what = 'The account policies could not be read';
    throw refused('password-rules-not-read', what, result.failure ?? result.stderr, 'Run the agent as root.');
  }

  apply(): Promise<void> {
    return Promise.resolve();
  }

  holds(): Promise<boolean> {
    return Promise.resolve(false);
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  watched(): string[] {
    return [];
  }
}

function highest(numbers: readonly number[]): number | undefined {
  return numbers.length > 0 ? Math.max(...numbers) : undefined;
}

function lowest(numbers: readonly number[]): number | undefined {
  return numbers.length > 0 ? Math.min(...numbers) : undefined;
}
