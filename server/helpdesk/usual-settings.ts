import type { CannedFix, HelpdeskSettings } from '../../shared/api/schemas.ts';

/** What is said again and again; a district changes it as it likes. */
const fixes: CannedFix[] = [
  {
    id: 'restart',
    title: 'Restart the device',
    categories: ['slow', 'software', 'network', 'will-not-start'],
    words:
      'Please restart your device: save your work, choose “Restart” (not “Shut down”), and wait until you can sign in again. Tell us here if it has not helped.',
    resolves: false,
  },
  {
    id: 'free-space',
    title: 'Make room on the disk',
    categories: ['slow', 'software'],
    words:
      'Your disk is nearly full, which makes everything slow. Empty the recycle bin and delete large files from Downloads that you do not need; your school files are safe in the cloud.',
    resolves: false,
  },
  {
    id: 'updates-overnight',
    title: 'Leave it on for updates',
    categories: ['slow', 'software', 'security'],
    words:
      'Updates are waiting. Please leave your device switched on and plugged in this evening, with the lid open; it installs them by itself and restarts.',
    resolves: false,
  },
  {
    id: 'join-wifi-again',
    title: 'Join the school Wi-Fi again',
    categories: ['network'],
    words:
      'Please turn Wi-Fi off and on again. If that does not help, choose “Forget” for the school network and join it again with your school account.',
    resolves: false,
  },
  {
    id: 'home-sign-in-page',
    title: 'Open the network’s own sign-in page',
    categories: ['network', 'web-filter'],
    words:
      'The network you are in wants you to sign in first, as in a hotel or café. Open its sign-in page, accept, and the internet works.',
    resolves: false,
  },
  {
    id: 'ask-on-block-page',
    title: 'Ask for a blocked site on its page',
    categories: ['web-filter'],
    words:
      'You can ask for a blocked site right where you meet it: open the site, and write on the page that says it is blocked why you need it. A member of staff decides, and the answer comes to the same page.',
    resolves: true,
  },
  {
    id: 'new-password',
    title: 'Set a new password',
    categories: ['sign-in'],
    words:
      'Your password was reset. Please see your teacher or the office for the new one, and choose your own at the first sign-in. We never send passwords by e-mail.',
    resolves: false,
  },
  {
    id: 'bring-it-in',
    title: 'Bring the device to the helpdesk',
    categories: ['screen', 'keyboard', 'battery', 'damage', 'will-not-start'],
    words:
      'We need to look at the device itself. Please bring it with its charger to the helpdesk; if the repair takes longer than a lesson you get another one meanwhile.',
    resolves: false,
  },
  {
    id: 'charge-fully',
    title: 'Charge it and try again',
    categories: ['battery', 'will-not-start'],
    words:
      'Please plug your device in with its own charger for half an hour, then hold the power button for ten seconds, let go, and press it once.',
    resolves: false,
  },
  {
    id: 'printer-again',
    title: 'Choose the printer again',
    categories: ['printing'],
    words:
      'Please print once more and choose the printer of your building from the list. If it is not there, restart the device within the school network.',
    resolves: false,
  },
  {
    id: 'switch-on-and-connect',
    title: 'Switch it on and connect it',
    categories: ['other', 'lost-or-stolen'],
    words:
      'We have not heard of your device for a while. Please switch it on and connect it to the internet for ten minutes. If you do not have it any more, tell us here.',
    resolves: false,
  },
  {
    id: 'solved',
    title: 'It is solved',
    categories: [],
    words: 'This is solved. If it comes back, answer here and we look at it again.',
    resolves: true,
  },
];

/** Until the district decides: hours of a school day are about seven. */
export const usualSettings: HelpdeskSettings = {
  version: 0,
  serviceLevel: {
    low: { firstReplyMinutes: 840, resolutionMinutes: 4_200 },
    normal: { firstReplyMinutes: 420, resolutionMinutes: 2_100 },
    high: { firstReplyMinutes: 120, resolutionMinutes: 840 },
    urgent: { firstReplyMinutes: 30, resolutionMinutes: 240 },
  },
  automatic: { silentDays: 10, failingDisk: true, tamper: true },
  mail: null,
  fixes,
};
