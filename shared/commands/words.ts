import type { Action, ActionKind } from './action.ts';

/** What an action is called, for headings. */
export const actionTitles: Record<ActionKind, string> = {
  message: 'Show a message',
  'check-again': 'Check again',
  'restart-agent': 'Restart the agent',
  'restart-device': 'Restart the device',
  'rotate-certificate': 'Rotate the certificate',
  'renew-network': 'Renew the network',
  'clear-browser-cache': 'Clear the browser’s cache',
  'run-script': 'Run a script',
  'lost-mode': 'Lost mode',
  'end-lost-mode': 'End lost mode',
  lock: 'Lock',
  wipe: 'Wipe',
};

/** What an action does, in one sentence. `of` says on which devices. */
export function actionWords(action: Action, of: string): string {
  switch (action.kind) {
    case 'message':
      return `Shows the message “${action.title}” on ${of}.`;
    case 'check-again':
      return `Has ${of} look at everything anew.`;
    case 'restart-agent':
      return `Restarts the Rollcall agent on ${of}.`;
    case 'restart-device':
      return `Restarts ${of} after a warning of ${action.warnMinutes} min, which the person may put off ${action.postpones} times.`;
    case 'rotate-certificate':
      return `Renews the certificate of ${of}.`;
    case 'renew-network':
      return `Asks for a network address anew on ${of}.`;
    case 'clear-browser-cache':
      return `Clears the cache of ${action.browser === 'all' ? 'every browser' : action.browser} on ${of}; history, cookies and passwords stay.`;
    case 'run-script':
      return `Runs revision ${action.revision} of the script ${action.scriptId} on ${of}.`;
    case 'lost-mode':
      return `Signs everybody out of ${of}, and shows “${action.words}” until lost mode ends.`;
    case 'end-lost-mode':
      return `Ends lost mode on ${of}.`;
    case 'lock':
      return `Locks the screens of ${of}.`;
    case 'wipe':
      return `Deletes everything people have on ${of}. This cannot be undone.`;
  }
}
