import { CodedError } from '../../shared/errors/catalogue.ts';

/** A SHA-256 somebody promised. */
export interface Digest {
  of: 'content' | 'travelled';
  /** Lower-case hexadecimal. */
  sha256: string;
  /** Who gave it, in words. */
  from: string;
}

/** Takes `#sha256=…` off an address: the checksum of the list as text. Throws `list-unreachable` when it cannot be one. */
export function digestsOf(url: URL): { digest: Digest[]; address: URL } {
  const address = new URL(url);
  address.hash = '';
  const written = /^#sha256=(.*)$/i.exec(url.hash)?.[1];
  if (written === undefined) return { digest: [], address };
  if (!/^[0-9a-f]{64}$/i.test(written)) {
    throw new CodedError(
      'list-unreachable',
      'The checksum in the address is no SHA-256: it takes 64 digits of 0-9 and a-f.',
    );
  }
  return { digest: [{ of: 'content', sha256: written.toLowerCase(), from: 'its address' }], address };
}
