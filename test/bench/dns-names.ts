/*
 * Generated names, so that no list has to be fetched: of two to four labels of many lengths, as on real lists. Resolvers
 * that search by length or label by label behave otherwise on names of one shape.
 */

const listedEndings = [
  'com',
  'net',
  'org',
  'info',
  'de',
  'ru',
  'co.uk',
  'top',
  'xyz',
  'io',
  'shop',
  'online',
  'site',
  'nl',
];
const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Spreads numbers (the end of MurmurHash3): neighbours in, strangers out. */
export function scatter(number: number): number {
  let mixed = Math.imul(number ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** A name on the list of a bench; another one for each index. */
export function listedName(index: number): string {
  return `${prefix(index)}${index.toString(36)}.${listedEndings[scatter(index) % listedEndings.length]}`;
}

/** So many of them. */
export function listedNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => listedName(index));
}

/** A name that is on no list, of the same shape. */
export function freeName(index: number): string {
  return `${prefix(index)}${index.toString(36)}.edu`;
}

/** No label, one or two of 4 to 15 letters. */
function prefix(index: number): string {
  const seed = scatter(index);
  const labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2][seed % 10] ?? 0;
  return Array.from({ length: labels }, (_, label) => `${word(scatter(seed + label))}.`).join('');
}

function word(seed: number): string {
  let mixed = seed;
  let written = '';
  for (let length = 4 + (seed % 12); length > 0; length--) {
    written += letters[mixed % letters.length];
    mixed = scatter(mixed);
  }
  return written;
}
