/** Who looks at the device for a ticket: on the banner, in messages on the desktop, in the list of past looks. */
export const looks = {
  running: (by: string) => `${by} is looking at this device`,
  asking: (by: string) => `${by} asks to look at this device`,
  runningLead:
    'They see how busy it is, its programs, its network and its messages. They cannot see your screen or files.',
  askingLead:
    'If you allow it, they see how busy it is, its programs, its network and its messages, and not your screen or files.',
  why: 'Why',
  ticket: 'Ticket',
  until: 'At the latest until',
  noAnswer: (time: string) => `Without an answer by ${time}, nobody looks.`,
  stop: 'Stop it',
  allow: 'Allow',
  refuse: 'Refuse',
  see: 'See who, why, and stop it',
  over: 'This is over already.',
  bundleAsked: (by: string) => `${by} asks for a support bundle of this device`,
  bundleSee: 'Read what is in it',
  bundleTitle: 'Support bundle',
  bundleLead: 'This is all that would be sent, word for word. Nothing has left the device yet.',
  bundleSend: 'Send it',
  bundleKeep: 'Do not send it',
  bundleGone: 'No support bundle waits for you.',
  past: 'Who looked at this device',
  nobody: 'Nobody has looked at this device.',
  pastLead: 'The helpdesk, for a ticket. This list is kept on the device.',
  states: { open: 'now', refused: 'refused', ended: 'over' },
  for: (ticket: number) => `for ticket ${ticket}`,
  from: (from: string, to: string) => `from ${from} to ${to}`,
  bundles: (count: number) => (count === 1 ? '1 support bundle was sent.' : `${count} support bundles were sent.`),
  noticeTold: (by: string) => `${by} looks at this device`,
  noticeAsked: (by: string) => `${by} asks to look at this device`,
  noticeBundle: (by: string) => `${by} asks for a support bundle`,
  noticeBody: (ticket: number, reason: string, address: string) =>
    `Ticket ${ticket}: ${reason} More, and your answer: ${address}`,
};

export type LookWords = typeof looks;
