import { type FilterSettings, filterSettingsDefaults } from '../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import type { ApproversSection } from '../../shared/commands/roster.ts';
import type { EscrowKey } from '../../shared/escrow/sealed.ts';
import { essentialNames } from '../../shared/filter/essentials.ts';
import type { CampusNetwork } from '../../shared/filter/place.ts';
import { compare } from '../../shared/policy/canonical.ts';
import type { Override, RequestOutcome, WebFilterSection } from '../../shared/profile/web-filter.ts';
import { capOf, presetCap, type RecordingCap } from '../filter/state-preset.ts';
import type { Lists, ListVersion } from '../services.ts';
import type { CalendarRecord, CalendarStore } from '../store/calendars.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { OverrideTargets } from '../store/override-targets.ts';
import type { OverrideRecord, OverrideStore } from '../store/overrides.ts';
import type { PeopleStore } from '../store/people.ts';
import type { RecoveryStore } from '../store/recovery.ts';
import type { RequestStore } from '../store/requests.ts';
import type { ManagedDevice } from './subjects.ts';

/** What a device's web-filter section holds beside its settings. */
export interface FilterContext {
  /** Equal for devices whose sections differ in nothing but their settings. */
  key: string;
  versions: ReadonlyMap<string, ListVersion>;
  calendar: SchoolCalendar | undefined;
  overrides: readonly Override[];
  outcomes: readonly RequestOutcome[];
  /** The most that may be recorded; undefined: what the settings say. */
  cap: RecordingCap | undefined;
  campus: readonly CampusNetwork[];
  essentials: readonly string[];
  contact: string;
  district: string;
  /** How long records are kept and requests wait, for the person to read. */
  promises: NonNullable<WebFilterSection['promises']>;
  /** Of recovery keys; absent where only the filter is asked about. */
  escrow?: SectionEscrow;
  /** Whose passkeys the device obeys; absent where only the filter is asked about, and while nobody was named. */
  approvers?: ApproversSection | undefined;
}

/** What a device's section of disk encryption holds beside its settings. */
export interface SectionEscrow {
  /** Undefined: the district has none. */
  key: EscrowKey | undefined;
  /** Protectors of this device whose key somebody has read, in byte order. */
  shown: readonly string[];
}

export interface FilterSources {
  stores: {
    documents: DocumentStore;
    calendars: CalendarStore;
    overrides: OverrideStore;
    overrideTargets: OverrideTargets;
    requests: RequestStore;
    people: PeopleStore;
    recovery: RecoveryStore;
  };
  versions: Lists['versions'];
  /** Whom people ask for help, as the block page shows it. */
  contact: string;
  /** The district's name. */
  districtName: string;
  /** Names and addresses of this server. */
  hosts: readonly string[];
  approvers?: () => Promise<ApproversSection | undefined>;
}

/** Of the `overrides` and `outcomes` of a section. */
const mostOverrides = 100;
const mostOutcomes = 20;
/** Of a million characters that a section takes, settings may fill the most. */
const longestOverrides = 300_000;
const outcomesShownMs = 7 * 86_400_000;

export async function readFilterSettings(
  documents: DocumentStore,
): Promise<{ settings: FilterSettings; version: number }> {
  const saved = await documents.read('filter-settings');
  if (!saved) return { settings: filterSettingsDefaults, version: 0 };
  return { settings: saved.content as FilterSettings, version: saved.version };
}

/** Reads once, in a handful of queries, what every device's section needs; the answer costs next to nothing per device. */
export async function readFilterContexts(
  { stores, versions, contact, districtName, hosts, approvers }: FilterSources,
  now: number,
): Promise<(device: ManagedDevice) => FilterContext> {
  const { settings } = await readFilterSettings(stores.documents);
  const cap = presetCap(settings, now);
  const calendarOf = nearestCalendar(await stores.calendars.list());
  const overridesOf = await readOverrides(stores, now);
  const outcomes = await stores.requests.outcomes(now - outcomesShownMs, mostOutcomes);
  const versionsOf = await versions();
  const escrowOf = await readEscrow(stores.recovery);
  const numberOf = numbering();
  const shared = {
    campus: settings.campus,
    essentials: essentialNames(settings.essentials, hosts),
    contact,
    district: districtName,
    promises: promisesOf(settings),
    approvers: await approvers?.(),
  };
  return (device) => {
    const own = {
      versions: versionsOf(device.id),
      calendar: calendarOf(device),
      overrides: overridesOf(device),
      outcomes: outcomes.get(device.id) ?? [],
      cap: capOf(cap, device.subject.custodian?.role),
      escrow: escrowOf(device.id),
    };
    const told = own.outcomes.length > 0 || own.escrow.shown.length > 0 ? device.id : '';
    const ids = own.overrides.map(({ id }) => id).join();
    const key = `${numberOf(own.versions)} ${numberOf(own.calendar)} ${numberOf(own.cap)} ${told} ${ids}`;
    return { key, ...own, ...shared };
  };
}

/** One object for all devices of which nobody has read a key. */
async function readEscrow(recovery: RecoveryStore): Promise<(deviceId: string) => SectionEscrow> {
  const key = await recovery.escrowKey();
  const shown = await recovery.shownProtectors();
  const unread: SectionEscrow = { key, shown: [] };
  return (deviceId) => (shown.has(deviceId) ? { key, shown: shown.get(deviceId) ?? [] } : unread);
}

function promisesOf({ namesKeptDays, countsKeptDays, requestHours }: FilterSettings): FilterContext['promises'] {
  return { namesKeptDays, countsKeptDays, requestHours };
}

/** The same number for the same object. */
function numbering(): (object: object | undefined) => number {
  const numbers = new Map<object | undefined, number>();
  return (object) => {
    const number = numbers.get(object) ?? numbers.size;
    numbers.set(object, number);
    return number;
  };
}

/** The calendar of the custodian's nearest unit that has one, else the district's. */
export function nearestCalendar(
  records: readonly CalendarRecord[],
): (device: ManagedDevice) => SchoolCalendar | undefined {
  const byUnit = new Map(records.flatMap(({ org, calendar }) => (org ? [[org.sourcedId, calendar] as const] : [])));
  const district = records.find(({ orgId }) => orgId === null)?.calendar;
  return ({ subject }) => {
    const unit = subject.custodian?.orgs.find((org) => byUnit.has(org));
    return unit === undefined ? district : byUnit.get(unit);
  };
}

/** Overrides in force by what they reach: `device …`, `person …`, and `org …` with the unit's sourcedId. */
async function readOverrides(
  { overrides, overrideTargets, people }: FilterSources['stores'],
  now: number,
): Promise<(device: ManagedDevice) => Override[]> {
  const records = await overrides.inForce(now);
  const classes = records.flatMap(({ target }) => (target.kind === 'class' ? [target.id] : []));
  const students = await overrideTargets.students([...new Set(classes)]);
  const reaching = new Map<string, Override[]>();
  const add = (key: string, override: Override) => reaching.set(key, [...(reaching.get(key) ?? []), override]);
  for (const record of records) {
    const { kind, id } = record.target;
    const override = sectionOverride(record);
    if (kind === 'class') for (const person of students.get(id) ?? []) add(`person ${person}`, override);
    else if (kind === 'org') add(`org ${(await people.findOrg(id))?.sourcedId}`, override);
    else add(`${kind} ${id}`, override);
  }
  if (reaching.size === 0) return () => [];
  return ({ id, personId, subject }) => {
    const keys = [`device ${id}`, `person ${personId}`, ...(subject.custodian?.orgs ?? []).map((org) => `org ${org}`)];
    return bounded(new Set(keys.flatMap((key) => reaching.get(key) ?? [])));
  };
}

/** By id, so that equal sets give equal sections; of too many the newest that fit. */
function bounded(found: ReadonlySet<Override>): Override[] {
  let length = 0;
  const newest = [...found].sort((a, b) => b.from - a.from || compare(a.id, b.id)).slice(0, mostOverrides);
  const fitting = newest.filter((override) => {
    length += JSON.stringify(override).length;
    return length <= longestOverrides;
  });
  return fitting.sort((a, b) => compare(a.id, b.id));
}

/** As the person reads it on the device: staff by name, without what only means something here. */
function sectionOverride(record: OverrideRecord): Override {
  const { id, kind, domains, categories, everything, from, until, reason, by } = record;
  const given = { id, kind, domains, categories, from, until, reason, by: by.replace(/^staff:/, '').slice(0, 200) };
  return everything ? { ...given, everything } : given;
}
