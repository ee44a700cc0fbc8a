import Type from 'typebox';
import { PlainDate, SchoolCalendar } from '../../calendar/calendar.ts';
import { layers } from '../../filter/decision.ts';
import { CampusNetwork, places } from '../../filter/place.ts';
import { CategoryId, DomainPattern } from '../../profile/web-filter.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { RowProblem } from './imports.ts';

/** A well-known public list: Rollcall ships none, it knows where they are and under which licence. */
export const CatalogueEntry = strictObject({
  category: CategoryId,
  title: text(100),
  description: text(300),
  url: text(500),
  licence: text(200),
  homepage: text(500),
});
export type CatalogueEntry = Type.Static<typeof CatalogueEntry>;

const Person = Nullable(strictObject({ id: Id, name: text(400) }));

export const requestStates = ['open', 'granted', 'refused', 'expired'] as const;

/** What a person asked on the block page. */
export const UnblockRequestView = strictObject({
  id: Id,
  name: text(253),
  category: Nullable(text(63)),
  rule: Nullable(text(300)),
  words: text(500),
  person: Person,
  deviceId: Id,
  deviceName: text(253),
  orgName: Nullable(text(255)),
  askedAt: Instant,
  /** By when staff should have decided. */
  dueAt: Instant,
  overdue: Type.Boolean(),
  /** How many open requests name the same host. */
  alike: Type.Integer(),
  state: choice(requestStates),
  outcome: text(500),
  decidedAt: Nullable(Instant),
  decidedBy: Nullable(text(300)),
  overrideId: Nullable(Id),
});
export type UnblockRequestView = Type.Static<typeof UnblockRequestView>;

/** Whom an override reaches. */
export const OverrideTarget = Type.Union([
  strictObject({ kind: Type.Literal('person'), id: Id }),
  strictObject({ kind: Type.Literal('device'), id: Id }),
  strictObject({ kind: Type.Literal('class'), id: Id }),
  strictObject({ kind: Type.Literal('org'), id: Id }),
]);
export type OverrideTarget = Type.Static<typeof OverrideTarget>;

/** As staff write it. `everything` is for adults only: it is refused for students, and for classes and units. */
export const OverrideInput = strictObject({
  target: OverrideTarget,
  kind: choice(['allow', 'block', 'only']),
  domains: Type.Array(DomainPattern, { maxItems: 200 }),
  categories: Type.Array(CategoryId, { maxItems: 50 }),
  everything: Type.Optional(Type.Boolean()),
  minutes: Type.Integer({ minimum: 1, maximum: 60 * 24 * 31 }),
  reason: text(300, { minLength: 3 }),
});
export type OverrideInput = Type.Static<typeof OverrideInput>;

export const OverrideView = strictObject({
  id: Id,
  target: OverrideTarget,
  targetName: text(400),
  kind: choice(['allow', 'block', 'only']),
  domains: Type.Array(text(254)),
  categories: Type.Array(text(63)),
  everything: Type.Boolean(),
  reason: text(300),
  by: text(300),
  from: Instant,
  until: Instant,
  endedAt: Nullable(Instant),
  inForce: Type.Boolean(),
  /** Devices it reaches now. */
  devices: Type.Integer(),
  requestId: Nullable(Id),
});
export type OverrideView = Type.Static<typeof OverrideView>;

/** A student of a class, and no more of them than whether a device is there for the lesson. */
export const ClassDevice = strictObject({
  person: strictObject({ id: Id, name: text(400) }),
  /** `ready`: their own; `on-loan`: one that was lent to them. */
  device: choice(['ready', 'on-loan', 'none']),
});
export type ClassDevice = Type.Static<typeof ClassDevice>;

export const ClassView = strictObject({
  id: Id,
  /** As the roster names it, and selectors do. */
  sourcedId: text(255),
  title: text(255),
  orgName: Nullable(text(255)),
  teachers: Type.Array(text(400)),
  students: Type.Integer(),
  /** Students of the class who hold a device. */
  devices: Type.Integer(),
  /** When the lesson that is on now ends, by the calendar of its school; null: none is on. */
  periodEnds: Nullable(Instant),
  overrides: Type.Array(OverrideView),
});
export type ClassView = Type.Static<typeof ClassView>;

export const statePresets = ['none', 'minnesota'] as const;

/**
 * What the district decides for every web filter. A state preset caps what is recorded; a looser recording needs an
 * exception with a reason and an end.
 */
export const FilterSettings = strictObject({
  /** Names that no list may block and that always resolve: the district's own sites and the sign-in pages. */
  essentials: Type.Array(DomainPattern, { maxItems: 200 }),
  campus: Type.Array(CampusNetwork, { maxItems: 100 }),
  /** Hours within which staff decide an unblock request. */
  requestHours: Type.Integer({ minimum: 1, maximum: 24 * 14 }),
  /** Days that names are kept, and numbers. */
  namesKeptDays: Type.Integer({ minimum: 1, maximum: 366 }),
  countsKeptDays: Type.Integer({ minimum: 1, maximum: 366 * 3 }),
  /** Reports show no cell with fewer people than this. */
  reportThreshold: Type.Integer({ minimum: 3, maximum: 100 }),
  preset: choice(statePresets),
  presetException: Nullable(strictObject({ reason: text(500, { minLength: 10 }), until: Instant })),
});
export type FilterSettings = Type.Static<typeof FilterSettings>;

/** What holds until a district decides otherwise. */
export const filterSettingsDefaults: FilterSettings = {
  essentials: [],
  campus: [],
  requestHours: 24,
  namesKeptDays: 30,
  countsKeptDays: 366,
  reportThreshold: 10,
  preset: 'none',
  presetException: null,
};

export const CalendarView = strictObject({
  /** `null`: the district's own, which holds where a unit has none. */
  orgId: Nullable(Id),
  orgName: text(255),
  calendar: SchoolCalendar,
  updatedAt: Instant,
  /** What today is, in words: `School day, Regular bells 08:00–15:05`. */
  today: text(200),
});
export type CalendarView = Type.Static<typeof CalendarView>;

/** A calendar as it would be; nothing is saved. */
export const CalendarPreview = strictObject({
  calendar: SchoolCalendar,
  /** What was read, in a sentence. */
  summary: text(400),
  /** Rows that come and go, and what comes of them, in words. */
  changes: Type.Array(text(400)),
  effects: Type.Array(text(400)),
  /** The next school days that change, today included. */
  next: Type.Array(strictObject({ date: PlainDate, before: text(400), after: text(400) }), { maxItems: 5 }),
  /** Titles of the file that no words fit. */
  leftOut: Type.Array(text(100)),
  problems: Type.Array(RowProblem),
});
export type CalendarPreview = Type.Static<typeof CalendarPreview>;

export const DecisionView = strictObject({
  action: choice(['pass', 'block', 'rewrite', 'nxdomain', 'nodata']),
  layer: choice(layers),
  category: Nullable(text(63)),
  rule: Nullable(text(300)),
  assignment: Nullable(text(400)),
  until: Nullable(Instant),
  target: Nullable(text(253)),
});
export type DecisionView = Type.Static<typeof DecisionView>;

/** A name judged for one device's policy, as the device itself would at that time and place. */
export const NameTest = strictObject({
  name: text(253),
  decision: DecisionView,
  /** One sentence: `Blocked: category Gambling, set by “All students”, until 15:05.` */
  words: text(600),
  chain: Type.Array(
    strictObject({
      layer: choice(layers),
      title: text(100),
      says: Nullable(DecisionView),
      decides: Type.Boolean(),
      words: text(600),
    }),
  ),
  /** What was assumed. */
  at: Instant,
  place: choice(places),
  person: Person,
  deviceId: Nullable(Id),
});
export type NameTest = Type.Static<typeof NameTest>;

/** Numbers by category and school; a cell with too few people is `null`, and so is what would give it away. */
export const FilterReport = strictObject({
  from: text(10),
  to: text(10),
  threshold: Type.Integer(),
  schools: Type.Array(
    strictObject({
      id: Nullable(Id),
      name: text(255),
      asked: Nullable(Type.Integer()),
      blocked: Nullable(Type.Integer()),
    }),
  ),
  categories: Type.Array(
    strictObject({
      category: text(63),
      title: text(100),
      total: Nullable(Type.Integer()),
      /** In the order of `schools`. */
      bySchool: Type.Array(Nullable(Type.Integer())),
    }),
  ),
  suppressed: Type.Integer(),
});
export type FilterReport = Type.Static<typeof FilterReport>;

/** One name a person's device asked for. */
export const ActivityEntry = strictObject({
  at: Instant,
  deviceId: Id,
  deviceName: text(253),
  name: text(253),
  outcome: choice(['blocked', 'passed']),
  category: Nullable(text(63)),
  place: choice(places),
  count: Type.Integer(),
});
export type ActivityEntry = Type.Static<typeof ActivityEntry>;

/** Proof that rows were deleted when their time was over. */
export const DeletionProof = strictObject({
  at: Instant,
  what: choice(['names', 'counts']),
  olderThan: Instant,
  rows: Type.Integer(),
  /** SHA-256 over the keys of the rows that were deleted. */
  digest: text(64),
});
export type DeletionProof = Type.Static<typeof DeletionProof>;
