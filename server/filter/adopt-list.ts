import { createHash } from 'node:crypto';
import type { PolicyList } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { openCompiled } from '../../shared/filter/compiled.ts';
import type { RowFormat } from '../../shared/filter/row.ts';
import type { ListRecord, Subscription } from '../store/lists.ts';
import { type CompiledList, isExcepted } from './compile.ts';
import { exceptionNames } from './list-names.ts';

/** Compiled names as somebody hands them in: whole, of this SHA-256, and of our format; `bad-list` otherwise. How many they are. */
export function demandArtifact(hash: string, artifact: Uint8Array): number {
  const is = createHash('sha256').update(artifact).digest('hex');
  if (is === hash) return openCompiled(artifact).count;
  throw new CodedError('bad-list', `The file is not the one of this SHA-256: it has ${is}. Export it again.`);
}

/** A list that was compiled on another server; `bad-list` where document and artefact do not fit. */
export function compiledFrom(list: PolicyList, artifact: Uint8Array): CompiledList {
  const names = demandArtifact(list.artifact, artifact);
  const { category, canary, skipped, artifact: hash } = list;
  const exceptions = exceptionNames(list.ownExceptions);
  if (canary !== null && (!openCompiled(artifact).has(canary) || isExcepted(canary, exceptions)))
    throw new CodedError('bad-list', `The list ${category} does not block its canary ${canary}. Export it again.`);
  return { artifact, hash, names, skipped, canary, exceptions, format: list.format as RowFormat, problems: [] };
}

/** What was heard at an address stays known while the address does. A new one is asked when its hours are over. */
export function subscriptionFrom(
  { subscription: wanted }: PolicyList,
  earlier: ListRecord | undefined,
  now: number,
): Subscription | null {
  if (!wanted) return null;
  const known = earlier?.subscription;
  if (known?.url === wanted.url) return { ...known, refreshHours: wanted.refreshHours };
  return { ...wanted, etag: null, lastModified: null, refreshedAt: now, problem: null };
}
