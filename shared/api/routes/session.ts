import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Done, Id, Nullable, route } from '../contract.ts';
import { signSides } from '../schemas.ts';

/** Whom an account signs policy changes for. */
const SignsFor = Type.Array(choice(signSides), { maxItems: signSides.length });
const Staff = strictObject({ id: Id, name: text(200), email: text(255), signsFor: SignsFor });
const Email = Type.String({ minLength: 3, maxLength: 255, pattern: '^[^\\s@]+@[^\\s@]+$' });
const Password = Type.String({ minLength: 12, maxLength: 200 });

/** Signing in and out, and the way to live notices. */
export const sessionRoutes = {
  readSession: route('GET', '/api/session', {
    summary: 'Who is signed in, and whether the first administrator is still to be made',
    access: 'public',
    response: strictObject({
      staff: Nullable(Staff),
      setupNeeded: Type.Boolean(),
      district: text(255),
      version: text(50),
    }),
  }),
  setUp: route('POST', '/api/setup', {
    summary: 'Make the first administrator with the one-time code the server printed',
    access: 'public',
    body: strictObject({ code: text(64), name: text(200, { minLength: 1 }), email: Email, password: Password }),
    response: strictObject({ staff: Staff }),
  }),
  signIn: route('POST', '/api/session', {
    summary: 'Sign in',
    access: 'public',
    body: strictObject({ email: text(255), password: text(200) }),
    response: strictObject({ staff: Staff }),
  }),
  signOut: route('DELETE', '/api/session', { summary: 'Sign out', response: Done }),
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
