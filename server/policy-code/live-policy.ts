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
  compliance: CompliancePolicy;
  filter: FilterSettings;
  publishing: PublishingSettings;
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
    { kind: 'compliance', name: 'compliance', document: complianceDocument(compliance, nameOf) },
    { kind: 'filter', name: 'filter', document: filter },
    { kind: 'publishing', name: 'publishing', document: publishing },
  ];
}

function profileObject({ name, description, published, draft }: ProfileRecord): LiveObject {
  const document = (content: ProfileContent): PolicyProfile => {
    const { settings, assignments, locked } = content;
    return { name, description, ...(locked && { locked }), settings, assignments };
  };
  return {
    ...{ kind: 'profile', name },
    document: published && !isWithdrawn(published) ? document(published) : null,
    ...(draft && { draft: document(draft) }),
  };
}

/** Sets nothing and reaches nobody: what is left of a profile that was taken away. */
export function isWithdrawn({ settings, assignments }: ProfileContent): boolean {
  return Object.keys(settings).length === 0 && assignments.length === 0;
}

/** What takes a profile away: its revisions stay, so that it can be had back. */
export const withdrawn: ProfileContent = { settings: {}, assignments: [] };

function groupObject({ name, description, published, draft }: GroupRecord): LiveObject {
  const document = (content: GroupContent): PolicyGroup => ({ name, description, ...contentOf(content) });
  return {
    ...{ kind: 'group', name },
    document: published ? document(published.content) : null,
    ...(draft && { draft: document(draft) }),
  };
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
