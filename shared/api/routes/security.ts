import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { Done, IdParams, route } from '../contract.ts';
import {
  Code,
  NewPasskey,
  PasskeyOptions,
  PasskeyView,
  RecoveryCodes,
  SecurityView,
  SessionView,
} from '../schemas/security.ts';
import { Password } from './session.ts';

/** One's own sign-in: second factors, passkeys, sessions. Who has no factor yet enrols the first by these as well. */
export const securityRoutes = {
  readSecurity: route('GET', '/api/security', {
    summary: 'One’s own factors',
    response: SecurityView,
  }),
  newPasskey: route('POST', '/api/security/passkeys/options', {
    summary: 'What a browser needs to make a passkey',
    access: 'entering',
    response: PasskeyOptions,
    secret: true,
  }),
  addPasskey: route('POST', '/api/security/passkeys', {
    summary: 'Add a passkey; recovery codes come with the first factor',
    access: 'entering',
    body: NewPasskey,
    response: strictObject({ passkey: PasskeyView, recoveryCodes: RecoveryCodes }),
    secret: true,
  }),
  removePasskey: route('DELETE', '/api/security/passkeys/:id', {
    summary: 'Remove a passkey, unless it is the last factor',
    params: IdParams,
    response: Done,
  }),
  newCodeApp: route('POST', '/api/security/code-app/secret', {
    summary: 'A secret for a code app; it counts once a code of it was given',
    access: 'entering',
    /** `qr`: an SVG image as a data address. */
    response: strictObject({ secret: text(100), address: text(1000), qr: text(100_000) }),
    secret: true,
  }),
  addCodeApp: route('PUT', '/api/security/code-app', {
    summary: 'Use the code app whose code is given, in place of an earlier one',
    access: 'entering',
    body: strictObject({ code: Code }),
    response: strictObject({ recoveryCodes: RecoveryCodes }),
    secret: true,
  }),
  removeCodeApp: route('DELETE', '/api/security/code-app', {
    summary: 'Give up the code app, unless it is the last factor',
    response: Done,
  }),
  makeRecoveryCodes: route('POST', '/api/security/recovery-codes', {
    summary: 'New recovery codes in place of the earlier ones, shown this once',
    response: strictObject({ recoveryCodes: Type.Array(text(40)) }),
    secret: true,
  }),
  changePassword: route('PUT', '/api/security/password', {
    summary: 'Change the password; all other sessions end',
    body: strictObject({ password: text(200), newPassword: Password }),
    response: Done,
    secret: true,
  }),
  unlinkProvider: route('DELETE', '/api/security/identities/:id', {
    summary: 'Sign in no longer by the account at a provider',
    params: IdParams,
    response: Done,
  }),
  listSessions: route('GET', '/api/security/sessions', {
    summary: 'One’s own sessions, those seen last first',
    response: strictObject({ items: Type.Array(SessionView) }),
  }),
  endSession: route('DELETE', '/api/security/sessions/:id', {
    summary: 'End one of one’s own sessions at once',
    params: IdParams,
    response: Done,
  }),
  endOtherSessions: route('DELETE', '/api/security/sessions', {
    summary: 'End all of one’s own sessions but this one',
    response: Done,
  }),
} as const;
