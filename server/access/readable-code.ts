import type { Random } from '../../shared/clock.ts';

/** Letters and digits that cannot be mistaken for each other: 5 bits each. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A secret to be read and typed, in groups of four. */
export function readableCode(random: Random, length: number): string {
  const letters = [...random.bytes(length)].map((byte) => alphabet[byte % alphabet.length]);
  return letters.join('').replace(/(.{4})(?!$)/g, '$1-');
}

/** As it was made, however it was typed. */
export function plainCode(typed: string): string {
  return typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
}
