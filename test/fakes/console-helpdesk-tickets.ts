import type {
  CannedFix,
  HelpdeskSettings,
  ServiceClock,
  TicketNote,
  TicketSummary,
  TicketView,
} from '../../shared/api/schemas.ts';
import { ago, devices, orgs, people } from './console-district.ts';

/** The tickets of the made-up district. */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const technicians = [
  { id: 'staff1', name: 'Ada Byrne' },
  { id: 'staff2', name: 'Ruth Ferreira' },
  { id: 'staff3', name: 'Tomás Okafor' },
];

export const fixes: CannedFix[] = [
  {
    id: 'fix-restart',
    title: 'Restart, then try again',
    categories: ['slow', 'network', 'software'],
    words: 'Please save your work and restart the laptop. It takes about two minutes. Write back when it is no better.',
    resolves: false,
  },
  {
    id: 'fix-disk',
    title: 'The disk was full',
    categories: ['slow', 'software'],
    words: 'The disk of your laptop was full. We made room; please empty the Downloads folder now and then.',
    resolves: true,
  },
  {
    id: 'fix-wifi',
    title: 'Join the school network again',
    categories: ['network'],
    words: 'Please choose “LUSD-Students” in the list of networks and join it again. No password is needed.',
    resolves: true,
  },
  {
    id: 'fix-bring',
    title: 'Bring it to the library desk',
    categories: ['screen', 'keyboard', 'battery', 'damage', 'will-not-start'],
    words: 'Please bring the laptop to the library desk before homeroom. You get a loan for as long as it takes.',
    resolves: false,
  },
];

const none: ServiceClock = { state: 'none', dueAt: null, metAt: null, minutesLeft: null };
const running = (minutesLeft: number): ServiceClock => ({
  state: minutesLeft < 0 ? 'late' : 'running',
  dueAt: ago(-minutesLeft * minute),
  metAt: null,
  minutesLeft,
});
const met = (agoMs: number): ServiceClock => ({
  state: 'met',
  dueAt: ago(agoMs - hour),
  metAt: ago(agoMs),
  minutesLeft: null,
});
const paused = (minutesLeft: number): ServiceClock => ({
  state: 'paused',
  dueAt: ago(-minutesLeft * minute),
  metAt: null,
  minutesLeft,
});

type Given = Partial<TicketSummary> & Pick<TicketSummary, 'id' | 'number' | 'subject' | 'category'>;

function ticket(place: number, given: Given): TicketSummary {
  const device = devices[place];
  const person = people[place];
  return {
    ...{ priority: 'normal', status: 'open', source: 'device' },
    device: device ? { id: device.id, name: device.name } : null,
    person: person ? { id: person.id, name: person.name } : null,
    org: orgs.slice(1).map(({ id, name }) => ({ id, name }))[place % 3] ?? null,
    assignee: null,
    openedAt: ago(3 * hour),
    changedAt: ago(hour),
    firstReply: met(2 * hour),
    resolution: running(300),
    ...given,
  };
}

const [ada, ruth, tomas] = technicians as [(typeof technicians)[0], (typeof technicians)[0], (typeof technicians)[0]];

/** In the order of the queue. */
const unsolved: TicketSummary[] = [
  ticket(5, {
    ...{ id: 't1204', number: 1204, subject: 'Chromium closes by itself during tests', category: 'software' },
    ...{ priority: 'urgent', assignee: ruth, firstReply: met(5 * hour), resolution: running(-140) },
    ...{ openedAt: ago(2 * day) },
  }),
  ticket(9, {
    ...{ id: 't1209', number: 1209, subject: 'Wi-Fi drops in the gym, nowhere else', category: 'network' },
    ...{ status: 'new', firstReply: running(-35), resolution: running(410), openedAt: ago(26 * hour) },
  }),
  ticket(1, {
    ...{ id: 't1213', number: 1213, subject: 'Laptop is slow since Monday', category: 'slow', priority: 'high' },
    ...{ status: 'new', assignee: ada, firstReply: running(25), resolution: running(220), openedAt: ago(35 * minute) },
  }),
  ticket(12, {
    ...{ id: 't1211', number: 1211, subject: 'Failing disk reported by lap-1012', category: 'damage' },
    ...{ source: 'automatic', priority: 'high', status: 'new', person: null, firstReply: running(55) },
    ...{ openedAt: ago(2 * hour) },
  }),
  ticket(3, {
    ...{ id: 't1207', number: 1207, subject: 'Cannot sign in to the reading app', category: 'sign-in' },
    ...{ source: 'email', assignee: ada, resolution: running(190) },
  }),
  ticket(7, {
    ...{ id: 't1198', number: 1198, subject: 'Left shift key is stuck', category: 'keyboard', priority: 'low' },
    ...{ status: 'waiting', assignee: tomas, resolution: paused(760), openedAt: ago(6 * day) },
  }),
  ticket(20, {
    ...{ id: 't1212', number: 1212, subject: 'lap-1020 has not been heard from for 12 school days', category: 'other' },
    ...{ source: 'automatic', status: 'new', firstReply: none, resolution: none, openedAt: ago(5 * hour) },
  }),
];

const over: TicketSummary[] = [
  ticket(1, {
    ...{ id: 't1150', number: 1150, subject: 'Battery lasts one lesson', category: 'battery', status: 'closed' },
    ...{ assignee: ruth, resolution: met(19 * day), openedAt: ago(20 * day), changedAt: ago(18 * day) },
  }),
  ticket(15, {
    ...{ id: 't1190', number: 1190, subject: 'Printer in room 12 is not found', category: 'printing' },
    ...{ status: 'resolved', assignee: ada, resolution: { ...met(day), state: 'met-late' } },
  }),
];

const told: Record<string, string> = {
  t1213:
    'It takes minutes until the browser opens, and the fan is loud all the time. It was fine last week.\n\nI need it for the maths test on Thursday.',
  t1209: 'In the gym the network is gone after a few minutes. <b>Please help</b>.',
};

const note = (id: number, at: number, by: string, words: string, isToPerson: boolean): TicketNote => ({
  ...{ id, at: ago(at), by, words, isToPerson },
  mail: isToPerson ? 'sent' : null,
});

const notesOf: Record<string, TicketNote[]> = {
  t1204: [
    note(1, 40 * hour, 'Ruth Ferreira', 'Does it happen on one website, or on all of them?', true),
    note(2, 39 * hour, people[5]?.name ?? '', 'Only in the test portal.', false),
    note(3, 20 * hour, 'Ruth Ferreira', 'Two others in 8b say the same; asked the vendor of the portal.', false),
  ],
  t1207: [note(4, 2 * hour, 'Ada Byrne', 'Please try once more now, your account was locked.', true)],
};

/** Every ticket as its page shows it, in the order of the queue, those that are over last. */
export function ticketViews(): TicketView[] {
  const all = [...unsolved, ...over];
  return all.map((summary) => {
    const held = devices.find(({ id }) => id === summary.device?.id)?.custodian;
    return {
      ...summary,
      version: 1,
      words: told[summary.id] ?? '',
      openedBy: summary.source === 'automatic' ? 'the server' : (summary.person?.name ?? 'Ada Byrne'),
      email: summary.person ? 'family@mail.example' : null,
      custody: held ? { person: { id: held.id, name: held.name }, kind: 'primary', since: ago(80 * day) } : null,
      notes: notesOf[summary.id] ?? [],
      fixes: fixes.filter(({ categories }) => categories.length === 0 || categories.includes(summary.category)),
      related: all
        .filter((one) => one.id !== summary.id && one.device !== null && one.device.id === summary.device?.id)
        .map(({ id, number, subject, status }) => ({ id, number, subject, status })),
    };
  });
}

export const helpdeskSettings: HelpdeskSettings = {
  version: 3,
  serviceLevel: {
    low: { firstReplyMinutes: 840, resolutionMinutes: 4200 },
    normal: { firstReplyMinutes: 420, resolutionMinutes: 1260 },
    high: { firstReplyMinutes: 60, resolutionMinutes: 420 },
    urgent: { firstReplyMinutes: 15, resolutionMinutes: 120 },
  },
  automatic: { silentDays: 10, failingDisk: true, tamper: true },
  mail: {
    ...{ host: 'smtp.lindenfield.example', port: 587, security: 'starttls', user: 'helpdesk', hasPassword: true },
    from: 'Helpdesk <helpdesk@lindenfield.example>',
  },
  fixes,
};
