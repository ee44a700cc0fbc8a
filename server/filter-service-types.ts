import type Type from 'typebox';
import type { Query, RequestBody } from '../shared/api/contract.ts';
import type { Routes } from '../shared/api/routes.ts';
import type {
  ActivityEntry,
  CalendarPreview,
  CalendarView,
  CatalogueEntry,
  ClassDevice,
  ClassView,
  DeletionProof,
  FilterReport,
  FilterSettings,
  ListView,
  NameTest,
  OverrideInput,
  OverrideView,
  PolicyList,
  RowProblem,
  UnblockRequestView,
} from '../shared/api/schemas.ts';
import type { SchoolCalendar } from '../shared/calendar/calendar.ts';
import type { Seen, Sight } from './access/standing.ts';
import type { Actor, Page } from './services.ts';

/** `server/filter`: category lists, uploaded or fetched, and their versions on the way to the devices. */
export interface Lists {
  list(): Promise<ListView[]>;
  import(
    category: string,
    bytes: Uint8Array,
    about: Type.Static<Routes['importList']['query']>,
    actor: Actor,
  ): Promise<{ list: ListView; problems: RowProblem[] }>;
  catalogue(): CatalogueEntry[];
  subscribe(
    category: string,
    source: RequestBody<Routes['subscribeList']>,
    actor: Actor,
  ): Promise<{ list: ListView; problems: RowProblem[] }>;
  refresh(category: string, actor: Actor): Promise<{ list: ListView; changed: boolean; problems: RowProblem[] }>;
  setExceptions(category: string, names: readonly string[], actor: Actor): Promise<ListView>;
  decideRollout(
    category: string,
    action: 'resume' | 'finish' | 'roll-back',
    reason: string,
    actor: Actor,
  ): Promise<ListView>;
  delete(category: string, actor: Actor): Promise<void>;
  /** Keeps compiled names until a list is adopted that has them; returns how many. `bad-list` when the hash or the format is wrong. */
  giveArtifact(hash: string, artifact: Uint8Array): Promise<number>;
  /** Takes in a list as another server compiled it, or what is said of one. `bad-list` when its artefact is not here. */
  adopt(list: PolicyList, actor: Actor): Promise<ListView>;
  /** Path of a compiled artefact on disk; undefined when there is none of this hash. */
  artifactPath(hash: string): Promise<string | undefined>;
  /** Path of what turns artefact `from` into `to` (`shared/filter/delta.ts`); undefined when there is none. */
  deltaPath(from: string, to: string): Promise<string | undefined>;
  /**
   * The version of each category a device should hold, by its ring. Read once for a whole pass: the answer costs nothing
   * per device, and devices with the same versions get the same map.
   */
  versions(): Promise<(deviceId: string) => ReadonlyMap<string, ListVersion>>;
}

/** One version of a list, as sections refer to it. */
export interface ListVersion {
  category: string;
  title: string;
  hash: string;
  bytes: number;
  names: number;
  canary: string | null;
  exceptions: readonly string[];
}

/** `server/filter`: what the district decides for every web filter. */
export interface FilterSettingsService {
  read(): Promise<{ settings: FilterSettings; version: number }>;
  save(settings: FilterSettings, version: number, actor: Actor): Promise<{ settings: FilterSettings; version: number }>;
}

/** `server/filter`: school calendars by unit; the nearest above a person holds. */
export interface Calendars {
  list(): Promise<CalendarView[]>;
  /** `org` is a unit's id or `district`. Throws `bad-calendar` with what is wrong in it. */
  save(org: string, calendar: SchoolCalendar, actor: Actor): Promise<CalendarView>;
  delete(org: string, actor: Actor): Promise<void>;
  /** The calendar as it would be with an iCalendar file. Throws `bad-file`, `too-large`. */
  previewImport(
    org: string,
    bytes: Uint8Array,
    wanted: Query<Routes['previewCalendarImport']>,
  ): Promise<CalendarPreview>;
  /** The calendar as it would be with the sessions of the roster as terms. */
  proposeTerms(org: string, wanted: RequestBody<Routes['proposeTerms']>): Promise<CalendarPreview>;
}

/** `server/filter`: what staff open or close for a time. */
export interface Overrides {
  list(query: Seen<{ cursor?: string; limit?: number; inForce?: boolean }>): Promise<Page<OverrideView>>;
  create(input: OverrideInput, actor: Actor): Promise<OverrideView>;
  end(id: string, actor: Actor): Promise<OverrideView>;
  classDevices(classId: string): Promise<ClassDevice[]>;
  classes(query: Seen<{ cursor?: string; limit?: number; search?: string; org?: string }>): Promise<Page<ClassView>>;
}

/** `server/filter`: what people ask on the block page. */
export interface UnblockRequests {
  list(query: Seen<Type.Static<Routes['listRequests']['query']>>): Promise<Page<UnblockRequestView>>;
  decide(id: string, decision: RequestBody<Routes['decideRequest']>, actor: Actor): Promise<UnblockRequestView>;
}

/** `server/filter`: judges a name as a device would. */
export interface NameTests {
  test(question: RequestBody<Routes['testName']>): Promise<NameTest>;
}

/** `server/filter`: what devices recorded, for as long as it may be kept. */
export interface Activity {
  report(from: string, to: string, sight?: Sight): Promise<FilterReport>;
  ofPerson(personId: string, asked: RequestBody<Routes['readActivity']>, actor: Actor): Promise<Page<ActivityEntry>>;
  deletions(query: { cursor?: string; limit?: number }): Promise<Page<DeletionProof>>;
}
