import type { explainRoutes } from '../../shared/api/routes/explain.ts';
import type { groupRoutes } from '../../shared/api/routes/groups.ts';
import type {
  ChangeView,
  ExplainedSource,
  Explanation,
  GroupDetail,
  GroupSummary,
  ReachCount,
  ReachedDevice,
  RevisionDiff,
} from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import { matches } from '../../shared/policy/match.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import type { PolicySubject } from '../../shared/policy/subject.ts';
import { selectorWords } from '../../shared/policy/words.ts';
import type { Answers } from './console-api.ts';
import { ago, custody, devices, orgs, people } from './console-district.ts';
import { classes } from './console-requests.ts';

const hour = 3_600_000;
const day = 24 * hour;

const names = {
  org: (id: string) => orgs.find(({ sourcedId }) => sourcedId === id)?.name,
  person: (id: string) => people.find(({ sourcedId }) => sourcedId === id)?.name,
  class: (id: string) => classes.find(({ sourcedId }) => sourcedId === id)?.title,
};

/** What selectors ask about the devices of the stand-in; grades of every seventh person are not known. */
const subjects: PolicySubject[] = devices.map((device, place) => {
  const person = people.find(({ id }) => id === device.custodian?.id);
  const known = place % 7 !== 6;
  return {
    deviceId: device.id,
    serial: device.serial,
    tags: device.tags,
    platform: device.platform,
    model: device.model,
    os: device.os ? { name: device.os.replace(/\s+\d.*$/, ''), version: /\d[\d.]*/.exec(device.os)?.[0] ?? '0' } : null,
    place: place % 3 === 0 ? 'off-campus' : 'on-campus',
    custodian: person
      ? {
          sourcedId: person.sourcedId,
          role: person.role,
          grade: known ? person.grade : null,
          orgs: known ? [`src-${person.orgId}`, 'src-d1'] : [],
          classes: person.role === 'student' && person.orgId === 's2' ? ['class-2'] : [],
        }
      : null,
    custody: custody.find((row) => row.device.id === device.id)?.kind ?? 'none',
  };
});

const revision = (number: number, content: GroupContent, note: string) => ({
  number,
  publishedAt: ago((30 - number * 9) * day),
  by: 'staff:Ada Byrne',
  note,
  content,
});

const pilot: GroupContent = {
  kind: 'rule',
  selector: {
    kind: 'all',
    of: [
      {
        kind: 'any',
        of: [
          { kind: 'class', class: 'class-2' },
          { kind: 'org', org: 'src-s3' },
        ],
      },
      { kind: 'role', role: 'student' },
      { kind: 'not', of: { kind: 'tag', tag: 'cart-3' } },
    ],
  },
};
const grade: GroupContent = { kind: 'rule', selector: { kind: 'grade', grade: '06' } };
const old: GroupContent = { kind: 'rule', selector: { kind: 'os', name: 'Debian GNU/Linux', below: '12.5' } };
const list: GroupContent = {
  kind: 'list',
  people: people.slice(0, 24).map(({ sourcedId }) => sourcedId),
  devices: devices.slice(30, 34).map(({ serial }) => serial ?? ''),
};

interface Saved extends Pick<GroupSummary, 'id' | 'name' | 'description' | 'usedBy'> {
  draft: GroupContent | null;
  revisions: GroupDetail['revisions'];
  version: number;
}

const savedGroups = (): Saved[] => [
  {
    id: 'g1',
    name: 'Pilot classes',
    description: 'They have everything first, and their teachers know whom to call.',
    usedBy: ['Students', 'Publishing settings'],
    draft: null,
    revisions: [revision(1, grade, 'First cut'), revision(2, pilot, 'With the high school, without the trolley')],
    version: 4,
  },
  {
    id: 'g2',
    name: 'Speech and debate',
    description: 'They travel, and need the contest site open.',
    usedBy: [],
    draft: null,
    revisions: [revision(1, list, 'From the coach’s list')],
    version: 2,
  },
  {
    id: 'g3',
    name: 'Laptops of the former Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch exchange programme',
    description: '',
    usedBy: ['Students', 'Staff browsers', 'Loaners', 'Exams', 'Kiosks'],
    draft: old,
    revisions: [],
    version: 1,
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

const publishedOf = ({ revisions }: Saved) => revisions.at(-1)?.content ?? null;
const contentOf = (group: Saved) => group.draft ?? publishedOf(group) ?? grade;
const asSelector = (content: GroupContent, name: string): Selector =>
  content.kind === 'rule' ? content.selector : { kind: 'group', group: name };

/** The groups of a small district, whom selectors mean in it, and why its devices have what they have. */
export function policyAnswers(): Pick<Answers, PolicyRoutes> {
  const groups = savedGroups();
  const byName = () =>
    new Map(
      groups.flatMap((group) => {
        const content = publishedOf(group);
        return content ? [[group.name, content] as const] : [];
      }),
    );
  const one = (id: string) => found(groups.find((group) => group.id === id));
  const reached = (selector: Selector) => reachedBy(selector, (subject) => matches(selector, subject, byName()));
  const summary = (group: Saved): GroupSummary => {
    const content = contentOf(group);
    return {
      ...{ id: group.id, name: group.name, description: group.description, usedBy: group.usedBy },
      kind: content.kind,
      words:
        content.kind === 'rule'
          ? selectorWords(content.selector, names)
          : `a list of ${content.people.length} people and ${content.devices.length} devices`,
      publishedRevision: group.revisions.at(-1)?.number ?? null,
      hasDraft: group.draft !== null,
      reach: countOf(reached(asSelector(content, group.name))),
    };
  };
  const detail = (group: Saved): GroupDetail => ({
    group: summary(group),
    content: contentOf(group),
    version: group.version,
    revisions: group.revisions,
  });
  const save = (group: Saved, draft: GroupContent | null): GroupDetail => {
    group.draft = draft;
    group.version += 1;
    return detail(group);
  };
  return {
    listGroups: () => ({ items: groups.map(summary) }),
    createGroup: ({ body: { content, ...about } }) => {
      const made = { id: `g${groups.length + 1}`, ...about, usedBy: [], draft: content, revisions: [], version: 1 };
      groups.push(made);
      return detail(made);
    },
    readGroup: ({ params }) => detail(one(params.id)),
    saveGroupDraft: ({ params, body }) => {
      if (body.version !== one(params.id).version) throw new CodedError('changed-meanwhile');
      return save(one(params.id), body.content);
    },
    discardGroupDraft: ({ params }) => save(one(params.id), null),
    importGroupList: ({ params }) => ({
      group: save(one(params.id), { kind: 'list', people: ['person-1', 'person-2', 'person-44'], devices: [] }),
      problems: [
        { severity: 'error', file: 'list.csv', row: 4, column: null, words: '“j.smiht” is nobody on the roster.' },
      ],
    }),
    deleteGroup: ({ params }) => {
      groups.splice(groups.indexOf(one(params.id)), 1);
      return { done: true };
    },
    countReach: ({ body }) => countOf(reached(body.selector)),
    listReach: ({ body, query }) => pageOf(reached(body.selector), query),
    listProfileReach: ({ query }) =>
      pageOf(
        reached({ kind: 'role', role: 'student' }).filter(({ deviceName, person }) =>
          `${deviceName} ${person}`.toLowerCase().includes((query.search ?? '').toLowerCase()),
        ),
        query,
      ),
    diffRevisions: ({ query }) =>
      query.from === query.to ? { ...diff, ...none(query) } : { ...diff, ...spanOf(query) },
    returnToRevision: ({ params, body }) => proposedReturn(params.id, body.revision),
    explainDevice: ({ params }) => explanationOf(params.id),
    explainPerson: ({ params }) => ({
      devices: devices
        .filter(({ custodian }) => custodian?.id === params.id)
        .flatMap((device) => [explanationOf(device.id), { ...explanationOf('dev5'), deviceName: 'lap-1005 (loan)' }]),
    }),
  };
}

type PolicyRoutes = keyof typeof groupRoutes | keyof typeof explainRoutes | 'diffRevisions' | 'returnToRevision';

function reachedBy(
  selector: Selector,
  answer: (subject: PolicySubject) => ReturnType<typeof matches>,
): ReachedDevice[] {
  const words = selectorWords(selector, names).slice(0, 500);
  return subjects.flatMap((subject, place) => {
    const given = answer(subject);
    const device = devices[place];
    if (given === false || !device) return [];
    const stays = place % 2 === 0;
    return [
      {
        deviceId: device.id,
        deviceName: device.name,
        personId: device.custodian?.id ?? null,
        person: device.custodian?.name ?? null,
        org: device.custodian?.orgName ?? null,
        answer: given === true ? 'yes' : stays ? 'stays' : 'unknown',
        why:
          given === true
            ? words
            : `The unit and the grade of its custodian are not known; ${stays ? 'it stays as it last was' : 'it is not reached'}.`,
      },
    ];
  });
}

function countOf(reached: readonly ReachedDevice[]): ReachCount {
  const got = reached.filter(({ answer }) => answer !== 'unknown');
  return {
    devices: got.length,
    people: new Set(got.map(({ personId }) => personId).filter(Boolean)).size,
    unknown: reached.filter(({ answer }) => answer !== 'yes').length,
  };
}

const diff: Pick<RevisionDiff, 'settings' | 'assignments'> = {
  settings: [
    {
      ...{ capability: 'webFilter', setting: 'blockedDomains', title: 'Blocked domains' },
      before: ['games.example', 'old.example'],
      after: ['games.example', '*.proxy.example'],
    },
    { ...{ capability: 'webFilter', setting: 'youtube', title: 'YouTube restriction' }, before: null, after: 'strict' },
  ],
  assignments: [
    { before: 'grade 5', after: 'grades 5 and 6, but not the pilot classes' },
    { before: null, after: 'devices tagged cart-3' },
  ],
};
const spanOf = ({ from, to }: { from: number; to?: number }) => ({ from, to: to ?? null });
const none = (query: { from: number; to?: number }) => ({ ...spanOf(query), settings: [], assignments: [] });

/** Returning to an earlier revision, as a change to be reviewed. */
function proposedReturn(profileId: string, to: number): ChangeView {
  const preview = {
    ...{ id: 'preview-return', at: ago(0), devices: 38, people: 37, of: 42, percent: 90.5 },
    ...{ settings: [], orgs: [], sample: [], conflicts: [], locked: [], unknown: [], unknownDevices: 0, problems: [] },
  };
  return {
    change: {
      ...{ id: 'change-return', title: `Students: back to revision ${to}`, state: 'open', by: 'staff:Ada Byrne' },
      items: [{ kind: 'profile', id: profileId, name: 'Students', fromRevision: 2 }],
      ...{ at: ago(0), devices: 38, people: 37, percent: 90.5, ready: false, publishAt: null, publishedAt: null },
      ...{ needs: ['second-person'], mayApprove: false, isOwn: true, rolloutId: null, comments: 0 },
    },
    note: `Back to revision ${to}`,
    preview,
    ...{ outdated: false, inFreeze: false, requirements: [], hindrances: [], plan: null, decisions: [], comments: [] },
  };
}

const source = (profile: string, to: string, rank: string): ExplainedSource => ({
  ...{ profile, profileId: 'prof1', revision: 2, to, priority: 100, rank },
  ...{ by: 'staff:Ada Byrne', since: ago(12 * day) },
});
const students = source('Students', 'students', 'the whole district');
const state = source('State minimum', 'students and not staff', 'locked minimum');
const school = source('Middle school', 'Lindenfield Middle School and below', '1 unit up');
const exam = source('Exams', 'the group “Speech and debate”', 'override until 3 May');

function explanationOf(id: string): Explanation {
  const device = found(devices.find((one) => one.id === id));
  const held = { heldSince: ago(12 * day) };
  return {
    deviceId: id,
    deviceName: device.name,
    personId: device.custodian?.id ?? null,
    person: device.custodian?.name ?? null,
    settings: [
      {
        ...{ capability: 'webFilter', setting: 'blockedCategories', title: 'Blocked categories', merge: 'union' },
        ...{ value: ['malware', 'adult', 'gambling'], from: [state, students], beaten: [], ...held },
      },
      {
        ...{ capability: 'webFilter', setting: 'youtube', title: 'YouTube restriction', merge: 'strictest' },
        ...{ value: 'strict', from: [school], ...held },
        beaten: [
          { ...students, value: 'moderate', why: 'the strictest holds, and “Strict” is stricter than “Moderate”' },
          { ...exam, value: 'off', why: 'an exception does not weaken what the strictest holds' },
        ],
      },
      {
        ...{ capability: 'webFilter', setting: 'recording', title: 'Recorded in school hours', merge: 'strictest' },
        ...{
          value: 'counts',
          from: [],
          beaten: [{ ...students, value: 'blocked', why: 'limited by the Minnesota preset' }],
        },
        ...held,
      },
      {
        ...{ capability: 'webFilter', setting: 'schedules', title: 'Schedules', merge: 'union' },
        value: [
          {
            ...{ title: 'Social media at lunch', action: 'allow', categories: ['games'], domains: ['social.example'] },
            when: {
              ...{ kind: 'times', from: '12:00', to: '12:45' },
              days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
            },
            place: 'on-campus',
          },
        ],
        ...{ from: [students], beaten: [], ...held },
      },
      {
        ...{ capability: 'browser', setting: 'blockPrivateWindows', title: 'No private windows', merge: 'strictest' },
        ...{ value: true, from: [students], beaten: [], heldSince: null },
      },
      {
        ...{ capability: 'browser', setting: 'homePage', title: 'Home page', merge: 'replace' },
        ...{ value: 'https://www.lindenfield.example/', from: [exam], ...held },
        beaten: [{ ...students, value: 'https://students.lindenfield.example/', why: 'an exception goes before it' }],
      },
    ],
    unknown: [
      'The grade of its custodian is not known; “grade 06” stays as it last was: this device has “Grade 6 carts”.',
    ],
    rollouts: [
      '“Students”, revision 3, is at ring 2 of 4: this device is in ring 3 and gets it in about 5 school hours.',
    ],
  };
}
