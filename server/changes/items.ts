import type { ProfileContent } from '../../shared/api/schemas.ts';
import type { GroupContent } from '../../shared/policy/group.ts';

interface ItemOf<K extends 'profile' | 'group', C> {
  kind: K;
  id: string;
  name: string;
  /** The revision that was published when it was frozen; `null`: none. */
  fromRevision: number | null;
  /** Of the profile or group, when it was frozen. */
  version: number;
  content: C;
  /** What was published then. */
  before: C | null;
}

/** A draft as a change froze it, with what it would replace. */
export type FrozenItem = ItemOf<'profile', ProfileContent> | ItemOf<'group', GroupContent>;

export const itemKey = ({ kind, id }: Pick<FrozenItem, 'kind' | 'id'>) => `${kind} ${id}`;
