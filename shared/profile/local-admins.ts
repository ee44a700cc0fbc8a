import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** The name of an account as Linux, Windows and macOS write it; nothing a command or a list would read as more. */
const AccountName = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]*$' });

/** Who is an administrator of the device. */
export const LocalAdminsSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  onlyNamed: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Nobody but these is an administrator',
        description:
          'Others go on using the device as ordinary people. Where none of the named accounts is an administrator, the oldest one stays.',
        'x-merge': 'strictest',
        'x-group': 'Administrators',
      }),
    ),
  ),
  named: Type.Optional(
    Type.Array(AccountName, {
      maxItems: 50,
      ...setting({
        title: 'Accounts that may be administrators',
        description: 'Names as on the device, without a domain. Nobody becomes an administrator by being named here.',
        'x-merge': 'union',
        'x-group': 'Administrators',
        'x-example': 'it-admin',
      }),
    }),
  ),
});
export type LocalAdminsSettings = Type.Static<typeof LocalAdminsSettings>;

export const localAdmins: CapabilityDefinition<typeof LocalAdminsSettings> = {
  name: 'localAdmins',
  title: 'Local administrators',
  summary: 'Who may change everything on the device',
  settings: LocalAdminsSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'enforce' },
  limits: {
    linux:
      'The groups sudo, wheel and admin of the device itself. Members from a directory, accounts whose main group it is, and rules of sudo without a password are reported and left to people. Whoever is signed in keeps the right until they sign out.',
    win32:
      'Tested from documented output; not run on a real machine. The built-in account and what the domain or Entra ID adds stay.',
    darwin:
      'Tested from documented output; not run on a real machine. Accounts that are administrators by a nested group are not seen.',
  },
};
