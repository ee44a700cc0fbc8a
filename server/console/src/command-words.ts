import type { ApprovalView, CommandDeviceState, CommandState, CommandView } from '../../../shared/api/schemas.ts';
import { type Action, type ActionKind, dangerousActions } from '../../../shared/commands/action.ts';
import { count } from './words.ts';

type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'grace';

export const actionWords: Record<ActionKind, string> = {
  message: 'Show a message',
  'check-again': 'Check again',
  'restart-agent': 'Restart the agent',
  'restart-device': 'Restart the device',
  'rotate-certificate': 'Rotate the certificate',
  'renew-network': 'Renew the network',
  'clear-browser-cache': 'Clear the browser cache',
  'run-script': 'Run a script',
  'lost-mode': 'Lost mode',
  'end-lost-mode': 'End lost mode',
  lock: 'Lock',
  wipe: 'Wipe',
};

/** As they stand in a menu: those for every day first, those that two people sign last. */
export const actionGroups: readonly (readonly ActionKind[])[] = [
  ['check-again', 'message', 'clear-browser-cache', 'renew-network', 'restart-device'],
  ['restart-agent', 'rotate-certificate', 'run-script', 'end-lost-mode'],
  [...dangerousActions],
];

export const commandStateWords: Record<CommandState, { label: string; tone: Tone }> = {
  waiting: { label: 'Waits for signatures', tone: 'warn' },
  open: { label: 'Under way', tone: 'grace' },
  done: { label: 'Done', tone: 'good' },
  expired: { label: 'Expired', tone: 'plain' },
  rejected: { label: 'Rejected', tone: 'bad' },
  withdrawn: { label: 'Withdrawn', tone: 'plain' },
};

export const commandDeviceWords: Record<CommandDeviceState, { label: string; tone: Tone }> = {
  waiting: { label: 'Not sent yet', tone: 'plain' },
  sent: { label: 'Sent', tone: 'grace' },
  postponed: { label: 'Postponed', tone: 'warn' },
  done: { label: 'Done', tone: 'good' },
  failed: { label: 'Failed', tone: 'bad' },
  refused: { label: 'Refused', tone: 'bad' },
  expired: { label: 'Expired', tone: 'plain' },
};

const toldStates = ['failed', 'refused', 'postponed', 'sent', 'waiting', 'expired', 'done'] as const;

/** How a command stands on its devices: `1 failed, 2 sent, 9 done`. */
export function resultWords({ devices }: Pick<CommandView, 'devices'>): string {
  const parts = toldStates.filter((state) => devices[state] > 0);
  return parts.map((state) => `${devices[state]} ${commandDeviceWords[state].label.toLowerCase()}`).join(', ');
}

export const deviceTotal = ({ devices }: Pick<CommandView, 'devices'>) =>
  Object.values(devices).reduce((sum, number) => sum + number, 0);

export const approvalKindWords: Record<ApprovalView['kind'], string> = {
  command: 'Command',
  script: 'Script',
  approvers: 'Approvers',
  'recovery-key': 'Recovery key',
};

export const approvalStateWords: Record<ApprovalView['state'], { label: string; tone: Tone }> = {
  open: { label: 'Open', tone: 'warn' },
  signed: { label: 'Signed', tone: 'good' },
  rejected: { label: 'Rejected', tone: 'bad' },
  withdrawn: { label: 'Withdrawn', tone: 'plain' },
  expired: { label: 'Expired', tone: 'plain' },
};

/** `1 of 2 signed` */
export const signedWords = ({ signed, needs }: Pick<ApprovalView, 'signed' | 'needs'>) =>
  `${signed.length} of ${needs} signed`;

/** How many people must sign, before it is given. */
export function needsWords(needs: number): string {
  return needs === 0
    ? 'Nobody has to sign it: it goes out at once.'
    : `${count(needs, 'approver')} must sign it with their ${needs === 1 ? 'passkey' : 'passkeys'} before any device obeys.`;
}

/** An action of a kind as it begins in a form. */
export function blankAction(kind: ActionKind): Action | undefined {
  switch (kind) {
    case 'message':
      return { kind, title: 'From the helpdesk', words: '' };
    case 'restart-device':
      return { kind, warnMinutes: 5, postpones: 2 };
    case 'clear-browser-cache':
      return { kind, browser: 'all' };
    case 'lost-mode':
      return { kind, words: 'This device belongs to the school district. Please bring it back.', contact: '' };
    case 'run-script':
      return undefined;
    default:
      return { kind };
  }
}

/** What an action still lacks, in words. */
export function actionProblem(action: Action | undefined): string | undefined {
  if (action === undefined) return 'Choose a script.';
  if (action.kind === 'message' && action.title.trim() === '') return 'Give the message a title.';
  if (action.kind === 'message' && action.words.trim() === '') return 'Write the message.';
  if (action.kind === 'lost-mode' && action.words.trim() === '') return 'Say what stands on the screen.';
  if (action.kind === 'lost-mode' && action.contact.trim() === '') return 'Say whom a finder should call.';
  return undefined;
}
