import type { ProfileContent } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import type { ProposedItem } from '../policy-service-types.ts';
import { contentOf } from '../profiles/summaries.ts';
import type { FrozenItem } from '../store/change-records.ts';
import { type ChangeStore, inAnotherWords } from '../store/changes.ts';
import type { GroupStore } from '../store/groups.ts';
import type { ProfileStore } from '../store/profiles.ts';
import type { RolloutStore } from '../store/rollouts.ts';

export interface FreezingStores {
  changes: ChangeStore;
  profiles: ProfileStore;
  groups: GroupStore;
  rollouts: RolloutStore;
}

/** What is wrong with contents that are to be published together, one sentence each. */
export type ProblemsOf = (items: readonly FrozenItem[]) => Promise<string[]>;

/**
 * The drafts, or contents, as they are now. Refused: an older version, nothing that differs from what is published, an item
 * that is in another live change or on its way in rings, and contents with problems.
 */
export async function freezeItems(
  stores: FreezingStores,
  wanted: readonly ProposedItem[],
  problemsOf: ProblemsOf,
): Promise<FrozenItem[]> {
  const items: FrozenItem[] = [];
  for (const item of wanted) items.push(await freeze(stores, item));
  demandEachOnce(items);
  for (const item of items) await demandFree(stores, item);
  const problems = await problemsOf(items);
  if (problems.length > 0)
    throw new CodedError('bad-profile', 'The change has problems. Nothing was proposed.', problems);
  return items;
}

async function freeze(stores: FreezingStores, wanted: ProposedItem): Promise<FrozenItem> {
  if (wanted.kind === 'profile') {
    const record = await stores.profiles.find(wanted.id);
    const before = record?.published ? contentOf(record.published) : null;
    const fields = frozenFields(record, wanted);
    return {
      kind: 'profile',
      ...fields,
      content: contentOf(changed<ProfileContent>(wanted, record?.draft, before)),
      before,
    };
  }
  const record = await stores.groups.find(wanted.id);
  const before = record?.published?.content ?? null;
  const fields = frozenFields(record, wanted);
  return { kind: 'group', ...fields, content: changed<GroupContent>(wanted, record?.draft, before), before };
}

function frozenFields(
  record: { name: string; version: number; published: { number: number } | null } | undefined,
  { kind, id, version, content }: ProposedItem,
) {
  if (!record) throw new CodedError('not-found', `There is no such ${kind}.`);
  if (record.version !== version) throw new CodedError('changed-meanwhile');
  const fromRevision = record.published?.number ?? null;
  return { id, name: record.name, version, fromRevision, fromDraft: content === undefined };
}

function changed<C>({ content }: { content?: C }, draft: C | null | undefined, before: C | null): C {
  const proposed = content ?? draft ?? null;
  if (proposed === null) throw new CodedError('conflict', 'There is no draft to publish. Change something first.');
  if (canonicalJson(proposed) === canonicalJson(before))
    throw new CodedError('conflict', 'Nothing differs from what is published. Change something first.');
  return proposed;
}

function demandEachOnce(items: readonly FrozenItem[]): void {
  const names = new Set(items.map(({ kind, id }) => `${kind} ${id}`));
  if (names.size < items.length) throw new CodedError('bad-request', 'Name each profile and each group once.');
}

async function demandFree({ changes, rollouts }: FreezingStores, item: FrozenItem): Promise<void> {
  const other = await changes.liveOf(item);
  if (other) throw new CodedError('conflict', inAnotherWords(item, other));
  const underWay = (await rollouts.underWay()).some(({ kind, id }) => kind === item.kind && id === item.id);
  if (underWay) throw new CodedError('conflict', underWayWords(item));
}

export function underWayWords({ name }: Pick<FrozenItem, 'name'>): string {
  return `“${name}” is still on its way to the devices. Finish that rollout or roll it back first.`;
}
