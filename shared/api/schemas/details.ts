import Type from 'typebox';
import { CheckFinding, verdictStates } from '../../compliance/verdict.ts';
import { personRoles } from '../../policy/selector.ts';
import { Evidence, Failure, SectionStatus } from '../../protocol/messages.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { CustodyView, DeviceSummary, PersonSummary } from './summaries.ts';

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
  /** What no profile can loosen keeps the value as it is, for example a state preset; in words. */
  limitedBy: Type.Optional(text(200)),
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
  until: Type.Optional(Instant),
});

export const PersonDetail = strictObject({
  person: PersonSummary,
  email: Nullable(text(255)),
  orgs: Type.Array(strictObject({ id: Id, name: text(255), role: choice(personRoles), primary: Type.Boolean() })),
  classes: Type.Array(strictObject({ id: Id, title: text(255), role: text(40) })),
  devices: Type.Array(DeviceSummary),
  checks: Type.Array(strictObject({ deviceId: Id, deviceName: text(253), findings: Type.Array(CheckFinding) })),
  /** What somebody changed on these devices in the last week and the agent put right, newest first. */
  corrections: Type.Array(
    strictObject({ device: strictObject({ id: Id, name: text(253) }), at: Instant, words: text(1000) }),
    {
      maxItems: 20,
    },
  ),
  custody: Type.Array(CustodyView),
  verdicts: Type.Array(VerdictInterval),
});
export type PersonDetail = Type.Static<typeof PersonDetail>;
