import Type from 'typebox';
import { Action } from '../../commands/action.ts';
import { scriptTerms } from '../../commands/script.ts';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

/** `waiting`: for those who must approve it. `open`: some devices have not answered. */
export const commandStates = ['waiting', 'open', 'done', 'expired', 'rejected', 'withdrawn'] as const;
export type CommandState = (typeof commandStates)[number];

/** Of one device. `postponed`: the person asked for time. `refused`: by the agent, with a code. */
export const commandDeviceStates = ['waiting', 'sent', 'postponed', 'done', 'failed', 'refused', 'expired'] as const;
export type CommandDeviceState = (typeof commandDeviceStates)[number];

export const CommandView = strictObject({
  id: Id,
  action: Action,
  /** What it does, in one sentence. */
  words: text(500),
  reason: text(500),
  ticketId: Nullable(Id),
  by: text(300),
  createdAt: Instant,
  expiresAt: Instant,
  state: choice(commandStates),
  /** Its approval, where two people must sign. */
  approvalId: Nullable(Id),
  devices: strictObject(
    Object.fromEntries(commandDeviceStates.map((state) => [state, Type.Integer()])) as Record<
      CommandDeviceState,
      Type.TInteger
    >,
  ),
});
export type CommandView = Type.Static<typeof CommandView>;

export const CommandDevice = strictObject({
  device: strictObject({ id: Id, name: text(300) }),
  state: choice(commandDeviceStates),
  at: Instant,
  /** What the device said of it. */
  words: text(1000),
  code: Nullable(text(64)),
  /** What a script wrote, cut at its limit. */
  output: Nullable(text(65_536)),
});
export type CommandDevice = Type.Static<typeof CommandDevice>;

export const CommandInput = strictObject({
  action: Action,
  deviceIds: Type.Array(Id, { minItems: 1, maxItems: 10_000, uniqueItems: true }),
  ticketId: Type.Optional(Id),
  reason: text(500, { minLength: 5 }),
  expiresInMinutes: Type.Integer({ minimum: 1, maximum: 60 * 24 * 7 }),
});
export type CommandInput = Type.Static<typeof CommandInput>;

/** What must be signed by two: a command, a script, who may sign, a recovery key. */
export const approvalKinds = ['command', 'script', 'approvers', 'recovery-key'] as const;
export const approvalStates = ['open', 'signed', 'rejected', 'withdrawn', 'expired'] as const;

export const ApprovalView = strictObject({
  id: Id,
  kind: choice(approvalKinds),
  title: text(300),
  /** What it does exactly, line by line, as far as the server can say. */
  lines: Type.Array(text(500), { maxItems: 50 }),
  /** The exact text that is signed; its SHA-256 is the challenge of each passkey. */
  text: text(1_000_000),
  reason: text(500),
  by: text(300),
  at: Instant,
  expiresAt: Instant,
  state: choice(approvalStates),
  needs: Type.Integer({ minimum: 1 }),
  signed: Type.Array(strictObject({ by: text(300), at: Instant })),
  /** True: whoever asks is an approver who has not signed and did not propose it. */
  maySign: Type.Boolean(),
  isOwn: Type.Boolean(),
  /** What it is about. */
  subject: strictObject({ kind: choice(approvalKinds), id: Id }),
});
export type ApprovalView = Type.Static<typeof ApprovalView>;

export { PasskeyAssertion } from '../../commands/webauthn.ts';

export const ApproversView = strictObject({
  /** 0: none have been named yet. */
  version: Type.Integer({ minimum: 0 }),
  members: Type.Array(
    strictObject({ staffId: Id, name: text(300), passkeys: Type.Array(strictObject({ id: Id, name: text(100) })) }),
  ),
  /** A change that waits: for signatures, then for its waiting time on the devices. */
  pending: Nullable(
    strictObject({ approvalId: Nullable(Id), effectiveAt: Nullable(Instant), members: Type.Array(text(300)) }),
  ),
  /** Dangerous commands a day, and devices in one of them: what every agent checks. */
  budget: strictObject({
    commandsPerDay: Type.Integer(),
    devicesPerCommand: Type.Integer(),
    usedToday: Type.Integer(),
  }),
});
export type ApproversView = Type.Static<typeof ApproversView>;

export const ScriptContent = strictObject({ ...scriptTerms, source: text(65_536, { minLength: 1 }) });
export type ScriptContent = Type.Static<typeof ScriptContent>;

export const ScriptView = strictObject({
  id: Id,
  /** The draft, or what is published when there is none. */
  content: ScriptContent,
  version: Type.Integer(),
  isDraft: Type.Boolean(),
  published: Nullable(
    strictObject({ revision: Type.Integer(), hash: text(64), at: Instant, signedBy: Type.Array(text(300)) }),
  ),
  approvalId: Nullable(Id),
});
export type ScriptView = Type.Static<typeof ScriptView>;
