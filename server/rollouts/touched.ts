import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { ProfileStore, RevisionRecord } from '../store/profiles.ts';
import type { PolicyItem, RolloutItem } from '../store/rollout-records.ts';

export interface TouchStores {
  profiles: ProfileStore;
}

/** The sections something new can make fail: those it sets otherwise. Undefined: all, as when it changes who is in a group. */
export async function touchedSections(
  { profiles }: TouchStores,
  items: readonly RolloutItem[],
): Promise<ReadonlySet<string> | undefined> {
  const touched = new Set<string>();
  for (const item of items) {
    if (item.kind === 'list') touched.add('webFilter');
    else if (item.kind === 'profile') for (const section of await ofProfile(profiles, item)) touched.add(section);
    else return undefined;
  }
  return touched;
}

async function ofProfile(profiles: ProfileStore, item: PolicyItem): Promise<string[]> {
  const from = item.from === null ? undefined : await profiles.revision(item.id, item.from);
  const to = await profiles.revision(item.id, item.to);
  const settings = (revision: RevisionRecord | undefined): Record<string, unknown> => ({ ...revision?.settings });
  const sections = [...new Set([...Object.keys(settings(from)), ...Object.keys(settings(to))])];
  const reach = (revision: RevisionRecord | undefined) => canonicalJson([revision?.assignments, revision?.locked]);
  if (reach(from) !== reach(to)) return sections;
  const said = (revision: RevisionRecord | undefined, section: string) => canonicalJson([settings(revision)[section]]);
  return sections.filter((section) => said(from, section) !== said(to, section));
}
