import type { CommandResult } from '../../platform/commands.ts';
import type { ObservationValue } from '../collector.ts';

export type Encryption = ObservationValue<'diskEncryption'>;
export type Firewall = ObservationValue<'firewall'>;
export type UsbStorage = ObservationValue<'usbStorage'>;
export type GuestAccount = ObservationValue<'guestAccount'>;

/** What cannot be told, with the reason in words. Never a guess: unknown is never no. */
export function unknown(evidence: string): { state: 'unknown'; evidence: string } {
  return { state: 'unknown', evidence: evidence.slice(0, 500) };
}

/** Why a program gave no answer. Its own text stays here: it may name users or files. */
export function silence(program: string, result: CommandResult): string {
  if (result.failure === 'missing') return `${program} is not installed`;
  if (
    result.failure === 'denied' ||
    /denied|not permitted|must be root|need to be root|need administrator access|0x80070005/i.test(
      result.stderr + result.stdout,
    )
  )
    return `${program} may not be asked by this account`;
  if (result.failure === 'timed-out') return `${program} did not answer in time`;
  return `${program} gave no usable answer (exit code ${result.code})`;
}
