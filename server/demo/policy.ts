import type { ProfileContent } from '../../shared/api/schemas.ts';
import type { CompliancePolicy } from '../../shared/compliance/policy.ts';
import { Dice } from './dice.ts';

export interface SampleProfile {
  name: string;
  description: string;
  content: ProfileContent;
}

/** A category list as text, one name a line. */
export interface SampleList {
  category: string;
  title: string;
  source: string;
  licence: string;
  text: string;
}

const gamesCategory = 'games-sample';
/** What the compliance policy restricts with. */
export const restrictionProfile = 'Only school sites';

/**
 * What the sample district publishes. Every name ends in a top-level domain reserved for examples and tests (RFC 2606),
 * so that trying it out blocks nothing real.
 */
export const sampleProfiles: readonly SampleProfile[] = [
  {
    name: 'Student web filter',
    description: 'What students reach on and off campus: safe search, no games, and the domains listed here.',
    content: {
      settings: {
        webFilter: {
          blockedCategories: [gamesCategory],
          blockedDomains: ['blocked.example', 'proxy.example', 'casino.test'],
          allowedDomains: ['maple-county.example', 'lessons.blocked.example'],
          safeSearch: true,
          youtube: 'moderate',
          blockAnswer: 'page',
          // A machine that tries Rollcall out keeps its own ways to resolve names.
          holdDns: false,
          schedules: [
            {
              title: 'Games after school',
              action: 'allow',
              categories: [gamesCategory],
              domains: [],
              when: { kind: 'outside-school-hours' },
              place: 'off-campus',
            },
            {
              title: 'No videos in lessons',
              action: 'block',
              categories: [],
              domains: ['videos.example'],
              when: { kind: 'periods', periods: ['Period 1', 'Period 2', 'Period 3', 'Period 4', 'Period 5'] },
              place: 'on-campus',
            },
          ],
        },
      },
      assignments: [{ to: { kind: 'role', role: 'student' }, priority: 100 }],
    },
  },
  {
    name: 'School browsers',
    description: 'Browser settings for everybody: no ways around the filter, and the district’s start page.',
    content: {
      settings: {
        browser: {
          blockedUrls: ['blocked.example'],
          safeSearch: true,
          youtube: 'moderate',
          blockPrivateWindows: true,
          blockGuestMode: true,
          blockDnsOverHttps: true,
          homePage: 'https://www.maple-county.example/',
        },
      },
      assignments: [{ to: { kind: 'everyone' }, priority: 50 }],
    },
  },
  {
    name: 'Security baseline',
    description:
      'Looked at on every device, and left as it is: trying this out changes no machine. Set a part to “put it right” when you mean it.',
    content: {
      settings: {
        firewall: { mode: 'audit', allowedPorts: ['22/tcp'] },
        screenLock: { mode: 'audit', idleMinutes: 10, graceSeconds: 5 },
        updates: { mode: 'audit', automatic: 'security', restart: true },
        timeSync: { mode: 'audit', automatic: true },
        guestAccount: { mode: 'audit', disabled: true },
        usbStorage: { mode: 'audit', access: 'block' },
        localAdmins: { mode: 'audit', onlyNamed: true, named: ['it-admin'] },
      },
      assignments: [{ to: { kind: 'everyone' }, priority: 50 }],
    },
  },
  {
    name: restrictionProfile,
    description:
      'Given by the compliance policy to a device that stays wrong after its days of grace. Assigned to nobody.',
    content: {
      settings: {
        browser: {
          blockedUrls: ['*'],
          allowedUrls: ['maple-county.example', 'lessons.example'],
          blockPrivateWindows: true,
          blockGuestMode: true,
        },
      },
      assignments: [],
    },
  },
];

/** What one student needs who reads with a screen reader: it comes along to whatever device the student holds. */
export function screenReaderProfile(student: string): SampleProfile {
  return {
    name: 'Screen reader',
    description:
      'For one student: read aloud, larger text, and more time before the screen locks. No other profile takes it away.',
    content: {
      settings: {
        accessibility: { mode: 'audit', screenReader: true, textScalePercent: 125 },
        screenLock: { mode: 'audit', longerMinutes: 20 },
      },
      assignments: [{ to: { kind: 'person', person: student }, priority: 200 }],
    },
  };
}

/** What the sample district asks of people. `restriction`: id of the profile that narrows what stays wrong. */
export function sampleCompliancePolicy(restriction: string): CompliancePolicy {
  const counting = (check: string, own: { graceDays?: number; severity?: 'critical' | 'major' } = {}) => ({
    ...{ check, counts: true, graceDays: null, severity: null, ...own },
  });
  return {
    graceDays: 5,
    checks: [
      counting('screen-locks'),
      counting('updates-automatic', { graceDays: 10 }),
      // Critical in the library: here people have some days to come to the helpdesk.
      counting('firewall-on', { severity: 'major' }),
      counting('disk-encrypted', { graceDays: 10, severity: 'major' }),
      counting('not-local-admin', { graceDays: 2, severity: 'major' }),
      { check: 'secure-boot', counts: false, graceDays: null, severity: null },
    ],
    steps: { remindDays: 1, restrict: { profileId: restriction, afterDays: 2 } },
    returnDays: 5,
  };
}

const firstWords = ['arcade', 'block', 'bubble', 'candy', 'crystal', 'dragon', 'galaxy', 'jelly', 'jungle', 'knight'];
const secondWords = ['blaster', 'craft', 'dash', 'duel', 'jump', 'maze', 'puzzle', 'quest', 'racer', 'runner'];
const sites = ['games', 'play', 'zone', 'world', 'online'];
const topLevels = ['example', 'test'];
const listLength = 2000;

/** Lists of made-up names: no list of anybody else is shipped. */
export function sampleLists(): SampleList[] {
  const dice = new Dice(2606);
  const names = new Set(['games.example', 'canary.games-sample.test']);
  while (names.size < listLength) {
    const words = `${dice.pick(firstWords)}-${dice.pick(secondWords)}-${Math.floor(dice.unit() * 90) + 10}`;
    names.add(`${words}.${dice.pick(sites)}.${dice.pick(topLevels)}`);
  }
  const header = '# Made-up names for trying out the filter. CC0.';
  return [
    {
      category: gamesCategory,
      title: 'Games (sample)',
      source: 'generated by Rollcall',
      licence: 'CC0 (generated)',
      text: `${[header, ...[...names].toSorted()].join('\n')}\n`,
    },
  ];
}
