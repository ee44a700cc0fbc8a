import type { TicketCategory, TicketStatus } from '../../shared/api/schemas.ts';
import { plainLines, plainText } from '../../shared/plain-text.ts';

/** For people, in the middle of a sentence. */
export const categoryWords: Record<TicketCategory, string> = {
  slow: 'a slow device',
  'will-not-start': 'a device that does not start',
  screen: 'a screen',
  keyboard: 'a keyboard',
  battery: 'a battery',
  network: 'the network',
  'web-filter': 'the web filter',
  'sign-in': 'signing in',
  software: 'software',
  printing: 'printing',
  'lost-or-stolen': 'a lost or stolen device',
  damage: 'damage',
  security: 'security',
  other: 'something else',
};

/** What a request from a device is called in the queue, until somebody calls it otherwise. */
export const deviceSubjects: Record<TicketCategory, string> = {
  slow: 'The device is slow',
  'will-not-start': 'The device does not start properly',
  screen: 'Something is wrong with the screen',
  keyboard: 'Something is wrong with the keyboard or touchpad',
  battery: 'Something is wrong with the battery or charger',
  network: 'No network, or a bad one',
  'web-filter': 'A site does not open',
  'sign-in': 'Signing in does not work',
  software: 'A program does not work',
  printing: 'Printing does not work',
  'lost-or-stolen': 'A device was lost or stolen',
  damage: 'The device is damaged',
  security: 'Something looks unsafe',
  other: 'A question from the device',
};

export const statusWords: Record<TicketStatus, string> = {
  new: 'new',
  open: 'being worked on',
  waiting: 'waiting',
  resolved: 'solved',
  closed: 'closed',
};

export const longestWords = 4000;
const longestSubject = 200;

/** One line that is safe anywhere, also in a header of mail. */
export function subjectOf(said: string, fallback: string): string {
  return cut(plainText(said, fallback), longestSubject);
}

/** What somebody wrote, in pieces that fit; nothing is lost. At least one, which may be empty. */
export function piecesOf(said: string): string[] {
  const signs = [...plainLines(said).trim()];
  const pieces: string[] = [];
  let piece = '';
  for (const sign of signs) {
    if (piece.length + sign.length > longestWords) {
      pieces.push(piece);
      piece = '';
    }
    piece += sign;
  }
  return [...pieces, piece];
}

/** Never between the halves of one character. */
function cut(words: string, longest: number): string {
  if (words.length <= longest) return words;
  return `${words.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
