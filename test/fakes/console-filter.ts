import type {
  ActivityEntry,
  DecisionView,
  DeletionProof,
  FilterReport,
  FilterSettings,
  NameTest,
} from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { layers } from '../../shared/filter/decision.ts';
import { layerTitles } from '../../shared/filter/words.ts';
import type { Answers } from './console-api.ts';
import { calendars, importedCalendar } from './console-calendar.ts';
import { ago, orgs, people } from './console-district.ts';
import { catalogue, list, lists } from './console-lists.ts';
import { classes, override, overrides, requests } from './console-requests.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const done = { done: true } as const;

const settings: FilterSettings = {
  essentials: ['lindenfield.example', 'accounts.google.com', 'login.microsoftonline.com'],
  campus: [
    {
      name: 'Grace Hopper High School',
      gateways: ['00:1a:2b:3c:4d:5e'],
      ssids: ['LUSD-Student'],
      publicAddresses: ['203.0.113.0/28'],
    },
    { name: 'Harbor Point Elementary', ssids: ['LUSD-Student'] },
  ],
  requestHours: 24,
  namesKeptDays: 30,
  countsKeptDays: 365,
  reportThreshold: 10,
  preset: 'minnesota',
  presetException: null,
};

const blocked: DecisionView = {
  action: 'block',
  layer: 'category',
  category: 'games',
  rule: 'chess.example',
  assignment: 'Students',
  until: ago(-2 * hour),
  target: null,
};
const passed: DecisionView = {
  action: 'pass',
  layer: 'default',
  category: null,
  rule: null,
  assignment: null,
  until: null,
  target: null,
};

const nameTest = (name: string, personId: string | undefined): NameTest => ({
  name,
  decision: blocked,
  words: 'Blocked: category Games, set by “Students”, until 15:05.',
  chain: layers.map((layer) => ({
    layer,
    title: layerTitles[layer],
    says: layer === 'category' ? blocked : layer === 'default' ? passed : null,
    decides: layer === 'category',
    words:
      layer === 'category'
        ? 'Blocked: category Games (chess.example), set by “Students”, until 15:05.'
        : layer === 'default'
          ? 'Open: no rule speaks of this name.'
          : 'Has nothing to say about this name.',
  })),
  at: ago(0),
  place: 'on-campus',
  person: personId ? { id: personId, name: people.find(({ id }) => id === personId)?.name ?? '' } : null,
  deviceId: null,
});

const report = (from: string, to: string): FilterReport => ({
  from,
  to,
  threshold: 10,
  schools: orgs
    .slice(1)
    .map(({ id, name }, place) => ({ id, name, asked: 480_000 - place * 90_000, blocked: 9_120 - place * 2_110 })),
  categories: [
    { category: 'games', title: 'Games', total: 9_410, bySchool: [2_100, 4_310, 3_000] },
    { category: 'adult', title: 'Adult', total: 1_204, bySchool: [null, null, 1_020] },
    { category: 'gambling', title: 'Gambling', total: null, bySchool: [null, null, null] },
  ],
  suppressed: 6,
});

const activity: ActivityEntry[] = Array.from({ length: 60 }, (_, index) => ({
  at: ago(index * 37 * minute),
  deviceId: 'dev1',
  deviceName: 'lap-1001',
  name: index % 3 === 0 ? 'chess.example' : `cdn${index}.games.example`,
  outcome: 'blocked',
  category: 'games',
  place: index % 4 === 0 ? 'off-campus' : 'on-campus',
  count: 1 + (index % 5),
}));

const deletions: DeletionProof[] = [0, 1].map((index) => ({
  at: ago(index * day),
  what: 'names',
  olderThan: ago((30 + index) * day),
  rows: 41_220 - index * 1_000,
  digest: 'c4'.repeat(32),
}));

const found = <T>(item: T | undefined): T => {
  if (item === undefined) throw new CodedError('not-found');
  return item;
};

function pageOf<T>(items: readonly T[], { cursor = '0', limit = 50 }: { cursor?: string; limit?: number }) {
  const [start, next] = [Number(cursor), Number(cursor) + limit];
  const nextCursor = next < items.length ? String(next) : null;
  return { items: items.slice(start, next), total: items.length, nextCursor };
}

type FilterRoutes =
  | 'listLists'
  | 'importList'
  | 'listCatalogue'
  | 'subscribeList'
  | 'refreshList'
  | 'setListExceptions'
  | 'decideListRollout'
  | 'deleteList'
  | 'readFilterSettings'
  | 'saveFilterSettings'
  | 'listCalendars'
  | 'saveCalendar'
  | 'deleteCalendar'
  | 'previewCalendarImport'
  | 'proposeTerms'
  | 'testName'
  | 'listRequests'
  | 'decideRequest'
  | 'listOverrides'
  | 'createOverride'
  | 'endOverride'
  | 'listClasses'
  | 'listClassDevices'
  | 'readFilterReport'
  | 'readActivity'
  | 'listDeletions';

/** What the web filter's routes answer in a small district. */
export function filterAnswers(): Pick<Answers, FilterRoutes> {
  const one = (category: string) => lists.find((known) => known.category === category) ?? found(lists[0]);
  const asked = [...requests];
  return {
    listLists: () => ({ items: lists }),
    importList: () => ({
      list: found(lists[0]),
      problems: [
        { severity: 'warning', file: 'list.txt', row: 7, column: null, words: '“not a name” is not a domain.' },
      ],
    }),
    listCatalogue: () => ({ items: catalogue }),
    subscribeList: ({ params, body }) => ({
      list: list(params.category, body.title ?? params.category, 1_204),
      problems: [],
    }),
    refreshList: ({ params }) => {
      if (params.category === 'malware') throw new CodedError('list-unreachable');
      return { list: one(params.category), changed: false, problems: [] };
    },
    setListExceptions: ({ params, body }) => ({ ...one(params.category), exceptions: body.names }),
    decideListRollout: ({ params }) => ({ ...one(params.category), rollout: null }),
    deleteList: ({ params }) => {
      if (params.category === 'adult') throw new CodedError('list-in-use');
      return done;
    },
    readFilterSettings: () => ({ settings, version: 4 }),
    saveFilterSettings: ({ body }) => ({ settings: body.settings, version: body.version + 1 }),
    listCalendars: () => ({ items: calendars }),
    saveCalendar: ({ params, body }) => {
      if (body.calendar.zone === 'Europe/Berlin')
        throw new CodedError('bad-calendar', undefined, ['Holiday “Thanksgiving” lies outside every term.']);
      const view = calendars.find(({ orgId }) => (orgId ?? 'district') === params.org) ?? found(calendars[0]);
      return { ...view, calendar: body.calendar, updatedAt: ago(0) };
    },
    deleteCalendar: () => done,
    previewCalendarImport: ({ query }) => {
      if (query.mode === 'replace') throw new CodedError('bad-file', 'This is no iCalendar file.');
      return importedCalendar;
    },
    proposeTerms: () => ({ ...importedCalendar, leftOut: [], problems: [] }),
    testName: ({ body }) => nameTest(body.name.replace(/^https?:\/\//, '').replace(/\/.*$/, ''), body.personId),
    listRequests: ({ query }) =>
      pageOf(
        asked.filter(
          (request) =>
            (!query.state || request.state === query.state) && (!query.search || request.name.includes(query.search)),
        ),
        query,
      ),
    decideRequest: ({ params, body }) => {
      const request = found(asked.find(({ id }) => id === params.id));
      if (request.category === 'gambling' && body.outcome === 'granted') throw new CodedError('not-liftable');
      const decided = { state: body.outcome, outcome: body.reason, decidedAt: ago(0), decidedBy: 'Ada Byrne' };
      return Object.assign(asked[asked.indexOf(request)] ?? request, decided);
    },
    listOverrides: ({ query }) =>
      pageOf(
        overrides.filter(({ inForce }) => query.inForce === undefined || inForce === query.inForce),
        query,
      ),
    createOverride: ({ body }) =>
      override('o9', { target: body.target, kind: body.kind, domains: body.domains, reason: body.reason }),
    endOverride: ({ params }) => ({
      ...found(overrides.find(({ id }) => id === params.id)),
      inForce: false,
      endedAt: ago(0),
    }),
    listClasses: ({ query }) =>
      pageOf(
        classes.filter(
          ({ title, sourcedId }) =>
            !query.search || `${title} ${sourcedId}`.toLowerCase().includes(query.search.toLowerCase()),
        ),
        query,
      ),
    listClassDevices: () => ({
      items: people
        .filter(({ role }) => role === 'student')
        .slice(0, 24)
        .map(({ id, name }, index) => ({
          person: { id, name },
          device: index % 11 === 7 ? 'none' : index % 7 === 3 ? 'on-loan' : 'ready',
        })),
    }),
    readFilterReport: ({ query }) => report(query.from, query.to),
    readActivity: ({ body }) => pageOf(activity, body),
    listDeletions: ({ query }) => pageOf(deletions, query),
  };
}
