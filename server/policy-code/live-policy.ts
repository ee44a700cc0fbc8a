import type {
  FilterSettings,
  PolicyCalendar,
  PolicyCompliance,
  PolicyGroup,
  PolicyList,
  PolicyProfile,
  ProfileContent,
  PublishingSettings,
} from '../../shared/api/schemas.ts';
import type { CompliancePolicy } from '../../shared/compliance/policy.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import type { CalendarRecord } from '../store/calendars.ts';
import type { GroupRecord } from '../store/groups.ts';
import type { ListRecord } from '../store/lists.ts';
import type { ProfileRecord } from '../store/profiles.ts';
import { districtCalendar } from './objects.ts';
import type { LiveObject } from './plan.ts';

/** What there is on the server, as its stores keep it. */
export interface PolicyRecords {
  profiles: readonly ProfileRecord[];
  groups: readonly GroupRecord[];
  calendars: readonly CalendarRecord[];
  lists: readonly ListRecord[];
  /** Version 0: nobody has decided them yet. */
  compliance: { policy: CompliancePolicy; version: number };
  filter: { settings: FilterSettings; version: number };
  publishing: { settings: PublishingSettings; version: number };
}

/** The policy there is, as documents. A calendar of a unit that has left the roster is nobody's, and is left out. */
export function liveObjects(records: PolicyRecords): LiveObject[] {
  const { profiles, groups, calendars, lists, compliance, filter, publishing } = records;
  const nameOf = (id: string) => profiles.find((profile) => profile.id === id)?.name;
  return [
    ...profiles.map(profileObject),
    ...groups.map(groupObject),
    ...calendars.flatMap(calendarObject),
    ...lists.map((list) => ({ kind: 'list' as const, name: list.category, document: listDocument(list) })),
    single('compliance', complianceDocument(compliance.policy, nameOf), compliance.version),
    single('filter', filter.settings, filter.version),
    single('publishing', publishing.settings, publishing.version),
  ];
}

function single(kind: 'compliance' | 'filter' | 'publishing', document: unknown, version: number): LiveObject {
  return { kind, name: kind, document, isInitial: version === 0 };
}

function profileObject({ name, description, published }: ProfileRecord): LiveObject {
  if (!published || isWithdrawn(published)) return { kind: 'profile', name, document: null };
  const { settings, assignments, locked } = published;
  const document: PolicyProfile = { name, description, ...(locked && { locked }), settings, assignments };
  return { kind: 'profile', name, document };
}

/** Sets nothing and reaches nobody: what is left of a profile that was taken away. */
export function isWithdrawn({ settings, assignments }: ProfileContent): boolean {
  return Object.keys(settings).length === 0 && assignments.length === 0;
}

/** What takes a profile away: its revisions stay, so that it can be had back. */
export const withdrawn: ProfileContent = { settings: {}, assignments: [] };

function groupObject({ name, description, published }: GroupRecord): LiveObject {
  const document: PolicyGroup | null = published && { name, description, ...contentOf(published.content) };
  return { kind: 'group', name, document };
}

/** Of a document, without what is no content. */
export function contentOf(group: GroupContent): GroupContent {
  if (group.kind === 'rule') return { kind: group.kind, selector: group.selector };
  return { kind: group.kind, people: group.people, devices: group.devices };
}

function calendarObject({ orgId, org, calendar }: CalendarRecord): LiveObject[] {
  if (orgId !== null && org === null) return [];
  const document: PolicyCalendar = { unit: org?.sourcedId ?? null, ...calendar };
  return [{ kind: 'calendar', name: org?.sourcedId ?? districtCalendar, document }];
}

function listDocument(list: ListRecord): PolicyList {
  const { category, title, source, licence, exceptions, ownExceptions, hash, format, skipped, canary } = list;
  const { url, refreshHours } = list.subscription ?? {};
  const subscription = url !== undefined && refreshHours !== undefined ? { url, refreshHours } : null;
  const written = { category, title, source, licence, subscription, exceptions, ownExceptions };
  return { ...written, artifact: hash, format, skipped, canary };
}

function complianceDocument(
  { steps, ...rest }: CompliancePolicy,
  nameOf: (id: string) => string | undefined,
): PolicyCompliance {
  if (!steps) return rest;
  const { restrict, ...others } = steps;
  if (!restrict) return { ...rest, steps: { ...others, restrict } };
  const profile = nameOf(restrict.profileId) ?? restrict.profileId;
  return { ...rest, steps: { ...others, restrict: { profile, afterDays: restrict.afterDays } } };
}

/** The other way round; undefined: there is no profile of this name. */
export function compliancePolicyOf(
  { steps, ...rest }: PolicyCompliance,
  idOf: (profile: string) => string | undefined,
): CompliancePolicy | undefined {
  if (!steps) return rest;
  const { restrict, ...others } = steps;
  if (!restrict) return { ...rest, steps: { ...others, restrict } };
  const profileId = idOf(restrict.profile);
  return profileId === undefined
    ? undefined
    : { ...rest, steps: { ...others, restrict: { profileId, afterDays: restrict.afterDays } } };
}
