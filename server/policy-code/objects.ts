import { createHash } from 'node:crypto';
import type {
  Policy,
  PolicyCalendar,
  PolicyGroup,
  PolicyKind,
  PolicyList,
  PolicyProfile,
} from '../../shared/api/schemas.ts';
import { policyKinds } from '../../shared/api/schemas.ts';
import { canonicalJson, compare } from '../../shared/policy/canonical.ts';

/** One document of the policy. Those there is one of have the name of their kind. */
export interface PolicyObject {
  kind: PolicyKind;
  name: string;
  document: unknown;
}

/** What the calendar of the district itself is called. */
export const districtCalendar = 'district';

/** As fingerprints are kept by: `profile Student web filter`. */
export const keyOf = ({ kind, name }: Pick<PolicyObject, 'kind' | 'name'>) => `${kind} ${name}`;

/** Every document, in the order of `policyKinds` and then by name. */
export function objectsOf(policy: Policy): PolicyObject[] {
  const { profiles, groups, calendars, lists, compliance, filter, publishing } = policy;
  const single = (kind: PolicyKind, document: unknown) =>
    document === undefined ? [] : [{ kind, name: kind, document }];
  const objects: PolicyObject[] = [
    ...profiles.map((document) => ({ kind: 'profile' as const, name: document.name, document })),
    ...groups.map((document) => ({ kind: 'group' as const, name: document.name, document })),
    ...calendars.map((document) => ({ kind: 'calendar' as const, name: document.unit ?? districtCalendar, document })),
    ...lists.map((document) => ({ kind: 'list' as const, name: document.category, document })),
    ...single('compliance', compliance),
    ...single('filter', filter),
    ...single('publishing', publishing),
  ];
  const place = (kind: PolicyKind) => policyKinds.indexOf(kind);
  return objects.sort((a, b) => place(a.kind) - place(b.kind) || compare(a.name, b.name));
}

/** The other way round. */
export function policyOf(objects: readonly PolicyObject[]): Policy {
  const all = <T>(kind: PolicyKind) => objects.flatMap((one) => (one.kind === kind ? [one.document as T] : []));
  const single = (kind: PolicyKind) =>
    all(kind)
      .slice(0, 1)
      .map((document) => [kind, document] as const);
  return {
    profiles: all<PolicyProfile>('profile'),
    groups: all<PolicyGroup>('group'),
    calendars: all<PolicyCalendar>('calendar'),
    lists: all<PolicyList>('list'),
    ...Object.fromEntries([...single('compliance'), ...single('filter'), ...single('publishing')]),
  };
}

/** Lower-case hexadecimal SHA-256; equal for documents that mean the same, whatever the order of their keys. */
export function fingerprintOf({ document }: Pick<PolicyObject, 'document'>): string {
  return createHash('sha256')
    .update(canonicalJson(compared(document)))
    .digest('hex');
}

const ofVersion = new Set(['artifact', 'format', 'skipped', 'canary', 'ownExceptions']);

/** Of a list that is fetched from an address, the version changes by itself every day: it is no decision of anybody. */
export function compared(document: unknown): unknown {
  if (typeof document !== 'object' || document === null || !('subscription' in document)) return document;
  if (document.subscription === null) return document;
  return Object.fromEntries(Object.entries(document).filter(([key]) => !ofVersion.has(key)));
}
