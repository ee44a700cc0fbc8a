import Type from 'typebox';
import { choice, strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** Choices, not numbers, so that of several profiles the longest wins. */
export const passwordLengths = ['8', '10', '12', '14', '16', '20'] as const;
export const passwordClasses = ['1', '2', '3', '4'] as const;

/** What a new password must be, and what wrong ones lead to. Accounts of a directory follow the directory. */
export const PasswordRulesSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  minLength: Type.Optional(
    choice(
      passwordLengths,
      setting({
        title: 'Shortest password',
        description: 'Characters a new password has at least. Present passwords go on working.',
        'x-merge': 'strictest',
        'x-group': 'Passwords',
        'x-labels': passwordLengths.map((length) => `${length} characters`),
      }),
    ),
  ),
  minClasses: Type.Optional(
    choice(
      passwordClasses,
      setting({
        title: 'Kinds of characters',
        description:
          'Of capital letters, small letters, digits and others. Length protects better: leave it unset unless a rule asks for it.',
        'x-merge': 'strictest',
        'x-group': 'Passwords',
      }),
    ),
  ),
  failedAttempts: Type.Optional(
    Type.Integer({
      minimum: 3,
      maximum: 100,
      ...setting({
        title: 'Wrong passwords until the account is locked',
        description: 'Too few, and others lock somebody out in jest.',
        'x-merge': 'strictest',
        'x-group': 'Lockout',
      }),
    }),
  ),
  unlockMinutes: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1440,
      ...setting({
        title: 'Minutes until it is unlocked',
        description: 'The account opens by itself after this time; nobody needs to come.',
        'x-merge': 'replace',
        'x-group': 'Lockout',
      }),
    }),
  ),
});
export type PasswordRulesSettings = Type.Static<typeof PasswordRulesSettings>;

export const passwordRules: CapabilityDefinition<typeof PasswordRulesSettings> = {
  name: 'passwordRules',
  title: 'Passwords and lockout',
  summary: 'What a new password must be, and when wrong ones lock the account',
  settings: PasswordRulesSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'needs-mdm' },
  limits: {
    linux:
      'Rules hold where PAM asks pam_pwquality and pam_faillock; where it does not, that is reported and PAM is left alone. Values in pwquality.conf or in the lines of PAM win and are reported. Stricter ones stay.',
    win32:
      'Tested from documented output; not run on a real machine. Windows asks 14 characters at most, and three kinds of characters or none; a domain’s rules win.',
    darwin:
      'Only MDM sets the rules in a way macOS keeps. They are read and reported; tested from documented output, not run on a real machine.',
  },
};
