import Type from 'typebox';
import { verdictStates } from '../../compliance/verdict.ts';
import { personRoles } from '../../policy/selector.ts';
import { PlatformName } from '../../protocol/messages.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

export const VerdictView = strictObject({
  state: choice(verdictStates),
  since: Instant,
  /** One sentence each; empty when compliant. */
  reasons: Type.Array(text(500)),
  /** In grace and waived: until when; absent where the calendar does not tell. */
  until: Type.Optional(Instant),
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
  /** `staff:NAME`, `token:NAME` of a program, `device:NAME`, `server` or `command line`. */
  actor: text(300),
  code: text(64),
  /** One sentence for people, without names of people. */
  words: text(1200),
  subject: Nullable(
    strictObject({
      kind: choice([
        'device',
        'person',
        'profile',
        'list',
        'rollout',
        'token',
        'import',
        'staff',
        'api-token',
        'webhook',
        'group',
        'change',
        'rollout',
        'ticket',
      ]),
      id: text(64),
      name: text(400),
    }),
  ),
});
export type EventView = Type.Static<typeof EventView>;
