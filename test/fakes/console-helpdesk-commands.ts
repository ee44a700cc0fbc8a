import type {
  ApprovalView,
  ApproversView,
  CommandDevice,
  CommandDeviceState,
  CommandView,
  ScriptView,
} from '../../shared/api/schemas.ts';
import { ago, devices } from './console-district.ts';

/** What devices of the made-up district were told to do, who signs it, and the scripts they may run. */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const hash = '9f2c4e1b7a60d3358c1f4e9ab27705d86e3c11f0a94b6d2e75c8803f1ab4d6e2';

const counts = (given: Partial<Record<CommandDeviceState, number>>): CommandView['devices'] => ({
  ...{ waiting: 0, sent: 0, postponed: 0, done: 0, failed: 0, refused: 0, expired: 0 },
  ...given,
});

type Given = Partial<CommandView> & Pick<CommandView, 'id' | 'action' | 'words' | 'devices'>;

export const command = (given: Given): CommandView => ({
  ...{ reason: 'Ticket 1213: Laptop is slow since Monday', ticketId: 't1213', by: 'Ada Byrne', createdAt: ago(hour) },
  ...{ expiresAt: ago(-day), state: 'open', approvalId: null },
  ...given,
});

export const commands = (): CommandView[] => [
  command({
    ...{ id: 'cmd9', action: { kind: 'wipe' }, words: 'Erase lap-1041 and give it back as new.', state: 'waiting' },
    ...{ approvalId: 'ap1', reason: 'Stolen from the library; police report 26-1182.', ticketId: null },
    ...{ by: 'Ruth Ferreira', createdAt: ago(20 * minute), devices: counts({ waiting: 1 }) },
  }),
  command({
    ...{ id: 'cmd8', action: { kind: 'restart-device', warnMinutes: 10, postpones: 2 } },
    words: 'Restart 28 devices; each person is warned 10 minutes before and may postpone it twice.',
    ...{ reason: 'Security updates of November', ticketId: null },
    devices: counts({ done: 17, postponed: 4, sent: 3, failed: 1, waiting: 3 }),
  }),
  command({
    ...{ id: 'cmd7', action: { kind: 'run-script', scriptId: 'sc1', revision: 2, hash, parameters: { DAYS: 30 } } },
    ...{ words: 'Run “Make room on the disk” with DAYS = 30 on lap-1001.', state: 'done', createdAt: ago(2 * day) },
    devices: counts({ done: 1 }),
  }),
  command({
    ...{ id: 'cmd6', action: { kind: 'lock' }, words: 'Lock lap-1017.', state: 'rejected', approvalId: 'ap3' },
    ...{ ticketId: null, createdAt: ago(9 * day), devices: counts({ waiting: 1 }) },
  }),
];

const said: Partial<Record<CommandDeviceState, [string, string | null]>> = {
  failed: ['The restart was refused by the system: a package is being installed.', 'command-failed'],
  postponed: ['The person asked for ten more minutes.', null],
  done: ['It restarted and is back.', null],
};

/** What each device of a command answered, in the order of the page. */
export function answersOf({ id, devices: numbers }: CommandView): CommandDevice[] {
  const states = ['failed', 'refused', 'postponed', 'sent', 'waiting', 'expired', 'done'] as const;
  const all = states.flatMap((state) => Array.from({ length: numbers[state] }, () => state));
  return all.map((state, place) => {
    const device = devices[place + 1] ?? devices[0];
    const [words, code] = said[state] ?? ['', null];
    return {
      ...{ device: { id: device?.id ?? '', name: device?.name ?? '' }, state, at: ago(place * minute), code },
      words: id === 'cmd7' ? 'The script ended by itself with exit code 0.' : words,
      output: id === 'cmd7' ? 'Removed 812 files older than 30 days\nFreed 21.4 GB\n<b>done</b>\n' : null,
    };
  });
}

const wipeText = JSON.stringify({
  action: { kind: 'wipe' },
  audience: '6b1f0e5d93a24c77',
  devices: ['dev41'],
  expiresAt: Date.now() + day,
  format: 1,
  id: 'cmd9',
  issuedAt: Date.now() - 20 * minute,
  kind: 'command',
  roster: 3,
  slot: { day: '2026-11-22', slot: 2 },
});

const approval = (given: Partial<ApprovalView> & Pick<ApprovalView, 'id' | 'kind' | 'title'>): ApprovalView => ({
  ...{ lines: [], text: wipeText, reason: '', by: 'Ruth Ferreira', at: ago(20 * minute), expiresAt: ago(-day) },
  ...{ state: 'open', needs: 2, signed: [], maySign: true, isOwn: false },
  subject: { kind: given.kind, id: 'cmd9' },
  ...given,
});

export const approvals = (): ApprovalView[] => [
  approval({
    ...{ id: 'ap1', kind: 'command', title: 'Wipe lap-1041', signed: [{ by: 'Tomás Okafor', at: ago(8 * minute) }] },
    lines: [
      'Erase lap-1041 (5CG1RJX), last with Petra Huang of Grace Hopper High School.',
      'It is given out once, as the 2nd of at most 5 dangerous commands of 22 November.',
      'A device that has not obeyed by Mon 23 Nov 08:00 ignores it.',
    ],
    reason: 'Stolen from the library; police report 26-1182.',
  }),
  approval({
    ...{ id: 'ap2', kind: 'script', title: 'Publish “Join the printer” revision 1', by: 'Ada Byrne' },
    ...{ isOwn: true, maySign: false, subject: { kind: 'script', id: 'sc2' }, reason: 'Wanted by three schools.' },
    lines: ['Publish the script “Join the printer” for Linux, as it is written below.'],
    text: '{"kind":"script","name":"Join the printer","source":"lpadmin -p \\"$PRINTER\\" -E"}',
  }),
  approval({
    ...{ id: 'ap3', kind: 'command', title: 'Lock lap-1017', state: 'rejected', maySign: false, at: ago(9 * day) },
    ...{ lines: ['Lock lap-1017.'], reason: 'Not seen since Friday.', subject: { kind: 'command', id: 'cmd6' } },
  }),
];

export const approvers: ApproversView = {
  version: 3,
  members: [
    { staffId: 'staff1', name: 'Ada Byrne', passkeys: [{ id: 'pk1', name: 'Work laptop' }] },
    {
      ...{ staffId: 'staff2', name: 'Ruth Ferreira' },
      passkeys: [
        { id: 'pk2', name: 'Security key' },
        { id: 'pk3', name: 'Phone' },
      ],
    },
    { staffId: 'staff3', name: 'Tomás Okafor', passkeys: [{ id: 'pk4', name: 'Security key' }] },
  ],
  pending: {
    ...{ approvalId: null, effectiveAt: ago(-31 * hour) },
    members: ['Ada Byrne', 'Ruth Ferreira', 'Tomás Okafor', 'Ines Kovacs'],
  },
  budget: { commandsPerDay: 5, devicesPerCommand: 50, usedToday: 1 },
};

export const scripts = (): ScriptView[] => [
  {
    id: 'sc1',
    content: {
      ...{ name: 'Make room on the disk', platform: 'linux', interpreter: 'bash' },
      description: 'Empties package caches and removes old files from Downloads.',
      source: 'set -eu\napt-get clean\nfind /home/*/Downloads -mtime +"$DAYS" -delete -print | wc -l\n',
      parameters: [{ name: 'DAYS', title: 'Older than so many days', kind: 'number', required: true }],
      ...{ timeoutSeconds: 120, outputBytes: 8192 },
    },
    ...{ version: 4, isDraft: false, approvalId: null },
    published: { revision: 2, hash, at: ago(20 * day), signedBy: ['Ruth Ferreira', 'Tomás Okafor'] },
  },
  {
    id: 'sc2',
    content: {
      ...{ name: 'Join the printer', platform: 'linux', interpreter: 'sh' },
      description: 'Adds the printer of a room.',
      source: 'lpadmin -p "$PRINTER" -E',
      parameters: [
        { name: 'PRINTER', title: 'Printer', kind: 'choice', choices: ['room-12', 'library'], required: true },
      ],
      ...{ timeoutSeconds: 60, outputBytes: 2048 },
    },
    ...{ version: 1, isDraft: true, approvalId: 'ap2', published: null },
  },
  {
    id: 'sc3',
    content: {
      ...{ name: 'Reset the Windows print queue', platform: 'win32', interpreter: 'powershell' },
      description: '',
      source: 'Restart-Service Spooler',
      parameters: [],
      ...{ timeoutSeconds: 60, outputBytes: 2048 },
    },
    ...{ version: 2, isDraft: true, approvalId: null },
    published: { revision: 1, hash, at: ago(60 * day), signedBy: ['Ada Byrne', 'Ruth Ferreira'] },
  },
];
