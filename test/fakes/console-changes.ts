import type {
  ChangePreview,
  ChangeSummary,
  ChangeView,
  PublishingSettings,
  TouchedDevice,
} from '../../shared/api/schemas.ts';
import { publishingDefaults } from '../../shared/api/schemas.ts';
import { usualPlan } from '../../shared/policy/rollout-plan.ts';
import { ago, devices, schools } from './console-district.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const lockAfter = {
  capability: 'screenLock',
  setting: 'idleMinutes',
  title: 'Minutes until the screen locks',
  before: 15,
  after: 5,
};
const usb = {
  capability: 'usbStorage',
  setting: 'access',
  title: 'USB sticks and disks',
  before: null,
  after: 'read-only',
};
const domains = {
  capability: 'webFilter',
  setting: 'blockedDomains',
  title: 'Blocked domains',
  before: ['games.example', 'old.example'],
  after: ['games.example', '*.proxy.example', 'casino.example'],
};

/** Every third gets one more thing. */
export const touched: TouchedDevice[] = devices.slice(0, 38).map((device, index) => ({
  deviceId: device.id,
  deviceName: device.name,
  personId: device.custodian?.id ?? null,
  person: device.custodian?.name ?? null,
  org: device.custodian?.orgName ?? null,
  changes: index % 3 === 0 ? [lockAfter, domains] : [lockAfter],
}));

export const preview = (about: Partial<ChangePreview> = {}): ChangePreview => ({
  id: 'pv1',
  at: ago(2 * minute),
  devices: 38,
  people: 37,
  of: 42,
  percent: 90.5,
  settings: [
    { ...lockAfter, devices: 38, words: 'The screen locks after 5 minutes instead of 15.' },
    { ...domains, devices: 13, words: 'Two domains are blocked, one is not any more.' },
  ],
  orgs: schools.map(({ name }, index) => ({ org: name, devices: [17, 12, 9][index] ?? 1 })),
  sample: touched.slice(0, 20),
  conflicts: [
    {
      title: 'Minutes until the screen locks',
      winner: 'Students',
      beaten: 'Art room',
      devices: 4,
      words: 'Both reach the devices of cart 3; the strictest holds.',
    },
  ],
  locked: [],
  unknown: [
    {
      deviceId: 'dev40',
      deviceName: 'lap-1040',
      words: 'Nobody has this device in custody; “all students” does not reach it.',
    },
    {
      deviceId: 'dev39',
      deviceName: 'lap-1039',
      words: 'The grade of its custodian is not known; “grade 5” stays as it last was.',
    },
  ],
  unknownDevices: 2,
  problems: [],
  ...about,
});

const summary = (id: string, about: Partial<ChangeSummary>): ChangeSummary => ({
  id,
  title: 'Screens lock sooner',
  state: 'open',
  items: [{ kind: 'profile', id: 'prof1', name: 'Students', fromRevision: 2 }],
  by: 'Omar Jansen',
  at: ago(3 * hour),
  devices: 38,
  people: 37,
  percent: 90.5,
  ready: false,
  needs: ['second-person'],
  mayApprove: true,
  isOwn: false,
  publishAt: null,
  publishedAt: null,
  rolloutId: null,
  comments: 2,
  ...about,
});

const secondPerson = {
  kind: 'second-person' as const,
  why: 'It touches 91 % of all devices; above 10 % a second person approves.',
};
const curriculum = { kind: 'curriculum' as const, why: 'Changes of Web filter are signed by curriculum.' };
const approval = {
  by: 'Greta Huang',
  at: ago(2 * hour),
  decision: 'approved' as const,
  words: 'Tried on my own laptop.',
};
const comments = [
  { by: 'Lena Dubois', at: ago(2.5 * hour), words: 'Does this hold for the <b>projector</b> carts too?' },
  { by: 'Omar Jansen', at: ago(2.2 * hour), words: 'They have a profile of their own, see the conflict.' },
];

const view = (change: ChangeSummary, about: Partial<ChangeView> = {}): ChangeView => ({
  change,
  note: 'Asked for by the counsellors after laptops stood open in the library.',
  preview: preview(),
  outdated: false,
  requirements: [{ ...secondPerson, metBy: null, metAt: null }],
  hindrances: [`A second person has not approved it. ${secondPerson.why}`],
  inFreeze: false,
  plan: usualPlan,
  decisions: [],
  comments,
  ...about,
});

/** One of each kind, as they would be found by who opens the console in the morning. */
export const changeViews = (): ChangeView[] => [
  view(summary('c1', {})),
  view(
    summary('c2', {
      title: 'Proxies blocked, and drives on USB only read',
      by: 'Ada Byrne',
      items: [
        { kind: 'profile', id: 'prof1', name: 'Students', fromRevision: 2 },
        { kind: 'group', id: 'g1', name: 'Library laptops', fromRevision: null },
      ],
      needs: ['curriculum'],
      mayApprove: false,
      comments: 0,
    }),
    {
      preview: preview({
        settings: [
          { ...domains, devices: 38, words: 'Two domains are blocked, one is not any more.' },
          { ...usb, devices: 21, words: 'Drives on USB can be read but not written.' },
        ],
        locked: [
          {
            profile: 'District minimum',
            title: 'USB sticks and disks',
            devices: 21,
            words: 'The locked minimum becomes stricter for everybody.',
          },
        ],
      }),
      outdated: true,
      requirements: [
        { ...secondPerson, metBy: 'Greta Huang', metAt: approval.at },
        { ...curriculum, metBy: null, metAt: null },
      ],
      hindrances: [
        `Curriculum has not signed it. ${curriculum.why}`,
        'A rollout of Students is at work; it ends or is rolled back first.',
      ],
      decisions: [{ ...approval, side: 'second-person' }],
      comments: [],
    },
  ),
  view(
    summary('c3', {
      title: 'Winter calendar of updates',
      state: 'scheduled',
      ready: true,
      needs: [],
      mayApprove: false,
      publishAt: ago(-2 * day),
      devices: 9,
      people: 9,
      percent: 21.4,
    }),
    {
      preview: preview({
        ...{ devices: 9, people: 9, percent: 21.4, conflicts: [], unknown: [], unknownDevices: 0 },
        settings: [{ ...lockAfter, devices: 9, words: 'The screen locks after 5 minutes instead of 15.' }],
        orgs: schools.slice(0, 1).map(({ name }) => ({ org: name, devices: 9 })),
        sample: touched.slice(0, 9).map((device) => ({ ...device, changes: [lockAfter] })),
      }),
      requirements: [{ ...secondPerson, metBy: 'Greta Huang', metAt: approval.at }],
      hindrances: ['State testing is a freeze until Fri 27 Nov, 16:00: nothing is published in it.'],
      inFreeze: true,
      plan: null,
      decisions: [{ ...approval, side: 'second-person' }],
    },
  ),
  view(
    summary('c4', {
      title: 'No private windows',
      state: 'published',
      ready: true,
      needs: [],
      mayApprove: false,
      publishedAt: ago(5 * hour),
      rolloutId: 'rollout1',
    }),
    {
      requirements: [{ ...secondPerson, metBy: 'Greta Huang', metAt: approval.at }],
      hindrances: [],
      decisions: [{ ...approval, side: 'second-person' }],
    },
  ),
  view(summary('c5', { title: 'Everything off at night', state: 'rejected', mayApprove: false }), {
    hindrances: [],
    decisions: [
      {
        ...approval,
        side: 'second-person',
        decision: 'rejected',
        words: 'Seniors write their applications in the evening.',
      },
    ],
  }),
  view(summary('c6', { title: 'Home page of the art rooms', state: 'withdrawn', mayApprove: false, needs: [] }), {
    requirements: [],
    hindrances: [],
  }),
];

export const publishing = (): PublishingSettings => ({
  ...publishingDefaults,
  coSigning: [{ capability: 'webFilter', side: 'curriculum' }],
  freezes: [{ title: 'State testing', from: ago(-10 * day), to: ago(-15 * day) }],
});
