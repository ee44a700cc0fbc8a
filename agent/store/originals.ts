import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type from 'typebox';
import { strictObject, validator } from '../../shared/schema.ts';
import type { Original, OriginalsKeeper } from '../platform/host-files.ts';
import { parseJson, removeDurably, writeDurably } from './durable-file.ts';

const Kept = strictObject({
  /** Order in which originals were kept, so that they are put back newest first. */
  order: Type.Integer({ minimum: 0 }),
  owner: Type.String(),
  path: Type.String(),
  original: Type.Union([
    strictObject({ kind: Type.Literal('absent'), foldersMade: Type.Array(Type.String()) }),
    strictObject({ kind: Type.Literal('file'), base64: Type.String(), mode: Type.Integer() }),
    strictObject({ kind: Type.Literal('link'), target: Type.String() }),
  ]),
});
type Kept = Type.Static<typeof Kept>;
const kept = validator(Kept);

/**
 * What stood on the host before the agent came: one small file each, so that a damaged database costs no original.
 * `keep` has returned only when the original is on disk.
 */
export class StoredOriginals implements OriginalsKeeper {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  keep(owner: string, path: string, original: Original): void {
    const file = this.#file(owner, path);
    if (existsSync(file)) return;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const order = Math.max(-1, ...this.#all().map((item) => item.order)) + 1;
    writeDurably(file, JSON.stringify({ order, owner, path, original: toJson(original) } satisfies Kept));
  }

  kept(owner: string): { path: string; original: Original }[] {
    return this.#all()
      .filter((item) => item.owner === owner)
      .sort((a, b) => a.order - b.order)
      .map((item) => ({ path: item.path, original: fromJson(item.original) }));
  }

  foldersMade(): ReadonlySet<string> {
    const absent = this.#all().map(({ original }) => original);
    return new Set(absent.flatMap((original) => (original.kind === 'absent' ? original.foldersMade : [])));
  }

  forget(owner: string, path: string): void {
    const file = this.#file(owner, path);
    if (existsSync(file)) removeDurably(file);
  }

  #file(owner: string, path: string): string {
    return join(this.#folder, `${createHash('sha256').update(`${owner}\n${path}`).digest('hex').slice(0, 32)}.json`);
  }

  /** Files that cannot be read any more: what they kept cannot be put back, and is never kept anew. */
  damaged(): string[] {
    return this.#files().filter((file) => read(file) === undefined);
  }

  #all(): Kept[] {
    return this.#files()
      .map(read)
      .filter((item) => item !== undefined);
  }

  #files(): string[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(this.#folder, name));
  }
}

function read(file: string): Kept | undefined {
  const parsed = parseJson(readFileSync(file, 'utf8'));
  return kept.check(parsed) ? parsed : undefined;
}

function toJson(original: Original): Kept['original'] {
  if (original.kind !== 'file') return original;
  return { kind: 'file', base64: Buffer.from(original.content).toString('base64'), mode: original.mode };
}

function fromJson(original: Kept['original']): Original {
  if (original.kind !== 'file') return original;
  return { kind: 'file', content: Buffer.from(original.base64, 'base64'), mode: original.mode };
}
