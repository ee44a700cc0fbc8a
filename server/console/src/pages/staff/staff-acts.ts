import type { StaffAccount } from '../../../../../shared/api/schemas.ts';
import { call } from '../../api.ts';

/** What an owner does to an account besides its roles; each with a reason that others read later. */
export interface StaffAct {
  label: string;
  title: string;
  words: (account: StaffAccount) => string;
  action: string;
  done: string;
  isDangerous: boolean;
  isFor: (account: StaffAccount) => boolean;
  act: (id: string, reason: string) => Promise<unknown>;
}

export const staffActs: readonly StaffAct[] = [
  {
    label: 'End all sessions',
    title: 'End all sessions',
    words: ({ name }) => `${name} is signed out everywhere and signs in anew.`,
    action: 'End them',
    done: 'The sessions have ended.',
    isDangerous: false,
    isFor: ({ sessions }) => sessions > 0,
    act: (id, reason) => call('endStaffSessions', { params: { id }, body: { reason } }),
  },
  {
    label: 'Reset second factors',
    title: 'Reset second factors',
    words: ({ name }) =>
      `All passkeys, the code app and the recovery codes of ${name} are removed. At the next sign-in they enrol a new one: be sure that it is really ${name} who asks.`,
    action: 'Remove them',
    done: 'The second factors are removed.',
    isDangerous: true,
    isFor: ({ passkeys, hasCodeApp }) => passkeys > 0 || hasCodeApp,
    act: (id, reason) => call('resetStaffFactors', { params: { id }, body: { reason } }),
  },
  {
    label: 'Disable',
    title: 'Disable this account',
    words: ({ name }) => `${name} is signed out at once and cannot sign in; the API tokens they made are refused.`,
    action: 'Disable it',
    done: 'The account is disabled.',
    isDangerous: true,
    isFor: ({ status }) => status === 'active',
    act: (id, reason) => call('disableStaff', { params: { id }, body: { reason } }),
  },
  {
    label: 'Enable',
    title: 'Enable this account',
    words: ({ name }) => `${name} can sign in again, with the roles shown.`,
    action: 'Enable it',
    done: 'The account is enabled.',
    isDangerous: false,
    isFor: ({ status }) => status === 'disabled',
    act: (id, reason) => call('enableStaff', { params: { id }, body: { reason } }),
  },
];
