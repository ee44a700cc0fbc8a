import { createHash } from 'node:crypto';
import type { PolicyKind } from '../../shared/api/schemas.ts';
import { keyOf, type PolicyObject } from './objects.ts';

/** Where documents of a kind that there are many of lie. */
export const folders = { profile: 'profiles', group: 'groups', calendar: 'calendars', list: 'lists' } as const;
/** And those there is one of. */
export const singles = { compliance: 'compliance.yaml', filter: 'filter.yaml', publishing: 'publishing.yaml' } as const;

const longest = 60;
/** Windows takes none of these as the name of a file, whatever follows the dot. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * Key → path in the folder. A name becomes small letters, digits and hyphens; names that would share a file get the
 * beginning of their SHA-256, so that a file keeps its name whatever else is there.
 */
export function pathsOf(objects: readonly Pick<PolicyObject, 'kind' | 'name'>[]): Map<string, string> {
  const plain = new Map(objects.map((object) => [keyOf(object), plainPath(object.kind, slugOf(object.name))]));
  const count = Map.groupBy(plain.values(), (path) => path);
  return new Map(
    objects.map((object) => {
      const path = plain.get(keyOf(object)) ?? '';
      if ((count.get(path) ?? []).length < 2) return [keyOf(object), path];
      const mark = createHash('sha256').update(object.name).digest('hex').slice(0, 8);
      return [keyOf(object), plainPath(object.kind, `${slugOf(object.name)}-${mark}`)];
    }),
  );
}

/** Where the compiled names of a list lie. */
export const artifactPath = (hash: string) => `lists/artifacts/${hash}.names`;

function plainPath(kind: PolicyKind, slug: string): string {
  return kind in singles
    ? singles[kind as keyof typeof singles]
    : `${folders[kind as keyof typeof folders]}/${slug}.yaml`;
}

/** `Größe & Form` → `grosse-form`; what has no letter or digit of ASCII: `unnamed`. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replaceAll('ß', 'ss').toLowerCase();
  const letters = plain.replaceAll(/\p{M}/gu, '').replaceAll(/[^a-z0-9]+/g, '-');
  const slug = letters.slice(0, longest).replaceAll(/^-+|-+$/g, '') || 'unnamed';
  return reserved.test(slug) ? `${slug}-` : slug;
}
