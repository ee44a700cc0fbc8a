import { createHash } from 'node:crypto';
import { CodedError } from '../../shared/errors/catalogue.ts';

/** A strong validator of exactly these bytes (RFC 9110 section 8.8.3). */
export function entityTag(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` names the answer: weak comparison, as section 13.1.2 asks. */
export function isNamed(header: string, tag: string): boolean {
  return header.trim() === '*' || tagsIn(header).some((each) => each.replace(/^W\//, '') === tag);
}

/** `precondition-failed` unless `If-Match` names what there is: strong comparison (section 13.1.1). */
export function demandMatch(header: string, tag: string): void {
  if (header.trim() !== '*' && !tagsIn(header).includes(tag)) throw new CodedError('precondition-failed');
}

function tagsIn(header: string): string[] {
  return header.match(/(?:W\/)?"[^"]*"/g) ?? [];
}

/** Work on one address at a time, so that nothing changes between the comparison and the change. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  async take<T>(address: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(address) ?? Promise.resolve();
    const own = before.then(work, work);
    this.#last.set(address, own);
    try {
      return await own;
    } finally {
      if (this.#last.get(address) === own) this.#last.delete(address);
    }
  }
}
