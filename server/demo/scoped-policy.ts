import { type ProfileContent, type PublishingSettings, publishingDefaults } from '../../shared/api/schemas.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import type { SampleProfile } from './policy.ts';

export interface SampleGroup {
  name: string;
  description: string;
  content: GroupContent;
}

/** The next revision of a sample profile. */
export interface SampleEdit {
  profile: string;
  title: string;
  note: string;
  edit: (content: ProfileContent) => ProfileContent;
}

const upperElementary = 'Fifth and sixth graders';
const loaners = 'Loaner laptops';
/** Who tries everything first: a cart of like laptops in the library. */
export const libraryCart = 'Pilot: library cart';

/** Whom the sample district speaks of again and again. `cart`: serial numbers. */
export function sampleGroups(cart: readonly string[]): SampleGroup[] {
  return [
    {
      name: upperElementary,
      description: 'They share rules across two schools.',
      content: {
        kind: 'rule',
        selector: {
          kind: 'any',
          of: [
            { kind: 'grade', grade: '05' },
            { kind: 'grade', grade: '06' },
          ],
        },
      },
    },
    {
      name: loaners,
      description: 'Lent for some days while the own one is repaired.',
      content: { kind: 'rule', selector: { kind: 'custody', custody: 'loan' } },
    },
    {
      name: libraryCart,
      description: 'The librarian tries what is new before anybody else has it.',
      content: { kind: 'list', people: [], devices: [...cart] },
    },
  ];
}

/** A page of its own for each school: nearer than what the district sets for everybody. */
const schoolPages = [
  ['Sugar Maple Elementary', 'sugar-maple-elementary', 'https://sugar-maple.maple-county.example/'],
  ['Red Maple Middle', 'red-maple-middle', 'https://red-maple.maple-county.example/'],
  ['Silver Maple High', 'silver-maple-high', 'https://silver-maple.maple-county.example/'],
] as const;

/** What is published together in the beginning. `until`: when the exception ends, ISO 8601. Nothing here changes a real machine. */
export function scopedProfiles(until: string): SampleProfile[] {
  return [
    {
      name: 'District minimum',
      description: 'What the district promises to parents. No school, group or exception weakens it.',
      content: {
        locked: true,
        settings: {
          browser: { safeSearch: true, blockDnsOverHttps: true, blockProxyExtensions: true },
          screenLock: { mode: 'audit', idleMinutes: 15 },
        },
        assignments: [{ to: { kind: 'everyone' }, priority: 100 }],
      },
    },
    ...schoolPages.map(([school, org, homePage]) => ({
      name: `${school}: browser`,
      description: 'The start page of this school.',
      content: {
        settings: { browser: { homePage } },
        assignments: [{ to: { kind: 'org' as const, org }, priority: 10 }],
      },
    })),
    {
      name: 'Grades 5 and 6: strict video',
      description: 'Restricted videos, but not on laptops that are lent: those go through many hands.',
      content: {
        settings: { browser: { youtube: 'strict' }, webFilter: { youtube: 'strict' } },
        assignments: [
          {
            to: {
              kind: 'all',
              of: [
                { kind: 'group', group: upperElementary },
                { kind: 'not', of: { kind: 'group', group: loaners } },
              ],
            },
            priority: 100,
          },
        ],
      },
    },
    {
      name: 'Film project, grade 6',
      description: 'An exception for some weeks; it ends by itself.',
      content: {
        settings: { browser: { youtube: 'off' }, webFilter: { youtube: 'off' } },
        assignments: [
          {
            to: { kind: 'grade', grade: '06' },
            priority: 100,
            override: { reason: 'The sixth grade shows its films online; agreed with the parents.', until },
          },
        ],
      },
    },
  ];
}

/** Rings for a district of some dozen devices: the cart, then shares. */
export const samplePublishing: PublishingSettings = {
  ...publishingDefaults,
  plan: {
    ...publishingDefaults.plan,
    rings: [
      { kind: 'group', group: libraryCart, soakHours: 7 },
      { kind: 'percent', percent: 40, soakHours: 28 },
      { kind: 'percent', percent: 70, soakHours: 7 },
      { kind: 'percent', percent: 100, soakHours: 0 },
    ],
    enough: 3,
  },
};

/** What became, or becomes, of later edits. */
export const sampleEdits = {
  completed: {
    profile: 'Student web filter',
    title: 'Two more proxies are blocked',
    note: 'Found by students of the high school in September.',
    edit: (content) => withWebFilter(content, ['mirror.example', 'tunnel.test']),
  },
  halted: {
    profile: 'School browsers',
    title: 'No developer tools',
    note: 'Asked for by the middle school.',
    edit: (content) => withSettings(content, 'browser', { blockDeveloperTools: true }),
  },
  underWay: {
    profile: 'Security baseline',
    title: 'Screens lock after five minutes',
    note: 'As the insurance asks for. Still only looked at, nowhere enforced.',
    edit: (content) => withSettings(content, 'screenLock', { idleMinutes: 5 }),
  },
  waiting: {
    profile: 'Student web filter',
    title: 'Strict videos for all students',
    note: 'A wish of the parents’ council.',
    edit: (content) => withSettings(content, 'webFilter', { youtube: 'strict' }),
  },
  scheduled: {
    profile: 'Silver Maple High: browser',
    title: 'Start page for the exam weeks',
    note: '',
    edit: (content) => withSettings(content, 'browser', { homePage: 'https://exams.maple-county.example/' }),
  },
} as const satisfies Record<string, SampleEdit>;

function withSettings<N extends keyof ProfileContent['settings']>(
  content: ProfileContent,
  capability: N,
  more: NonNullable<ProfileContent['settings'][N]>,
): ProfileContent {
  const { settings } = content;
  return { ...content, settings: { ...settings, [capability]: { ...settings[capability], ...more } } };
}

function withWebFilter(content: ProfileContent, more: readonly string[]): ProfileContent {
  const blockedDomains = [...(content.settings.webFilter?.blockedDomains ?? []), ...more];
  return withSettings(content, 'webFilter', { blockedDomains });
}
