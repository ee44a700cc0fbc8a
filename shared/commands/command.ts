import Type from 'typebox';
import { canonicalJson } from '../policy/canonical.ts';
import { Signature } from '../protocol/trust.ts';
import { EpochMs, Sha256, strictObject, text, validator } from '../schema.ts';
import { Action, type ActionKind, dangerousActions, massDevices } from './action.ts';
import { type ApprovalProblem, problemOfApprovals, type Refused } from './approval.ts';
import { type BudgetProblem, problemOfSpending, Slot } from './budget.ts';
import { Approved, type Roster } from './roster.ts';
import { Publication, problemOfParameters } from './script.ts';
import { PasskeyAssertion, type Primitives } from './webauthn.ts';

const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

/** The signed text of a command. One text for all its devices: whoever signs sees whom it reaches. */
export const Command = strictObject({
  format: Type.Literal(1),
  kind: Type.Literal('command'),
  /** The district it is for: SHA-256 of its root certificate. */
  audience: Sha256,
  id: Id,
  action: Action,
  devices: Type.Array(Id, { minItems: 1, maxItems: 10_000, uniqueItems: true }),
  issuedAt: EpochMs,
  expiresAt: EpochMs,
  /** The version of the approvers' roster it was signed under, where two people must sign. */
  roster: Type.Optional(Type.Integer({ minimum: 1 })),
  /** Its place in the day's budget, where the action is dangerous. */
  slot: Type.Optional(Slot),
});
export type Command = Type.Static<typeof Command>;

/** A command on its way to a device. */
export const SignedCommand = strictObject({
  /** The exact text that was signed: canonical JSON of a `Command`. */
  text: text(500_000),
  /** Over the text's UTF-8 bytes, by a state key of the district. */
  signature: Signature,
  keyId: Id,
  approvals: Type.Array(PasskeyAssertion, { maxItems: 8 }),
  /** With `run-script`: the text by which the script was published, and who signed it. */
  publication: Type.Optional(Approved),
});
export type SignedCommand = Type.Static<typeof SignedCommand>;

export type CommandProblem =
  | 'unknown-key'
  | 'bad-signature'
  | 'bad-command'
  | 'not-canonical'
  | 'other-audience'
  | 'other-device'
  | 'bad-expiry'
  | 'expired'
  | 'not-yet'
  | 'replayed'
  | 'no-approvers'
  | 'older-roster'
  | 'script-unpublished'
  | 'script-expired'
  | 'script-changed'
  | 'wrong-platform'
  | 'bad-parameters'
  | ApprovalProblem
  | BudgetProblem;

/** What a device knows when a command comes. */
export interface Standing {
  deviceId: string;
  audience: string;
  platform: string;
  /** What the server's word is worth. */
  isSigned(signed: Pick<SignedCommand, 'text' | 'signature' | 'keyId'>): 'yes' | 'unknown-key' | 'bad-signature';
  /** Pinned on this device; undefined: it knows no approvers. */
  roster: Roster | undefined;
  /** Commands expire by this. */
  now: number;
  /** For what two people signed: the later of all clocks, so that none that was turned back brings a command to life again. */
  latest: number;
  isKnown(commandId: string): boolean;
  /** A command other than this one had the slot. */
  isTaken(slot: Slot, commandId: string): boolean;
}

export type Judged =
  | { ok: true; command: Command; publication?: Publication }
  | ({ ok: false; commandId: string | undefined } & Refused<CommandProblem>);

/** No command lives longer: a week over which a device may be off. */
export const longestLifeMs = 7 * 86_400_000;
/** A script is signed anew after this. */
export const publicationLifeMs = 400 * 86_400_000;
const clockToleranceMs = 10 * 60_000;

const commandSchema = validator(Command);
const publicationSchema = validator(Publication);

/** True when two people must sign. */
export function needsApproval(kind: ActionKind, devices: number): boolean {
  return dangerousActions.has(kind) || devices > massDevices;
}

/** Decides whether a device may do what a command says; the first thing that is wrong names the refusal. */
export function judgeCommand(signed: SignedCommand, standing: Standing, primitives: Primitives): Judged {
  const trust = standing.isSigned(signed);
  const content = parsed(signed.text);
  const commandId = idOf(content);
  const refuse = (code: CommandProblem, words: string): Judged => ({ ok: false, commandId, code, words });
  if (trust !== 'yes') return refuse(trust, trustWords[trust]);
  if (!commandSchema.check(content)) return refuse('bad-command', commandSchema.problems(content).join('; '));
  if (canonicalJson(content) !== signed.text)
    return refuse('not-canonical', 'its text could be read in more ways than one');
  const problem =
    problemOfAddress(content, standing) ??
    problemOfTime(content, standing) ??
    problemOfSignatures(content, signed, standing, primitives);
  if (problem) return refuse(problem.code, problem.words);
  if (content.action.kind !== 'run-script') return { ok: true, command: content };
  const publication = publicationOf(content, content.action, signed, standing, primitives);
  if ('code' in publication) return refuse(publication.code, publication.words);
  return { ok: true, command: content, publication };
}

const trustWords = {
  'unknown-key': 'it is signed with a key this device does not trust',
  'bad-signature': 'the signature does not fit the text',
};

type Problem = Refused<CommandProblem> | undefined;

function problemOfAddress(command: Command, { audience, deviceId, isKnown }: Standing): Problem {
  if (command.audience !== audience) return { code: 'other-audience', words: 'it is for another district' };
  if (!command.devices.includes(deviceId)) return { code: 'other-device', words: 'it is not for this device' };
  if (isKnown(command.id)) return { code: 'replayed', words: 'this device has had it already' };
  return undefined;
}

function problemOfTime({ issuedAt, expiresAt, roster }: Command, { now, latest }: Standing): Problem {
  if (expiresAt <= issuedAt || expiresAt - issuedAt > longestLifeMs)
    return { code: 'bad-expiry', words: 'it does not expire within a week' };
  if ((roster === undefined ? now : latest) >= expiresAt) return { code: 'expired', words: 'its time is over' };
  if (issuedAt > now + clockToleranceMs) return { code: 'not-yet', words: 'it is dated in the future' };
  return undefined;
}

function problemOfSignatures(
  command: Command,
  { text, approvals }: SignedCommand,
  { roster, isTaken }: Standing,
  primitives: Primitives,
): Problem {
  const { action, devices, issuedAt, slot, id } = command;
  if (!needsApproval(action.kind, devices.length)) return undefined;
  if (!roster) return { code: 'no-approvers', words: 'this device knows no approvers' };
  if (command.roster === undefined || command.roster < roster.version)
    return { code: 'older-roster', words: 'it was signed under approvers who have been replaced' };
  const spending = { slot, issuedAt, devices: devices.length };
  const overspent = dangerousActions.has(action.kind)
    ? problemOfSpending(spending, roster.budget, (wanted) => isTaken(wanted, id))
    : undefined;
  return overspent ?? problemOfApprovals(text, approvals, roster, primitives);
}

type RunScript = Extract<Action, { kind: 'run-script' }>;

function publicationOf(
  { audience }: Command,
  action: RunScript,
  { publication: approved }: SignedCommand,
  { roster, latest, platform }: Standing,
  primitives: Primitives,
): Publication | Refused<CommandProblem> {
  if (!roster) return { code: 'no-approvers', words: 'this device knows no approvers' };
  const content = approved && parsed(approved.text);
  if (!approved || !publicationSchema.check(content))
    return { code: 'script-unpublished', words: 'nobody has signed this script' };
  const unsigned = problemOfApprovals(approved.text, approved.approvals, roster, primitives);
  if (unsigned) return { code: unsigned.code, words: `the script’s publication: ${unsigned.words}` };
  const { scriptId, revision, hash } = content;
  const isThis = scriptId === action.scriptId && revision === action.revision && hash === action.hash;
  if (!isThis || content.audience !== audience || canonicalJson(content) !== approved.text)
    return { code: 'script-changed', words: 'what was signed is another script' };
  if (latest >= content.expiresAt) return { code: 'script-expired', words: 'the script must be reviewed again' };
  if (content.platform !== platform) return { code: 'wrong-platform', words: 'the script is for another system' };
  const unfit = problemOfParameters(content.parameters, action.parameters);
  return unfit === undefined ? content : { code: 'bad-parameters', words: unfit };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

const idSchema = validator(Type.Object({ id: Id }));

function idOf(content: unknown): string | undefined {
  return idSchema.check(content) ? content.id : undefined;
}
