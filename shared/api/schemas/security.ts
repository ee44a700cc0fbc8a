import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { signSides } from './changes.ts';
import { PasskeyAssertion } from './commands.ts';

/** Whom an account signs policy changes for. */
export const SignsFor = Type.Array(choice(signSides), { maxItems: signSides.length });
export const Staff = strictObject({ id: Id, name: text(200), email: text(255), signsFor: SignsFor });
export type Staff = Type.Static<typeof Staff>;

/** Ways to show that it is you, beside a password. */
export const factorKinds = ['passkey', 'code-app', 'recovery-code'] as const;
export type FactorKind = (typeof factorKinds)[number];

/** Somebody whose session is not complete: it can do nothing but show a second factor, or enrol the first. */
export const Entering = strictObject({
  name: text(200),
  email: text(255),
  step: choice(['second-factor', 'enrolment']),
  factors: Type.Array(choice(factorKinds)),
});
export type Entering = Type.Static<typeof Entering>;

/** Where signing in has got to: `staff` once the session is complete. */
export const Entry = strictObject({ staff: Nullable(Staff), entering: Nullable(Entering) });
export type Entry = Type.Static<typeof Entry>;

/** What the browser is asked by, as WebAuthn Level 3 writes it in JSON (sections 5.4 and 5.5). */
export const PasskeyOptions = Type.Record(Type.String(), Type.Unknown());
export type PasskeyOptions = Type.Static<typeof PasskeyOptions>;

/** What an authenticator answers when it makes a passkey (WebAuthn Level 3, section 5.2.1), base64url. */
export const NewPasskey = strictObject({
  name: text(100, { minLength: 1 }),
  credentialId: Type.String({ maxLength: 2048, pattern: '^[A-Za-z0-9_-]+$' }),
  clientData: Type.String({ maxLength: 8192, pattern: '^[A-Za-z0-9_-]+$' }),
  attestation: Type.String({ maxLength: 65_536, pattern: '^[A-Za-z0-9_-]+$' }),
  transports: Type.Array(Type.String({ pattern: '^[a-z-]{1,20}$' }), { maxItems: 8 }),
});
export type NewPasskey = Type.Static<typeof NewPasskey>;

/** Six digits of a code app, or a recovery code. */
export const Code = text(40, { minLength: 6 });

/** Shows again that it is the same person: one of both. */
export const Proof = Type.Union([strictObject({ code: Code }), strictObject({ passkey: PasskeyAssertion })]);
export type Proof = Type.Static<typeof Proof>;

export const PasskeyView = strictObject({
  id: Id,
  name: text(100),
  createdAt: Instant,
  lastUsedAt: Nullable(Instant),
});
export type PasskeyView = Type.Static<typeof PasskeyView>;

/** Recovery codes, to be shown this once; null: earlier ones are still good. */
export const RecoveryCodes = Nullable(Type.Array(text(40)));

export const SecurityView = strictObject({
  hasPassword: Type.Boolean(),
  passkeys: Type.Array(PasskeyView),
  codeApp: Nullable(strictObject({ createdAt: Instant })),
  recoveryCodesLeft: Type.Integer({ minimum: 0 }),
  /** Accounts at OpenID providers that open this one. */
  identities: Type.Array(strictObject({ provider: text(100), name: text(100), linkedAt: Instant })),
});
export type SecurityView = Type.Static<typeof SecurityView>;

export const SessionView = strictObject({
  id: Id,
  address: text(100),
  /** In words, such as `Chrome on Windows`. */
  browser: text(100),
  /** `password`, `passkey`, or the id of a provider. */
  method: text(100),
  createdAt: Instant,
  lastSeenAt: Instant,
  expiresAt: Instant,
  /** The one that asks. */
  isOwn: Type.Boolean(),
});
export type SessionView = Type.Static<typeof SessionView>;
