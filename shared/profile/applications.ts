import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** Debian Policy 5.6.7; never an option of a command, nor with the minus by which apt-get means the opposite. */
const PackageName = Type.String({ minLength: 2, maxLength: 100, pattern: '^[a-z0-9][a-z0-9+.-]*[a-z0-9+]$' });
const ApplicationName = Type.String({ minLength: 1, maxLength: 100, pattern: '^[^\\u0000-\\u001f/\\\\]+$' });
/** An absolute path or one in home folders; `*` stands for any characters of one name. */
const PathPattern = Type.String({
  minLength: 3,
  maxLength: 200,
  pattern: '^(~|/[^/\\u0000-\\u001f]+)(/[^/\\u0000-\\u001f]+)+$',
});

type Words = Pick<Parameters<typeof setting>[0], 'title' | 'description' | 'x-group' | 'x-example'>;

function list<S extends Type.TSchema>(item: S, words: Words) {
  return Type.Optional(Type.Array(item, { maxItems: 100, ...setting({ ...words, 'x-merge': 'union' }) }));
}

/** What must be installed and what must not. Names differ between systems, hence a list for each. */
export const ApplicationsSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  unmanagedBrowsers: Type.Optional(
    Type.Boolean(
      setting({
        title: 'No browsers that profiles do not reach',
        description:
          'Brave, Opera, Vivaldi, Tor Browser and others: browser settings do not reach them. Chrome, Chromium, Edge and Firefox stay.',
        'x-merge': 'strictest',
        'x-group': 'Browsers',
      }),
    ),
  ),
  linuxRequired: list(PackageName, {
    title: 'Required packages',
    description:
      'Packages of Debian and Ubuntu. Installed from the device’s own sources when the agent puts things right.',
    'x-group': 'Linux',
    'x-example': 'libreoffice-writer',
  }),
  linuxForbidden: list(PackageName, {
    title: 'Forbidden packages',
    description:
      'Packages, snaps and flatpaks of this name. What apt installed is removed when the agent puts things right, unless other packages would go with it.',
    'x-group': 'Linux',
    'x-example': 'transmission-gtk',
  }),
  linuxForbiddenPaths: list(PathPattern, {
    title: 'Forbidden programs by path',
    description: 'Portable programs; ~ stands for every home folder, * for part of a name. Reported, never deleted.',
    'x-group': 'Linux',
    'x-example': '~/Downloads/*/game.x86_64',
  }),
  windowsRequired: list(ApplicationName, {
    title: 'Required applications',
    description: 'Names as under Installed apps; a * at the end stands for versions. Reported.',
    'x-group': 'Windows',
    'x-example': 'LibreOffice*',
  }),
  windowsForbidden: list(ApplicationName, {
    title: 'Forbidden applications',
    description: 'Names as under Installed apps; a * at the end stands for versions. Reported.',
    'x-group': 'Windows',
    'x-example': 'Steam',
  }),
  macRequired: list(ApplicationName, {
    title: 'Required applications',
    description: 'Names as in the Applications folder. Reported.',
    'x-group': 'macOS',
    'x-example': 'Keynote',
  }),
  macForbidden: list(ApplicationName, {
    title: 'Forbidden applications',
    description: 'Names as in the Applications folder. Reported.',
    'x-group': 'macOS',
    'x-example': 'Steam',
  }),
});
export type ApplicationsSettings = Type.Static<typeof ApplicationsSettings>;

export const applications: CapabilityDefinition<typeof ApplicationsSettings> = {
  name: 'applications',
  title: 'Applications',
  summary: 'What must be installed, what must not, and browsers that profiles do not reach',
  settings: ApplicationsSettings,
  abilities: { linux: 'enforce', win32: 'observe', darwin: 'observe' },
  limits: {
    linux:
      'Packages of apt are installed and removed; snaps, flatpaks and portable programs are reported and left to people. Nothing is kept from starting. Other package systems are not read.',
    win32:
      'Applications installed for the whole machine are reported; nothing is installed or removed. Those of one person and from the Store are not seen. Tested from documented output; not run on a real machine.',
    darwin:
      'The Applications folder of the Mac is reported; nothing is installed or removed. Tested in a folder; not run on a real machine.',
  },
};
