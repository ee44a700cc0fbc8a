import Type from 'typebox';
import { checkSeverities, findingStatuses, verdictStates } from '../../compliance/verdict.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { VerdictCounts } from './overview.ts';

const Count = Type.Integer({ minimum: 0 });
/** 0 to 1; `null` where there is nothing to divide by. */
const Share = Nullable(Type.Number({ minimum: 0, maximum: 1 }));

export const StatusCounts = strictObject({
  pass: Count,
  fail: Count,
  'not-applicable': Count,
  unknown: Count,
});
export type StatusCounts = Type.Static<typeof StatusCounts>;

/** A check as a column of the district: its counts by unit stand in `ComplianceMap.units`. */
export const MappedCheck = strictObject({
  check: text(60),
  title: text(120),
  severity: choice(checkSeverities),
  /** Under the policy of that instant. */
  counts: Type.Boolean(),
});

/** The district at one instant: every unit × every check, and people and devices by verdict. */
export const ComplianceMap = strictObject({
  at: Instant,
  /** The earliest instant anything is known of; `null`: nothing was ever judged. */
  since: Nullable(Instant),
  people: VerdictCounts,
  devices: VerdictCounts,
  checks: Type.Array(MappedCheck),
  /** Worst first: by the share of people who are noncompliant. An empty `orgId` is for devices nobody holds. */
  units: Type.Array(
    strictObject({
      orgId: text(64),
      name: text(255),
      people: VerdictCounts,
      devices: VerdictCounts,
      /** Check → counts of devices. */
      checks: Type.Record(text(60), StatusCounts),
    }),
  ),
});
export type ComplianceMap = Type.Static<typeof ComplianceMap>;

/** One subject by day: verdicts of people or devices, or statuses of one check. */
export const ComplianceTrend = strictObject({
  /** `people`, `devices`, or a check’s name. */
  of: text(60),
  /** Oldest first; `counts` as of the end of the day in UTC, today’s as of now. State or status → number. */
  days: Type.Array(strictObject({ day: text(10), counts: Type.Record(text(20), Count) }), { maxItems: 1100 }),
});
export type ComplianceTrend = Type.Static<typeof ComplianceTrend>;

/** One device under one check at an instant. */
export const CheckSubject = strictObject({
  device: strictObject({ id: Id, name: text(253) }),
  person: Nullable(strictObject({ id: Id, name: text(400) })),
  orgName: Nullable(text(255)),
  status: choice(findingStatuses),
  seen: text(500),
  since: Instant,
});
export type CheckSubject = Type.Static<typeof CheckSubject>;

/** A check of the library, in full, with what the district decided about it and how it stands now. */
export const LibraryCheck = strictObject({
  check: text(60),
  title: text(120),
  why: text(500),
  fix: text(800),
  fixTechnician: Nullable(text(800)),
  reference: Nullable(text(200)),
  /** The library’s. */
  severity: choice(checkSeverities),
  /** JSON Schema of its parameters, and the library’s values. */
  parameters: Type.Unknown(),
  defaults: Type.Record(Type.String(), Type.Unknown()),
  demand: strictObject({
    counts: Type.Boolean(),
    severity: choice(checkSeverities),
    graceDays: Count,
    parameters: Type.Record(Type.String(), Type.Unknown()),
    /** Whom it binds, in words; `null`: everybody. */
    binds: Nullable(text(1000)),
  }),
  counts: StatusCounts,
});
export type LibraryCheck = Type.Static<typeof LibraryCheck>;

/** One interval of one check on one device. */
export const CheckIntervalView = strictObject({
  check: text(60),
  title: text(120),
  status: choice(findingStatuses),
  seen: text(500),
  from: Instant,
  to: Nullable(Instant),
});
export type CheckIntervalView = Type.Static<typeof CheckIntervalView>;

export const VerdictIntervalView = strictObject({
  state: choice(verdictStates),
  from: Instant,
  to: Nullable(Instant),
  reasons: Type.Array(text(500)),
  until: Nullable(Instant),
});
export type VerdictIntervalView = Type.Static<typeof VerdictIntervalView>;

/** What somebody did that moved an interval: a waiver, a hand-over, an obligation, a policy. */
export const HistoryMark = strictObject({ at: Instant, code: text(64), words: text(1000), by: text(300) });
export type HistoryMark = Type.Static<typeof HistoryMark>;

/** How well a subject stood over a span. Time in silence or of which nothing is known counts for neither side. */
export const ComplianceMeasures = strictObject({
  from: Instant,
  to: Instant,
  /** Of the judged time, the share spent compliant, waived or in grace. */
  timeInCompliance: Share,
  /** Failures of checks that began in the span and ended with a pass, and those still open. */
  fixed: Count,
  open: Count,
  /** Hours from the beginning of a failure to its pass, of those that were fixed. */
  meanHoursToFix: Nullable(Type.Number({ minimum: 0 })),
});
export type ComplianceMeasures = Type.Static<typeof ComplianceMeasures>;

/** One device over a span, newest first. */
export const DeviceHistory = strictObject({
  device: strictObject({ id: Id, name: text(253) }),
  measures: ComplianceMeasures,
  verdicts: Type.Array(VerdictIntervalView),
  checks: Type.Array(CheckIntervalView),
  custody: Type.Array(
    strictObject({ person: strictObject({ id: Id, name: text(400) }), from: Instant, to: Nullable(Instant) }),
  ),
  marks: Type.Array(HistoryMark),
});
export type DeviceHistory = Type.Static<typeof DeviceHistory>;

/** One person over a span, newest first; of each device only the time it was in their custody. */
export const PersonHistory = strictObject({
  person: strictObject({ id: Id, name: text(400) }),
  measures: ComplianceMeasures,
  verdicts: Type.Array(VerdictIntervalView),
  devices: Type.Array(
    strictObject({
      device: strictObject({ id: Id, name: text(253) }),
      from: Instant,
      to: Nullable(Instant),
      verdicts: Type.Array(VerdictIntervalView),
      checks: Type.Array(CheckIntervalView),
    }),
  ),
  marks: Type.Array(HistoryMark),
});
export type PersonHistory = Type.Static<typeof PersonHistory>;

/** What would be true now under another policy; nothing is saved. */
export const PolicyPreview = strictObject({
  people: strictObject({ before: VerdictCounts, after: VerdictCounts }),
  devices: strictObject({ before: VerdictCounts, after: VerdictCounts }),
  /** Checks of which a device's outcome or weight differs. */
  checks: Type.Array(
    strictObject({ check: text(60), title: text(120), failingBefore: Count, failingAfter: Count, turning: Count }),
  ),
  /** Units with people whose verdict differs, worst first. */
  units: Type.Array(strictObject({ orgId: text(64), name: text(255), worse: Count, better: Count })),
  /** The first of them, those who become worse first. `until`: when their grace would end. */
  changes: Type.Array(
    strictObject({
      person: strictObject({ id: Id, name: text(400) }),
      before: choice(verdictStates),
      after: choice(verdictStates),
      until: Nullable(Instant),
      reasons: Type.Array(text(500)),
    }),
    { maxItems: 200 },
  ),
  changed: Count,
});
export type PolicyPreview = Type.Static<typeof PolicyPreview>;
