import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { Done, IdParams, route } from '../contract.ts';
import { GrantInputs, StaffAccount } from '../schemas/staff.ts';
import { Email } from './session.ts';

/** To begin with; shown once. */
const StartPassword = text(40);
const Reason = text(300, { minLength: 3 });

/** Accounts of staff and what they may do. */
export const staffRoutes = {
  listStaff: route('GET', '/api/staff', {
    summary: 'Everybody with an account, what they may do and what they sign in by',
    response: strictObject({ items: Type.Array(StaffAccount) }),
  }),
  inviteStaff: route('POST', '/api/staff/invitations', {
    summary: 'Make an account with its roles; the password to begin with is answered this once',
    body: strictObject({ name: text(200, { minLength: 1 }), email: Email, grants: GrantInputs }),
    response: strictObject({ account: StaffAccount, password: StartPassword }),
    secret: true,
  }),
  saveStaffGrants: route('PUT', '/api/staff/:id/grants', {
    summary: 'Replace what an account may do; the last owner of the district stays one',
    params: IdParams,
    body: strictObject({ grants: GrantInputs, reason: Reason }),
    response: StaffAccount,
  }),
  disableStaff: route('POST', '/api/staff/:id/disable', {
    summary: 'Disable an account: its sessions and its API tokens end at once',
    params: IdParams,
    body: strictObject({ reason: Reason }),
    response: StaffAccount,
  }),
  enableStaff: route('POST', '/api/staff/:id/enable', {
    summary: 'Let a disabled account sign in again',
    params: IdParams,
    body: strictObject({ reason: Reason }),
    response: StaffAccount,
  }),
  resetStaffFactors: route('POST', '/api/staff/:id/factors/reset', {
    summary: 'Take all second factors from somebody who lost them; they enrol new ones when they sign in',
    params: IdParams,
    body: strictObject({ reason: Reason }),
    response: StaffAccount,
  }),
  resetStaffPassword: route('POST', '/api/staff/:id/password/reset', {
    summary: 'Give somebody another password to begin with, answered this once; their sessions end',
    params: IdParams,
    body: strictObject({ reason: Reason }),
    response: strictObject({ password: StartPassword }),
    secret: true,
  }),
  endStaffSessions: route('POST', '/api/staff/:id/sessions/end', {
    summary: 'End all sessions of an account',
    params: IdParams,
    body: strictObject({ reason: Reason }),
    response: Done,
  }),
} as const;
