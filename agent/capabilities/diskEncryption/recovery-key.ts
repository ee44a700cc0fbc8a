import type { Random } from '../../../shared/clock.ts';

/** Letters that stand on the same key of almost every keyboard: it is typed before any layout is loaded. */
const modhex = 'cbdefghijklnrtuv';
const keyBytes = 32;
const groupLength = 8;

/**
 * A new recovery key of 256 bits as ASCII, in the form of `systemd-cryptenroll --recovery-key`: 64 letters in groups of
 * eight. https://www.freedesktop.org/software/systemd/man/systemd-cryptenroll.html The caller clears it.
 */
export function newRecoveryKey(random: Random): Buffer {
  const bytes = random.bytes(keyBytes);
  const letters = [...bytes].flatMap((byte) => [byte >> 4, byte & 0x0f]).map((digit) => modhex.charCodeAt(digit));
  const groups = letters.flatMap((letter, at) => (at > 0 && at % groupLength === 0 ? [dash, letter] : [letter]));
  const key = Buffer.from(groups);
  for (const secret of [bytes, letters, groups]) secret.fill(0);
  return key;
}

const dash = '-'.charCodeAt(0);

/** What `systemd-cryptenroll --recovery-key` prints on standard output. */
export function readRecoveryKey(stdout: string): Buffer | undefined {
  const found = /\b[cbdefghijklnrtuv]{8}(?:-[cbdefghijklnrtuv]{8}){7}\b/.exec(stdout)?.[0];
  return found === undefined ? undefined : Buffer.from(found);
}
