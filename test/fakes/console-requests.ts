import type { ClassView, OverrideView, UnblockRequestView } from '../../shared/api/schemas.ts';
import { ago, devices, people } from './console-district.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const ask = (index: number, name: string, words: string, about: Partial<UnblockRequestView> = {}) =>
  ({
    id: `q${index}`,
    name,
    category: 'games',
    rule: name,
    words,
    person: { id: `p${index}`, name: people[index]?.name ?? '' },
    deviceId: `dev${index}`,
    deviceName: devices[index]?.name ?? '',
    orgName: people[index]?.orgName ?? null,
    askedAt: ago(index * 5 * hour),
    dueAt: ago(index * 5 * hour - 24 * hour),
    overdue: false,
    alike: 1,
    state: 'open',
    outcome: '',
    decidedAt: null,
    decidedBy: null,
    overrideId: null,
    ...about,
  }) satisfies UnblockRequestView;

export const requests: UnblockRequestView[] = [
  ask(6, 'scratch.example', 'We build a game in computing and the page with our project is blocked.', {
    overdue: true,
    dueAt: ago(6 * hour),
    alike: 4,
  }),
  ask(2, 'chess.example', 'Chess club on Thursday.', { alike: 2 }),
  ask(3, 'casino.example', '<b>please</b>', { category: 'gambling' }),
  ask(1, 'museum.example', 'For the essay on Vermeer', {
    state: 'granted',
    category: null,
    outcome: 'Open until tonight.',
    decidedAt: ago(hour),
    decidedBy: 'Ada Byrne',
    overrideId: 'o1',
  }),
];

export const override = (id: string, about: Partial<OverrideView>): OverrideView => ({
  id,
  target: { kind: 'person', id: 'p1' },
  targetName: people[1]?.name ?? '',
  kind: 'allow',
  domains: ['museum.example'],
  categories: [],
  everything: false,
  reason: 'For the essay on Vermeer',
  by: 'Ada Byrne',
  from: ago(hour),
  until: ago(-2 * hour),
  endedAt: null,
  inForce: true,
  devices: 1,
  requestId: null,
  ...about,
});

export const overrides: OverrideView[] = [
  override('o1', { requestId: 'q1' }),
  override('o2', {
    target: { kind: 'class', id: 'k1' },
    targetName: 'Algebra I, period 2',
    kind: 'only',
    domains: ['desmos.example', 'khan.example'],
    reason: 'Quiz',
    until: ago(-20 * minute),
    devices: 24,
  }),
  override('o3', {
    target: { kind: 'person', id: 'p9' },
    targetName: people[9]?.name ?? '',
    domains: [],
    everything: true,
    reason: 'Research for the counselling office',
    from: ago(3 * day),
    until: ago(2 * day),
    endedAt: ago(2.5 * day),
    inForce: false,
    devices: 0,
  }),
];

export const classes: ClassView[] = [
  {
    id: 'k1',
    sourcedId: 'class-1',
    title: 'Algebra I, period 2',
    orgName: 'Grace Hopper High School',
    teachers: ['Greta Huang'],
    students: 27,
    devices: 24,
    periodEnds: ago(-22 * minute),
    overrides: overrides.filter(({ target }) => target.kind === 'class'),
  },
  {
    id: 'k2',
    sourcedId: 'class-2',
    title: 'World history',
    orgName: 'Lindenfield Middle School',
    teachers: ['Omar Jansen', 'Lena Dubois'],
    students: 31,
    devices: 30,
    periodEnds: null,
    overrides: [],
  },
];
