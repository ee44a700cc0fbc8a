import { queryOptions } from '@tanstack/react-query';
import type { ChangedContent, GroupDetail, ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';

/** A draft that a change would freeze. */
export interface DraftItem {
  change: ChangedContent;
  name: string;
  /** Of the draft: what somebody saves meanwhile is refused. */
  version: number;
}

/** Drafts by their ids. */
export interface DraftIds {
  profiles: readonly string[];
  groups: readonly string[];
}

/** Reads drafts anew on each visit. What has nothing to publish is left out. */
export const draftItems = ({ profiles, groups }: DraftIds) =>
  queryOptions({
    queryKey: ['changes', 'drafts', profiles, groups],
    queryFn: async ({ signal }) => {
      const read = await Promise.all([
        ...profiles.map(async (id) => ofProfile(await call('readProfile', { params: { id }, signal }))),
        ...groups.map(async (id) => ofGroup(await call('readGroup', { params: { id }, signal }))),
      ]);
      return read.filter((item) => item !== undefined);
    },
    gcTime: 0,
  });

function ofProfile({ profile, content, version }: ProfileDetail): DraftItem | undefined {
  if (!profile.hasDraft && profile.publishedRevision !== null) return undefined;
  return { change: { kind: 'profile', id: profile.id, content }, name: profile.name, version };
}

function ofGroup({ group, content, version }: GroupDetail): DraftItem | undefined {
  if (!group.hasDraft && group.publishedRevision !== null) return undefined;
  return { change: { kind: 'group', id: group.id, content }, name: group.name, version };
}
