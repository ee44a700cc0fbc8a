import { essentialNames } from '../../shared/filter/essentials.ts';
import type { Assignment } from '../../shared/policy/assignment.ts';
import { restrictionAssignment } from '../../shared/policy/restriction.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { ProfileRecord, ProfileStore } from '../store/profiles.ts';
import { readFilterSettings } from './filter-context.ts';
import type { ManagedDevice } from './subjects.ts';

/** What narrows a device until it is put right; undefined: nothing, or its profile is not published. */
export type RestrictionOf = (device: Pick<ManagedDevice, 'restriction'>) => Assignment | undefined;

export interface RestrictionSources {
  stores: { profiles: ProfileStore; documents: DocumentStore };
  /** Names and addresses of this server. */
  hosts: readonly string[];
}

/** Reads once for a whole pass; devices with the same restriction get the same assignment. */
export async function readRestrictions(
  { stores, hosts }: RestrictionSources,
  profiles?: readonly ProfileRecord[],
): Promise<RestrictionOf> {
  const { settings } = await readFilterSettings(stores.documents);
  const out = { essentials: essentialNames(settings.essentials, hosts), hosts };
  const records = profiles ?? (await stores.profiles.list());
  const known = new Map<string, Assignment | undefined>();
  return ({ restriction: id }) => {
    if (id === undefined || known.has(id)) return id === undefined ? undefined : known.get(id);
    const record = records.find((one) => one.id === id);
    const assignment = record?.published ? restrictionAssignment(record, record.published, out) : undefined;
    known.set(id, assignment);
    return assignment;
  };
}
