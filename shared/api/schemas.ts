import Type from 'typebox';
import { CheckFinding, verdictStates } from '../compliance/verdict.ts';
import { AssignmentInput, personRoles } from '../policy/selector.ts';
import { ProfileSettings } from '../profile/registry.ts';
import { Evidence, Failure, PlatformName, SectionStatus } from '../protocol/messages.ts';
import { choice, strictObject, text } from '../schema.ts';
import { Id, Instant, Nullable } from './contract.ts';

export const VerdictView = strictObject({
  state: choice(verdictStates),
  since: Instant,
  /** One sentence each; empty when compliant. */
  reasons: Type.Array(text(500)),
});
export type VerdictView = Type.Static<typeof VerdictView>;

export const OrgView = strictObject({
  id: Id,
  sourcedId: text(255),
  name: text(255),
  type: text(40),
  parentId: Nullable(Id),
});
export type OrgView = Type.Static<typeof OrgView>;

export const PersonSummary = strictObject({
  id: Id,
  sourcedId: text(255),
  name: text(400),
  username: text(255),
  role: choice(personRoles),
  orgId: Nullable(Id),
  orgName: Nullable(text(255)),
  grade: Nullable(text(20)),
  active: Type.Boolean(),
  deviceCount: Type.Integer(),
  verdict: VerdictView,
});
export type PersonSummary = Type.Static<typeof PersonSummary>;

export const DeviceSummary = strictObject({
  id: Id,
  name: text(253),
  serial: Nullable(text(100)),
  model: Nullable(text(200)),
  platform: PlatformName,
  os: text(210),
  agentVersion: text(50),
  status: choice(['held', 'active', 'revoked']),
  simulated: Type.Boolean(),
  connected: Type.Boolean(),
  lastSeenAt: Nullable(Instant),
  tags: Type.Array(text(60)),
  custodian: Nullable(strictObject({ id: Id, name: text(400), orgName: Nullable(text(255)) })),
  verdict: VerdictView,
});
export type DeviceSummary = Type.Static<typeof DeviceSummary>;

export const CustodyView = strictObject({
  id: Id,
  kind: choice(['primary', 'loan']),
  device: strictObject({ id: Id, name: text(253) }),
  person: strictObject({ id: Id, name: text(400) }),
  startsAt: Instant,
  endedAt: Nullable(Instant),
  endReason: Nullable(text(200)),
});
export type CustodyView = Type.Static<typeof CustodyView>;

export const EventView = strictObject({
  id: Type.Integer(),
  at: Instant,
  /** `staff:NAME`, `device:NAME`, `server` or `command line`. */
  actor: text(300),
  code: text(64),
  /** One sentence for people, without names of people. */
  words: text(1200),
  subject: Nullable(
    strictObject({
      kind: choice(['device', 'person', 'profile', 'list', 'token', 'import', 'staff']),
      id: text(64),
      name: text(400),
    }),
  ),
});
export type EventView = Type.Static<typeof EventView>;

/** Section of a device: what it should hold, what it says it holds, and the proof. */
export const SectionView = strictObject({
  section: text(40),
  title: text(100),
  status: SectionStatus,
  /** True when the report is about the state that is desired now. */
  upToDate: Type.Boolean(),
  generation: Type.Integer(),
  reportedAt: Nullable(Instant),
  failure: Nullable(Failure),
  evidence: Type.Array(Evidence),
});
export type SectionView = Type.Static<typeof SectionView>;

/** Why a setting has its value: the assignment that set it and those it beat. */
export const SettingView = strictObject({
  capability: text(40),
  setting: text(60),
  title: text(120),
  value: Type.Unknown(),
  from: Type.Array(
    strictObject({
      profile: text(120),
      profileId: Id,
      revision: Type.Integer(),
      to: text(400),
      priority: Type.Integer(),
    }),
  ),
  beaten: Type.Array(
    strictObject({
      profile: text(120),
      profileId: Id,
      revision: Type.Integer(),
      to: text(400),
      priority: Type.Integer(),
      value: Type.Unknown(),
    }),
  ),
});
export type SettingView = Type.Static<typeof SettingView>;

export const FindingView = strictObject({
  code: text(64),
  detail: text(1000),
  openedAt: Instant,
  closedAt: Nullable(Instant),
});

export const DeviceDetail = strictObject({
  device: DeviceSummary,
  enrolledAt: Instant,
  certificate: Nullable(
    strictObject({ serial: text(64), notAfter: Instant, status: choice(['active', 'superseded', 'revoked']) }),
  ),
  /** Collector → value (see `shared/protocol/health.ts`), with when it was taken. */
  health: Type.Record(Type.String(), strictObject({ at: Instant, value: Type.Unknown() })),
  observations: Type.Record(Type.String(), strictObject({ at: Instant, value: Type.Unknown() })),
  checks: Type.Array(CheckFinding),
  findings: Type.Array(FindingView),
  sections: Type.Array(SectionView),
  settings: Type.Array(SettingView),
  desiredGeneration: Type.Integer(),
  custody: Type.Array(CustodyView),
});
export type DeviceDetail = Type.Static<typeof DeviceDetail>;

export const VerdictInterval = strictObject({
  state: choice(verdictStates),
  from: Instant,
  to: Nullable(Instant),
  reasons: Type.Array(text(500)),
});

export const PersonDetail = strictObject({
  person: PersonSummary,
  email: Nullable(text(255)),
  orgs: Type.Array(strictObject({ id: Id, name: text(255), role: choice(personRoles), primary: Type.Boolean() })),
  classes: Type.Array(strictObject({ id: Id, title: text(255), role: text(40) })),
  devices: Type.Array(DeviceSummary),
  checks: Type.Array(strictObject({ deviceId: Id, deviceName: text(253), findings: Type.Array(CheckFinding) })),
  custody: Type.Array(CustodyView),
  verdicts: Type.Array(VerdictInterval),
});
export type PersonDetail = Type.Static<typeof PersonDetail>;

export const ProfileSummary = strictObject({
  id: Id,
  name: text(120),
  description: text(1000),
  publishedRevision: Nullable(Type.Integer()),
  publishedAt: Nullable(Instant),
  hasDraft: Type.Boolean(),
  capabilities: Type.Array(text(40)),
  assignments: Type.Array(strictObject({ input: AssignmentInput, words: text(400) })),
  deviceCount: Type.Integer(),
});
export type ProfileSummary = Type.Static<typeof ProfileSummary>;

export const ProfileContent = strictObject({
  settings: ProfileSettings,
  assignments: Type.Array(AssignmentInput, { maxItems: 200 }),
});
export type ProfileContent = Type.Static<typeof ProfileContent>;

export const ProfileDetail = strictObject({
  profile: ProfileSummary,
  /** What the form shows: the draft if there is one, else what is published. */
  content: ProfileContent,
  /** Changes with every save; send it back so that nobody's change is lost. */
  version: Type.Integer(),
  revisions: Type.Array(
    strictObject({
      number: Type.Integer(),
      publishedAt: Instant,
      by: text(300),
      note: text(500),
      settings: ProfileSettings,
    }),
  ),
});
export type ProfileDetail = Type.Static<typeof ProfileDetail>;

/** Before publishing: exactly who changes, and what. */
export const Preview = strictObject({
  devices: Type.Integer(),
  people: Type.Integer(),
  /** The first of them, with each setting before and after. */
  sample: Type.Array(
    strictObject({
      deviceId: Id,
      deviceName: text(253),
      person: Nullable(text(400)),
      changes: Type.Array(
        strictObject({
          capability: text(40),
          setting: text(60),
          title: text(120),
          before: Type.Unknown(),
          after: Type.Unknown(),
        }),
      ),
    }),
  ),
  /** Devices where something a selector asks about is not known, so the last known scope stays. */
  unknown: Type.Array(strictObject({ deviceId: Id, deviceName: text(253), words: text(400) })),
  problems: Type.Array(text(500)),
});
export type Preview = Type.Static<typeof Preview>;

/** How a published revision is landing. */
export const Landing = strictObject({
  revision: Nullable(Type.Integer()),
  publishedAt: Nullable(Instant),
  total: Type.Integer(),
  verified: Type.Integer(),
  applied: Type.Integer(),
  pending: Type.Integer(),
  failed: Type.Integer(),
  unsupported: Type.Integer(),
  /** Failures first, then what is pending, then the rest; at most 200. */
  devices: Type.Array(
    strictObject({
      deviceId: Id,
      name: text(253),
      simulated: Type.Boolean(),
      connected: Type.Boolean(),
      status: SectionStatus,
      words: text(600),
      at: Nullable(Instant),
    }),
  ),
});
export type Landing = Type.Static<typeof Landing>;

export const ListView = strictObject({
  category: text(63),
  title: text(100),
  source: text(500),
  licence: text(200),
  names: Type.Integer(),
  hash: text(64),
  updatedAt: Instant,
  /** Rows that were left out when the list was read. */
  skipped: Type.Integer(),
});
export type ListView = Type.Static<typeof ListView>;

/** A problem of an uploaded file, with its place. */
export const RowProblem = strictObject({
  severity: choice(['error', 'warning']),
  file: text(255),
  /** 1-based, the header being row 1; null when the file as a whole is meant. */
  row: Nullable(Type.Integer()),
  column: Nullable(text(255)),
  words: text(600),
});
export type RowProblem = Type.Static<typeof RowProblem>;

export const ImportResult = strictObject({
  applied: Type.Boolean(),
  dryRun: Type.Boolean(),
  mode: choice(['strict', 'lenient']),
  format: text(40),
  problems: Type.Array(RowProblem),
  /** Per kind of thing (orgs, people, classes, enrollments, academicSessions): what changes. */
  changes: Type.Array(
    strictObject({
      kind: text(40),
      added: Type.Integer(),
      changed: Type.Integer(),
      removed: Type.Integer(),
      unchanged: Type.Integer(),
    }),
  ),
  /** People who would be removed or moved to another unit, and their share of all; the brake works on this. */
  moved: Type.Integer(),
  movedShare: Type.Number(),
  /** The first differences in words: `+ student s-104 (grade 06)`. */
  sample: Type.Array(text(300)),
});
export type ImportResult = Type.Static<typeof ImportResult>;

export const TokenView = strictObject({
  id: Id,
  label: text(120),
  maxUses: Type.Integer(),
  uses: Type.Integer(),
  expiresAt: Instant,
  orgName: Nullable(text(255)),
  platform: Nullable(PlatformName),
  approval: choice(['automatic', 'hold']),
  person: Nullable(strictObject({ id: Id, name: text(400) })),
  status: choice(['open', 'used', 'expired', 'revoked']),
  createdAt: Instant,
  createdBy: text(300),
});
export type TokenView = Type.Static<typeof TokenView>;

const VerdictCounts = strictObject({
  compliant: Type.Integer(),
  noncompliant: Type.Integer(),
  silent: Type.Integer(),
  unknown: Type.Integer(),
});
export type VerdictCounts = Type.Static<typeof VerdictCounts>;

export const Overview = strictObject({
  district: text(255),
  people: VerdictCounts,
  peopleWithoutDevice: Type.Integer(),
  devices: strictObject({
    total: Type.Integer(),
    connected: Type.Integer(),
    simulated: Type.Integer(),
    held: Type.Integer(),
  }),
  schools: Type.Array(strictObject({ orgId: Id, name: text(255), verdicts: VerdictCounts })),
  roles: Type.Array(strictObject({ role: choice(personRoles), verdicts: VerdictCounts })),
  /** Why devices fail, most frequent first. */
  reasons: Type.Array(strictObject({ words: text(500), devices: Type.Integer() })),
  silent: Type.Array(DeviceSummary),
  events: Type.Array(EventView),
});
export type Overview = Type.Static<typeof Overview>;
