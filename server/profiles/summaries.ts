import type { ProfileContent, ProfileDetail, ProfileSummary } from '../../shared/api/schemas.ts';
import { selectorKey } from '../../shared/policy/match.ts';
import { type SelectorNames, selectorWords } from '../../shared/policy/words.ts';
import { capabilityNames } from '../../shared/profile/registry.ts';
import type { ProfileRecord, RevisionRecord } from '../store/profiles.ts';

type Fate = NonNullable<ProfileDetail['revisions'][number]['rollout']>;
export type ScopeCount = { scope: readonly string[]; devices: number };

/** Settings, assignments and whether it is locked, without what else a revision carries. */
export function contentOf({ settings, assignments, locked }: ProfileContent): ProfileContent {
  return { settings, assignments, ...(locked && { locked }) };
}

/** A profile in a list: what is published, and how many devices it reaches. */
export function summaryOf(
  record: ProfileRecord,
  names: SelectorNames,
  scopes: readonly ScopeCount[],
  rollout?: ProfileSummary['rollout'],
): ProfileSummary {
  const { id, name, description, draft, published } = record;
  const assignments = published?.assignments ?? [];
  return {
    id,
    name,
    description,
    publishedRevision: published?.number ?? null,
    publishedAt: published ? instant(published.publishedAt) : null,
    hasDraft: draft !== null,
    capabilities: capabilityNames.filter((capability) => published?.settings[capability] !== undefined),
    assignments: assignments.map((input) => ({ input, words: selectorWords(input.to, names).slice(0, 400) })),
    ...(published?.locked && { locked: true }),
    ...(rollout && { rollout }),
    deviceCount: reachedScopes(published, scopes).reduce((sum, { devices }) => sum + devices, 0),
  };
}

/** The scopes in which a selector of the revision is, answered or kept (`keptKey` in `resolve.ts`). */
export function reachedScopes<S extends ScopeCount>(
  revision: Pick<RevisionRecord, 'assignments'> | null,
  scopes: readonly S[],
): S[] {
  const keys = new Set((revision?.assignments ?? []).map(({ to }) => selectorKey(to)));
  return scopes.filter(({ scope }) => scope.some((key) => keys.has(key.replace(/^kept:[^:]*:/, ''))));
}

/** A profile as its form shows it. */
export function detailOf(
  record: ProfileRecord,
  {
    revisions,
    fates,
    rollout,
  }: {
    revisions: readonly RevisionRecord[];
    fates: ReadonlyMap<number, string>;
    rollout: ProfileSummary['rollout'];
  },
  names: SelectorNames,
  scopes: readonly ScopeCount[],
): ProfileDetail {
  return {
    profile: summaryOf(record, names, scopes, rollout),
    content: record.draft ?? (record.published ? contentOf(record.published) : { settings: {}, assignments: [] }),
    version: record.version,
    revisions: revisions.map(({ number, publishedAt, by, note, settings }) => ({
      ...(fates.has(number) && { rollout: fates.get(number) as Fate }),
      number,
      publishedAt: instant(publishedAt),
      by,
      note,
      settings,
    })),
  };
}

const instant = (ms: number) => new Date(ms).toISOString();
