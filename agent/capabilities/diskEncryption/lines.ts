import type { Encryption } from '../../health/posture/observation.ts';
import { forPeople, type Line, line } from '../baseline/baseline.ts';

/** Whether a disk is encrypted; what cannot be told is no failure, and where it is not people are told what to do. */
export function encryptionLine(item: string, { state, evidence }: Encryption, remedy: string): Line {
  const expected = 'encrypted';
  if (state === 'encrypted') return line(item, expected, expected);
  if (state === 'unknown') return line(item, expected, `not known: ${evidence}`, true);
  return forPeople(item, expected, `${evidence}; ${remedy}`);
}

export const noEscrowKey = forPeople(
  'recovery keys',
  'handed in',
  'the district has no escrow key yet: set it up on the page Recovery',
);
