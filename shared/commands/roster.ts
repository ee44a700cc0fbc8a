import Type from 'typebox';
import { EpochMs, Sha256, strictObject, text, validator } from '../schema.ts';
import { fromBase64url, Passkey, PasskeyAssertion, Site, toBase64url } from './webauthn.ts';

const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' });

/** Whose passkeys devices obey for what is dangerous, and how much of it they take; signed by two of the roster before. */
export const Roster = strictObject({
  format: Type.Literal(1),
  kind: Type.Literal('approvers'),
  audience: Sha256,
  /** 1 is the first; each follows the one before without a gap. */
  version: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  issuedAt: EpochMs,
  members: Type.Array(
    strictObject({
      staffId: Id,
      name: text(300),
      passkeys: Type.Array(Passkey, { minItems: 1, maxItems: 20 }),
    }),
    { minItems: 2, maxItems: 20 },
  ),
  sites: Type.Array(Site, { minItems: 1, maxItems: 20 }),
  budget: strictObject({
    /** Dangerous commands of a day, by the slots they name. */
    commandsPerDay: Type.Integer({ minimum: 1, maximum: 100 }),
    devicesPerCommand: Type.Integer({ minimum: 1, maximum: 1000 }),
  }),
});
export type Roster = Type.Static<typeof Roster>;
export type Member = Roster['members'][number];

/** A text with the passkeys' signatures under it. */
export const Approved = strictObject({
  text: text(400_000),
  approvals: Type.Array(PasskeyAssertion, { maxItems: 8 }),
});
export type Approved = Type.Static<typeof Approved>;

/** The most rosters a section carries; a device that slept through more must be enrolled again. */
export const mostRosters = 32;

/** What a device receives: the rosters up to the newest, oldest first. */
export const ApproversSection = strictObject({ rosters: Type.Array(Approved, { minItems: 1, maxItems: mostRosters }) });
export type ApproversSection = Type.Static<typeof ApproversSection>;

/** A signed roster counts after this long: time for the district to notice one it did not want. */
export const rosterWaitMs = 24 * 3_600_000;

/** What the district begins with. */
export const usualBudget: Roster['budget'] = { commandsPerDay: 10, devicesPerCommand: 20 };

const schema = validator(Roster);

/** The last sign may hold bits that count for nothing: the same key in two forms would be two keys (RFC 4648 section 3.5). */
function isCanonical(base64url: string): boolean {
  const bytes = fromBase64url(base64url);
  return bytes !== undefined && toBase64url(bytes) === base64url;
}

/** The roster of a text, or why it is none. */
export function readRoster(content: unknown): Roster | string {
  if (!schema.check(content)) return schema.problems(content).join('; ');
  const passkeys = content.members.flatMap((member) => member.passkeys);
  const isEachOnce = (of: readonly string[]) => new Set(of).size === of.length;
  if (!isEachOnce(content.members.map(({ staffId }) => staffId))) return 'a person is named twice';
  if (!isEachOnce(passkeys.map(({ id }) => id))) return 'a passkey is named twice';
  if (!isEachOnce(passkeys.map(({ publicKey }) => publicKey))) return 'two passkeys have the same key';
  if (passkeys.some(({ id, publicKey }) => !isCanonical(id) || !isCanonical(publicKey)))
    return 'a passkey is written in another form than the one there is';
  return content;
}
