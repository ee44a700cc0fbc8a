import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Done, Nullable, route } from '../contract.ts';
import { PasskeyAssertion } from '../schemas/commands.ts';
import { Code, Entering, Entry, PasskeyOptions, Proof, SignsFor, Staff } from '../schemas/security.ts';
import { OwnAccess } from '../schemas/staff.ts';

export const Email = Type.String({ minLength: 3, maxLength: 255, pattern: '^[^\\s@]+@[^\\s@]+$' });
export const Password = Type.String({ minLength: 12, maxLength: 200 });
const Provider = Type.String({ pattern: '^[a-z0-9-]{1,40}$' });

/** Signing in and out, and the way to live notices. */
export const sessionRoutes = {
  readSession: route('GET', '/api/session', {
    summary: 'Who is signed in, how far signing in has got, and whether the first administrator is still to be made',
    access: 'public',
    response: strictObject({
      staff: Nullable(Staff),
      /** What they may do; null: nobody has signed in completely. */
      access: Nullable(OwnAccess),
      entering: Nullable(Entering),
      setupNeeded: Type.Boolean(),
      district: text(255),
      version: text(50),
      /** The name of the host passkeys are for: they work there and on hosts below it. */
      passkeyHost: text(255),
      providers: Type.Array(strictObject({ id: Provider, name: text(100) })),
    }),
  }),
  setUp: route('POST', '/api/setup', {
    summary: 'Make the first administrator with the one-time code the server printed',
    access: 'public',
    body: strictObject({ code: text(64), name: text(200, { minLength: 1 }), email: Email, password: Password }),
    response: Entry,
  }),
  signIn: route('POST', '/api/session', {
    summary: 'Sign in by password; a second factor must follow',
    access: 'public',
    body: strictObject({ email: text(255), password: text(200) }),
    response: Entry,
  }),
  proveFactor: route('POST', '/api/session/code', {
    summary: 'Complete a sign-in with a code of the code app, or a recovery code',
    access: 'entering',
    body: strictObject({ code: Code }),
    response: Entry,
  }),
  askPasskey: route('POST', '/api/session/passkey/options', {
    summary: 'What a browser needs to ask for a passkey',
    access: 'public',
    response: PasskeyOptions,
    secret: true,
  }),
  signInByPasskey: route('POST', '/api/session/passkey', {
    summary: 'Sign in by passkey, which is both factors in one',
    access: 'public',
    body: PasskeyAssertion,
    response: Entry,
  }),
  startProvider: route('POST', '/api/session/provider', {
    summary: 'Begin to sign in, or to link one’s account, at an OpenID provider',
    access: 'public',
    body: strictObject({ provider: Provider, purpose: choice(['sign-in', 'link']) }),
    /** `ticket` stays in the tab that asked: without it nobody can end what was begun. */
    response: strictObject({ url: text(4000), ticket: text(100) }),
    secret: true,
  }),
  finishProvider: route('POST', '/api/session/provider/answer', {
    summary: 'End it with the address the provider sent the browser back to',
    access: 'public',
    body: strictObject({ ticket: text(100), query: text(8000) }),
    response: strictObject({ purpose: choice(['sign-in', 'link']), entry: Entry }),
  }),
  reauthenticate: route('POST', '/api/session/proof', {
    summary: 'Show again that it is you, before something dangerous',
    body: strictObject({ proof: Proof }),
    response: Done,
  }),
  signOut: route('DELETE', '/api/session', { summary: 'Sign out', access: 'entering', response: Done }),
  addStaff: route('POST', '/api/staff', {
    summary: 'Add somebody who may sign in; only for the operator of this server (`rollcall staff add`)',
    body: strictObject({
      name: text(200, { minLength: 1 }),
      email: Email,
      password: Password,
      signsFor: Type.Optional(SignsFor),
    }),
    response: strictObject({ staff: Staff }),
    secret: true,
  }),
  setStaffSides: route('PUT', '/api/staff/sides', {
    summary:
      'Say whom an account signs policy changes for; only for the operator of this server (`rollcall staff sides`)',
    body: strictObject({ email: Email, signsFor: SignsFor }),
    response: strictObject({ staff: Staff }),
  }),
  liveTicket: route('POST', '/api/live-ticket', {
    summary: 'A ticket for one WebSocket connection to /api/live, valid for 30 seconds',
    response: strictObject({ ticket: text(100) }),
    secret: true,
  }),
} as const;
