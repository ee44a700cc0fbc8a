import { policyCodeRoutes } from '../../shared/api/routes/policy-code.ts';
import type {
  DeviceDetail,
  Landing,
  ProfileContent,
  ProfileDetail,
  SectionView,
  SettingView,
  TokenView,
} from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { auditAnswers } from './console-audit.ts';
import { complianceAnswers } from './console-compliance.ts';
import {
  ago,
  checksOf,
  countVerdicts,
  custody,
  devices,
  events,
  healthOf,
  orgs,
  people,
  roles,
  schools,
} from './console-district.ts';
import { filterAnswers } from './console-filter.ts';
import { commandAnswers } from './console-helpdesk-command-answers.ts';
import { diagnosisAnswers } from './console-helpdesk-diagnoses.ts';
import { ticketAnswers } from './console-helpdesk-ticket-answers.ts';
import { historyAnswers } from './console-history-answers.ts';
import { apiTokenAnswers, webhookAnswers } from './console-interface.ts';
import { notAnswered } from './console-not-answered.ts';
import { policyAnswers } from './console-policy-answers.ts';
import { recoveryAnswers } from './console-recovery.ts';
import { reviewAnswers } from './console-review-answers.ts';
import { securityAnswers } from './console-security.ts';
import { staffAnswers } from './console-staff.ts';
import { stepAnswers } from './console-steps.ts';

const done = { done: true } as const;
const hour = 3_600_000;

const content: ProfileContent = {
  settings: {
    webFilter: {
      blockedCategories: ['adult', 'gambling', 'malware'],
      blockedDomains: ['games.example', '*.proxy.example', '=chat.example'],
      safeSearch: true,
      youtube: 'moderate',
      lockedCategories: ['malware'],
      schedules: [
        {
          title: 'Social media at lunch',
          action: 'allow',
          categories: ['games'],
          domains: ['social.example'],
          when: {
            kind: 'times',
            from: '12:00',
            to: '12:45',
            days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
          },
          place: 'on-campus',
        },
      ],
      splitDomains: [{ domain: 'intranet.lindenfield.example', servers: ['10.20.0.53'] }],
      recording: 'blocked',
      upstream: { kind: 'dot', servers: ['9.9.9.9'], serverName: 'dns.quad9.net' },
    },
    browser: { blockPrivateWindows: true, homePage: 'https://www.lindenfield.example/' },
  },
  assignments: [
    { to: { kind: 'role', role: 'student' }, priority: 100 },
    { to: { kind: 'org', org: 'src-s2' }, priority: 200 },
  ],
};

const profileDetail = (id: string, name: string, number: number | null): ProfileDetail => ({
  profile: {
    id,
    name,
    description: 'What every student device gets, at school and at home.',
    publishedRevision: number,
    publishedAt: number === null ? null : ago(3 * hour),
    hasDraft: number === null,
    capabilities: ['webFilter', 'browser'],
    assignments: [
      { input: { to: { kind: 'role', role: 'student' }, priority: 100 }, words: 'all students' },
      { input: { to: { kind: 'org', org: 'src-s2' }, priority: 200 }, words: 'Lindenfield Middle School' },
    ],
    deviceCount: 38,
  },
  content,
  version: 3,
  revisions: Array.from({ length: number ?? 0 }, (_, index) => ({
    number: index + 1,
    publishedAt: ago((30 - index * 12) * hour),
    by: 'staff:Ada Byrne',
    note: index === 0 ? 'First cut' : 'Block proxy sites that came up in homeroom',
    settings: content.settings,
  })),
});

/** A locked minimum on its way in rings, with an exception of several parts. */
function minimumDetail(): ProfileDetail {
  const detail = profileDetail('prof3', 'State minimum', 1);
  const settings: ProfileContent['settings'] = {
    webFilter: { lockedCategories: ['malware', 'adult'] },
    usbStorage: { access: 'read-only' },
    screenLock: { mode: 'enforce', idleMinutes: 10 },
  };
  const assignments: ProfileContent['assignments'] = [
    { to: { kind: 'everyone' }, priority: 100 },
    {
      to: {
        kind: 'all',
        of: [
          {
            kind: 'any',
            of: [
              { kind: 'class', class: 'class-2' },
              { kind: 'group', group: 'Pilot classes' },
            ],
          },
          { kind: 'not', of: { kind: 'person', person: 'person-3' } },
        ],
      },
      priority: 300,
      override: { reason: 'State exam: the calculator site must open', until: ago(-60 * 24 * hour) },
    },
  ];
  return {
    ...detail,
    profile: {
      ...detail.profile,
      description: 'What the state demands of every device of a minor.',
      capabilities: ['webFilter', 'usbStorage', 'screenLock'],
      assignments: [{ input: { to: { kind: 'everyone' }, priority: 100 }, words: 'everyone' }],
      deviceCount: 42,
      locked: true,
      rollout: { id: 'rollout1', words: 'Ring 2 of 4, 14 of 42 devices' },
    },
    content: { settings, assignments, locked: true },
    revisions: detail.revisions.map((revision) => ({ ...revision, settings })),
  };
}

const sections = (failed: boolean): SectionView[] => [
  {
    section: 'webFilter',
    title: 'Web filter',
    status: failed ? 'failed' : 'verified',
    upToDate: true,
    generation: 12,
    reportedAt: ago(hour / 6),
    failure: failed
      ? { code: 'port-in-use', message: 'Port 53 is in use by dnsmasq. Stop it, or give it another port.' }
      : null,
    evidence: [
      {
        item: 'asked for canary.gambling.example',
        expected: 'blocked',
        seen: failed ? '203.0.113.9' : '0.0.0.0, EDE 15',
        ok: !failed,
      },
      {
        item: 'asked for www.google.com',
        expected: 'forcesafesearch.google.com',
        seen: 'forcesafesearch.google.com',
        ok: true,
      },
      { item: '/etc/resolv.conf', expected: 'nameserver 127.0.0.1', seen: 'nameserver 127.0.0.1', ok: true },
    ],
  },
  {
    section: 'browser',
    title: 'Browser',
    status: 'applied',
    upToDate: false,
    generation: 11,
    reportedAt: ago(hour),
    failure: null,
    evidence: [
      { item: '/etc/chromium/policies/managed/rollcall.json', expected: 'as written', seen: 'as written', ok: true },
    ],
  },
];

const source = (profile: string, to: string, priority: number) => ({
  profile,
  profileId: 'prof1',
  revision: 2,
  to,
  priority,
});
const settings: SettingView[] = [
  {
    capability: 'webFilter',
    setting: 'blockedCategories',
    title: 'Blocked categories',
    value: ['adult', 'gambling', 'malware'],
    from: [source('Students', 'all students', 100)],
    beaten: [],
  },
  {
    capability: 'webFilter',
    setting: 'schedules',
    title: 'Schedules',
    value: content.settings.webFilter?.schedules ?? [],
    from: [source('Students', 'all students', 100)],
    beaten: [],
  },
  {
    capability: 'webFilter',
    setting: 'recording',
    title: 'Recorded in school hours',
    value: 'counts',
    from: [],
    beaten: [{ ...source('Students', 'all students', 100), value: 'blocked' }],
    limitedBy: 'the Minnesota preset',
  },
  {
    capability: 'webFilter',
    setting: 'youtube',
    title: 'YouTube restriction',
    value: 'strict',
    from: [source('Middle school', 'Lindenfield Middle School', 200)],
    beaten: [{ ...source('Students', 'all students', 100), value: 'moderate' }],
  },
  {
    capability: 'browser',
    setting: 'blockPrivateWindows',
    title: 'No private windows',
    value: true,
    from: [source('Students', 'all students', 100)],
    beaten: [],
  },
];

const found = <T>(item: T | undefined): T => {
  if (item === undefined) throw new CodedError('not-found');
  return item;
};

function pageOf<T>(items: readonly T[], { cursor = '0', limit = 50 }: { cursor?: string; limit?: number }) {
  const start = Number(cursor);
  const next = start + limit;
  return {
    items: items.slice(start, next),
    total: items.length,
    nextCursor: next < items.length ? String(next) : null,
  };
}

function deviceDetail(id: string): DeviceDetail {
  const device = found(devices.find((one) => one.id === id));
  return {
    device,
    enrolledAt: ago(80 * 24 * hour),
    certificate: { serial: '4f1a09bc77', notAfter: ago(-300 * 24 * hour), status: 'active' },
    health: healthOf(device),
    observations: {},
    checks: checksOf(device),
    findings: [
      {
        code: 'observed-user',
        detail: 'Somebody else signs in: <img src=x onerror=alert(1)>',
        openedAt: ago(50 * hour),
        closedAt: null,
      },
    ],
    sections: sections(device.verdict.state === 'noncompliant'),
    settings,
    desiredGeneration: 12,
    custody: custody.filter((row) => row.device.id === id),
  };
}

const landing: Landing = {
  revision: 2,
  publishedAt: ago(60_000),
  total: 38,
  verified: 29,
  applied: 2,
  pending: 5,
  failed: 1,
  unsupported: 1,
  devices: devices.slice(0, 38).map((device, index) => ({
    deviceId: device.id,
    name: device.name,
    simulated: device.simulated,
    connected: device.connected,
    status: index === 0 ? 'failed' : index < 6 ? 'pending' : 'verified',
    words:
      index === 0
        ? 'Port 53 is in use by dnsmasq.'
        : index < 6
          ? 'Waiting for the device.'
          : 'Blocked names are refused, safe search answers.',
    at: index < 6 && index > 0 ? null : ago(20_000),
  })),
};

const token = (id: string, label: string, status: TokenView['status'], uses: number): TokenView => ({
  id,
  label,
  maxUses: 30,
  uses,
  expiresAt: ago(status === 'expired' ? hour : -100 * hour),
  orgName: 'Lindenfield Middle School',
  platform: null,
  approval: status === 'open' ? 'hold' : 'automatic',
  person: null,
  status,
  createdAt: ago(48 * hour),
  createdBy: 'staff:Ada Byrne',
});
const tokens = [
  token('t1', 'Grade 6 carts', 'open', 12),
  token('t2', '', 'expired', 3),
  token('t3', 'Library', 'used', 30),
];

const importResult = (dryRun: boolean, mode: 'strict' | 'lenient') => ({
  applied: !dryRun,
  dryRun,
  mode,
  format: 'OneRoster 1.1 CSV',
  problems: [
    {
      severity: 'error' as const,
      file: 'users.csv',
      row: 18,
      column: 'role',
      words: '“techer” is not a role. Did you mean teacher?',
    },
    {
      severity: 'warning' as const,
      file: 'demographics.csv',
      row: null,
      column: null,
      words: 'Demographics are never read.',
    },
  ],
  changes: [
    { kind: 'orgs', added: 0, changed: 1, removed: 0, unchanged: 3 },
    { kind: 'people', added: 12, changed: 4, removed: 88, unchanged: 520 },
    { kind: 'classes', added: 3, changed: 0, removed: 0, unchanged: 61 },
  ],
  moved: 88,
  movedShare: 0.144,
  sample: [
    '+ student s-104 (grade 06)',
    '- student s-77',
    '~ teacher t-9: Harbor Point Elementary → Lindenfield Middle School',
  ],
});

/** Answers of a small district, made anew for each stand-in. */
export function consoleAnswers(): Answers {
  const profile = (id: string) =>
    id === 'prof2'
      ? profileDetail(id, 'Staff browsers', null)
      : id === 'prof3'
        ? minimumDetail()
        : profileDetail(id, 'Students', 2);
  return {
    ...filterAnswers(),
    ...complianceAnswers(),
    ...recoveryAnswers(),
    ...historyAnswers,
    ...stepAnswers(),
    ...apiTokenAnswers(),
    ...auditAnswers(),
    ...webhookAnswers(),
    ...ticketAnswers(),
    ...diagnosisAnswers(),
    ...commandAnswers(),
    ...notAnswered({
      ...policyCodeRoutes,
    }),
    ...policyAnswers(),
    ...reviewAnswers(),
    ...securityAnswers(),
    ...staffAnswers(),
    readOverview: () => ({
      district: 'Lindenfield Unified School District',
      people: countVerdicts(people.slice(0, 42)),
      peopleWithoutDevice: 570,
      devices: { total: 42, connected: devices.filter((one) => one.connected).length, simulated: 41, held: 1 },
      schools,
      roles,
      reasons: [
        { words: 'The disk of this device is not encrypted.', devices: 5 },
        { words: 'No report for more than 14 days.', devices: 3 },
        { words: 'Web filter failed: port 53 is in use.', devices: 1 },
      ],
      silent: devices.filter((one) => one.verdict.state === 'silent'),
      events: events.slice(0, 10),
    }),
    listOrgs: () => ({ items: orgs }),
    listPeople: ({ query }) =>
      pageOf(
        people.filter(
          (one) =>
            (!query.search || `${one.name} ${one.sourcedId}`.toLowerCase().includes(query.search.toLowerCase())) &&
            (!query.role || one.role === query.role) &&
            (!query.org || one.orgId === query.org) &&
            (!query.class || (one.role === 'student' && one.orgId === 's2' && one.deviceCount > 0)) &&
            (query.holdsDevice === undefined || query.holdsDevice === one.deviceCount > 0) &&
            (!query.verdict || one.verdict.state === query.verdict),
        ),
        query,
      ),
    readPerson: ({ params }) => {
      const person = found(people.find((one) => one.id === params.id));
      const held = devices.filter((one) => one.custodian?.id === person.id);
      return {
        person,
        email: `${person.username}@lindenfield.example`,
        orgs: [{ id: 's2', name: person.orgName ?? '', role: person.role, primary: true }],
        classes: [
          { id: 'k1', title: 'Algebra I, period 2', role: 'student' },
          { id: 'k2', title: 'World history', role: 'student' },
        ],
        devices: held,
        checks: held.map((device) => ({ deviceId: device.id, deviceName: device.name, findings: checksOf(device) })),
        corrections: held.slice(0, 1).map((device) => ({
          device: { id: device.id, name: device.name },
          at: ago(3 * hour),
          words:
            'firewall: nftables table rollcall-firewall: was no such table, set back to drops what no rule lets in (0.6 s after the change)',
        })),
        custody: custody.filter((row) => row.person.id === person.id),
        verdicts: [
          { state: person.verdict.state, from: ago(5 * 24 * hour), to: null, reasons: person.verdict.reasons },
          {
            state: 'noncompliant',
            from: ago(9 * 24 * hour),
            to: ago(5 * 24 * hour),
            reasons: ['The firewall of lap-1004 was off.'],
          },
          { state: 'compliant', from: ago(60 * 24 * hour), to: ago(9 * 24 * hour), reasons: [] },
        ],
      };
    },
    listDevices: ({ query }) =>
      pageOf(
        devices.filter(
          (one) =>
            (!query.search || one.name.includes(query.search)) &&
            (!query.verdict || one.verdict.state === query.verdict) &&
            (!query.status || one.status === query.status) &&
            (query.connected === undefined || one.connected === query.connected),
        ),
        query,
      ),
    readDevice: ({ params }) => deviceDetail(params.id),
    listDeviceEvents: ({ query }) => pageOf(events, query),
    openCustody: ({ params, body }) => ({
      ...found(custody[0]),
      device: { id: params.id, name: params.id },
      person: { id: body.personId, name: found(people.find((one) => one.id === body.personId)).name },
    }),
    closeCustody: () => ({ ...found(custody[0]), endedAt: ago(0), endReason: 'taken back' }),
    setDeviceTags: () => done,
    approveDevice: () => done,
    revokeDevice: () => done,
    listProfiles: () => ({ items: ['prof1', 'prof2', 'prof3'].map((id) => profile(id).profile) }),
    createProfile: () => profile('prof2'),
    readProfile: ({ params }) => profile(params.id),
    saveDraft: ({ params, body }) => {
      const saved = profile(params.id);
      return {
        ...saved,
        content: body.content,
        version: body.version + 1,
        profile: { ...saved.profile, hasDraft: true },
      };
    },
    discardDraft: ({ params }) => profile(params.id),
    previewProfile: () => ({
      devices: 38,
      people: 37,
      sample: devices.slice(0, 6).map((device) => ({
        deviceId: device.id,
        deviceName: device.name,
        person: device.custodian?.name ?? null,
        changes: [
          {
            capability: 'webFilter',
            setting: 'blockedDomains',
            title: 'Blocked domains',
            before: ['games.example', 'old.example'],
            after: ['games.example', '*.proxy.example'],
          },
          {
            capability: 'webFilter',
            setting: 'schedules',
            title: 'Schedules',
            before: null,
            after: content.settings.webFilter?.schedules ?? null,
          },
          {
            capability: 'webFilter',
            setting: 'youtube',
            title: 'YouTube restriction',
            before: 'moderate',
            after: 'strict',
          },
          {
            capability: 'browser',
            setting: 'blockPrivateWindows',
            title: 'No private windows',
            before: null,
            after: true,
          },
        ],
      })),
      unknown: [{ deviceId: 'dev7', deviceName: 'lap-1007', words: 'The grade of its person is not known.' }],
      problems: [],
    }),
    publishProfile: ({ params }) => profile(params.id),
    applyProfile: () => ({ result: 'unchanged' }),
    readLanding: () => landing,
    listTokens: () => ({ items: tokens }),
    createToken: () => ({
      token: `rollcall1-${'eyJhZGRyZXNzZXMiOlt7Imhvc3QiOiJyb2xs'.repeat(9)}`,
      view: found(tokens[0]),
    }),
    revokeToken: () => done,
    importOneRoster: ({ query }) => importResult(query.dryRun === true, query.mode ?? 'strict'),
    importPeople: ({ query }) => importResult(query.dryRun === true, query.mode ?? 'strict'),
    rotateSecretsKey: () => ({ resealed: 2 }),
    rotateStateKey: () => ({ version: 2, keyId: 'c'.repeat(32) }),
    listEvents: ({ query }) => pageOf(events, query),
  };
}
