import type { AuditProblem, SignedHead } from '../../shared/api/schemas.ts';
import type { EventRow } from '../store/event-chain.ts';
import { digestOf, genesis, hashOf } from './chain.ts';

/** What the check needs of the server's key. */
export interface CheckKey {
  seal(hash: string): string | null;
  signed(head: SignedHead): boolean;
}

type Kind = AuditProblem['kind'];
/** `[first, last]` ids, and the row that says they were erased. */
export interface Erasure {
  first: number;
  last: number;
  by: number;
}

const mostProblems = 100;

/**
 * Goes over the rows in the order of their ids and over signed heads in theirs, once, and remembers nothing but the row before:
 * a log of any length is checked in the same memory. After a row that does not fit it goes on from what that row says of
 * itself, so that one alteration is one problem.
 */
export class ChainCheck {
  readonly problems: AuditProblem[] = [];
  moreProblems = 0;
  rows = 0;
  erasedRows = 0;
  heads = 0;
  readonly #key: CheckKey;
  readonly #isErasedBy: (id: number) => number | undefined;
  #last = { id: 0, hash: genesis };
  readonly #origin: SignedHead | undefined;

  /** `isErasedBy`: the row that says this one was erased. `origin`: the head of the last row that need not be sealed. */
  constructor(key: CheckKey, isErasedBy: (id: number) => number | undefined, origin?: SignedHead) {
    this.#key = key;
    this.#isErasedBy = isErasedBy;
    this.#origin = origin && key.signed(origin) ? origin : undefined;
  }

  get lastId(): number {
    return this.#last.id;
  }

  row(row: EventRow): void {
    const { id } = row;
    this.rows += 1;
    const missing = id - this.#last.id - 1;
    if (missing > 0) this.#note('gap', this.#last.id + 1, `${rowsWords(this.#last.id + 1, id - 1)} missing.`);
    else if (hashOf(this.#last.hash, row) !== row.hash)
      this.#note('unlinked', id, `Row ${id} does not follow from the row before: it was altered, inserted or moved.`);
    this.#personal(row);
    this.#seal(row);
    this.#last = { id, hash: row.hash };
  }

  /**
   * A head that says where the log ended when `id` was its last row. Give it after that row, or after the last. A later head
   * vouches for one that agrees with the rows: its signature need not be looked at (`isVouched`).
   */
  head(head: SignedHead, isVouched: boolean): void {
    this.heads += 1;
    const { id, hash } = this.#last;
    if (head.id === id && head.hash === hash && (isVouched || this.#key.signed(head))) return;
    if (!this.#key.signed(head))
      this.#note('bad-head', head.id, `The head of row ${head.id} of ${head.at} was not signed by this server's key.`);
    else if (head.id > id) this.#noteEnd(head);
    else this.#note('rewritten', head.id, `Row ${head.id} is not the one that was signed on ${head.at}.`);
  }

  /** A line of the heads that is none. */
  badLine(): void {
    this.#note('bad-head', this.#last.id, 'A line of audit-heads.log is damaged.');
  }

  #personal(row: EventRow): void {
    const { id, salt } = row;
    const erasedBy = this.#isErasedBy(id);
    if (salt === null) {
      this.erasedRows += 1;
      if (erasedBy === undefined || erasedBy <= id || !isBlank(row))
        this.#note('erased', id, `Row ${id} was emptied, and no row of the log says so.`);
    } else if (digestOf(salt, row) !== row.digest) this.#note('altered', id, `What row ${id} says was altered.`);
    else if (erasedBy !== undefined)
      this.#note('erased', id, `Row ${erasedBy} says that row ${id} was emptied, and it is not.`);
  }

  #seal({ id, hash, seal }: EventRow): void {
    const { id: unsealedUpTo = 0, hash: wanted = '' } = this.#origin ?? {};
    if (id === unsealedUpTo && hash !== wanted)
      this.#note('rewritten', id, `The rows up to ${id}, from before the log was sealed, are not those of then.`);
    if (seal === null && id <= unsealedUpTo) return;
    if (seal !== this.#key.seal(hash)) this.#note('unsealed', id, `Row ${id} was not written by this server.`);
  }

  /** The log ends too early once, however many heads are beyond its end; the last says the most. */
  #noteEnd({ id, at }: SignedHead): void {
    const words = `The log ends with row ${this.#last.id}, but row ${id} was there on ${at}.`;
    const said = this.problems.find(({ kind }) => kind === 'truncated');
    if (said) said.words = words;
    else this.#note('truncated', this.#last.id + 1, words);
  }

  #note(kind: Kind, row: number, words: string): void {
    if (this.problems.length < mostProblems) this.problems.push({ kind, row, words });
    else this.moreProblems += 1;
  }
}

function rowsWords(first: number, last: number): string {
  return first === last ? `Row ${first} is` : `Rows ${first} to ${last} are`;
}

function isBlank(row: EventRow): boolean {
  const { actor, words, actor_id, role, address, session, reason, ticket_id, changes, approver } = row;
  const others = [actor_id, role, address, session, reason, ticket_id, changes, approver];
  return actor === '' && words === '' && others.every((one) => one === null);
}

/** By which row an id was erased, in logarithmic time. Ranges never overlap: what is erased is not erased again. */
export function erasureIndex(erasures: readonly Erasure[]): (id: number) => number | undefined {
  const sorted = erasures.toSorted((a, b) => a.first - b.first);
  return (id) => {
    let [low, high] = [0, sorted.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const range = sorted[middle] as Erasure;
      if (id < range.first) high = middle - 1;
      else if (id > range.last) low = middle + 1;
      else return range.by;
    }
    return undefined;
  };
}
