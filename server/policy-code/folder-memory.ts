import type { DocumentStore } from '../store/documents.ts';
import { fingerprintOf, keyOf } from './objects.ts';
import { gone, type PlannedStep } from './plan.ts';

/** The last fingerprints of each object that a folder was applied with, and the change that still waits. */
export interface FolderMemory {
  known: Record<string, string[]>;
  waiting: { change: string; items: Record<string, string> } | null;
}

const most = 5;
const nothing: FolderMemory = { known: {}, waiting: null };

/**
 * What the server knows of the folders it was applied from. A pipeline that applies a repository again and again need not
 * write the lock file back: what it applied last is its own, and whatever else is here is somebody else's.
 */
export class FolderMemories {
  readonly #documents: DocumentStore;

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  async read(folder: string | null): Promise<FolderMemory> {
    if (folder === null) return nothing;
    return ((await this.#documents.read(rowOf(folder)))?.content as FolderMemory | undefined) ?? nothing;
  }

  async save(folder: string, memory: FolderMemory, now: number): Promise<void> {
    const version = (await this.#documents.read(rowOf(folder)))?.version ?? 0;
    await this.#documents.save(rowOf(folder), memory, version, now);
  }
}

const rowOf = (folder: string) => `policy-folder ${folder}`;

/**
 * As it is once these steps were taken. What waits to be made is not there yet, and what waits to be taken away will not be
 * there soon: that is nobody's doing.
 */
export function remembering(
  { known }: FolderMemory,
  steps: readonly PlannedStep[],
  waiting: FolderMemory['waiting'],
): FolderMemory {
  const next = steps.map(({ object, action }) => {
    const key = keyOf(object);
    if (action === 'remove' && waiting === null) return [key, [gone]] as const;
    const before = (known[key] ?? []).filter((one) => one !== gone);
    const isMade = action === 'create' && waiting !== null && key in waiting.items;
    const absent = isMade || action === 'remove' ? [gone] : [];
    return [key, [...new Set([...absent, fingerprintOf(object), ...before])].slice(0, most)] as const;
  });
  return { known: { ...known, ...Object.fromEntries(next) }, waiting };
}
