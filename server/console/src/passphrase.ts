import { shortestPassphrase } from '../../../shared/api/schemas/escrow.ts';

export interface PassphraseAdvice {
  /** Of 100, for a meter. */
  strength: number;
  words: string;
  /** The server would refuse it. */
  refused: boolean;
}

const fewestSigns = 5;
const goodWords = 5;
const goodLength = 24;

/** What to say of a passphrase while it is typed. Length counts, not odd signs: NIST SP 800-63B section 5.1.1.2. */
export function passphraseAdvice(typed: string): PassphraseAdvice {
  const signs = [...typed.normalize('NFC')];
  const missing = shortestPassphrase - signs.length;
  if (missing > 0)
    return {
      strength: (signs.length / shortestPassphrase) * 40,
      refused: true,
      words: missing === 1 ? 'One character more.' : `${missing} characters more.`,
    };
  if (new Set(signs).size < fewestSigns)
    return { strength: 20, refused: true, words: 'The same few characters over and over: easy to guess.' };
  const parts = typed.split(/[\s-]+/).filter((part) => part.length > 2);
  if (parts.length >= goodWords || (parts.length < 2 && signs.length >= goodLength))
    return { strength: 100, refused: false, words: 'Strong, if the words were chosen by chance.' };
  return { strength: 65, refused: false, words: 'Enough. Another word chosen by chance makes it much stronger.' };
}

/** Why two fields cannot be sent yet; undefined when they can. */
export function passphraseProblem(typed: string, repeated: string): string | undefined {
  if (passphraseAdvice(typed).refused) return 'Type a passphrase of 16 characters or more.';
  return typed === repeated ? undefined : 'Type the same passphrase twice.';
}
