import { createHash } from 'node:crypto';
import Type from 'typebox';
import { SignedManifest } from '../../shared/protocol/messages.ts';
import { Sha256, strictObject, validator } from '../../shared/schema.ts';
import type { Log } from '../log.ts';
import { parseJson, readIfThere, removeDurably, writeDurably } from './durable-file.ts';
import { moveAside } from './home.ts';

const HeldSection = strictObject({
  hash: Sha256,
  content: Type.String({ maxLength: 1_000_000 }),
  /** Why the content the manifest names could not be used, in words; this earlier one stays in force. */
  refused: Type.Optional(Type.String({ maxLength: 1000 })),
});
export type HeldSection = Type.Static<typeof HeldSection>;

const StoredState = strictObject({
  signed: SignedManifest,
  /** Section → the content in force. */
  sections: Type.Record(Type.String(), HeldSection, { maxProperties: 64 }),
});
export type StoredState = Type.Static<typeof StoredState>;
const stored = validator(StoredState);

/** The last verified state with the contents of its sections, in one file that is always whole. */
export class VerifiedState {
  readonly #path: string;
  readonly #log: Log;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  save(state: StoredState): void {
    writeDurably(this.#path, JSON.stringify(state));
  }

  /** Undefined when there is none. A damaged file is moved aside: the server sends the state again. */
  load(now: number): StoredState | undefined {
    const text = readIfThere(this.#path);
    if (text === undefined) return undefined;
    const parsed = parseJson(text);
    if (stored.check(parsed) && Object.values(parsed.sections).every(isWhole)) return parsed;
    const aside = moveAside(this.#path, now);
    this.#log.error({ aside }, 'The stored state was damaged and has been moved aside; the server will send it again.');
    return undefined;
  }

  delete(): void {
    removeDurably(this.#path);
  }
}

function isWhole({ hash, content }: HeldSection): boolean {
  return sha256(content) === hash;
}

/** Hash of a section's content or an artefact, as the protocol writes it. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
