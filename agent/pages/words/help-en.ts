import type { HelpCategory } from '../../store/help-book.ts';

/** Asking the helpdesk on "My device". */
export const help = {
  lead: 'Write what is wrong. The helpdesk of your school district gets it with the name of this device.',
  about: 'What is it about?',
  answerTo: (ticket: number, subject: string) => `Answer to request ${ticket}: ${subject}`,
  categories: {
    slow: 'The device is slow',
    'will-not-start': 'It does not start properly',
    screen: 'The screen',
    keyboard: 'The keyboard or touchpad',
    battery: 'The battery or charger',
    network: 'Wi-Fi or network',
    software: 'A program',
    printing: 'Printing',
    'sign-in': 'Signing in',
    'web-filter': 'A site that does not open',
    damage: 'Something is broken',
    'lost-or-stolen': 'Something was lost or stolen',
    other: 'Something else',
  } satisfies Record<HelpCategory, string>,
  words: 'What happens?',
  hint: 'School staff will read this with your name. Do not write passwords.',
  button: 'Send it to the helpdesk',
  offline: 'There is no connection now. It is sent as soon as there is one.',
  requests: 'Your requests',
  sending: 'on its way',
  number: (ticket: number) => `Request ${ticket}`,
  askedAt: (time: string) => `Asked: ${time}`,
  states: {
    new: 'arrived',
    open: 'being worked on',
    waiting: 'waiting, perhaps for your answer',
    resolved: 'solved',
    closed: 'closed',
  },
  staffWrote: (time: string) => `The helpdesk wrote (${time})`,
  problems: {
    tooShort: 'Write a little more: at least 5 characters.',
    tooLong: 'That is too long: at most 800 characters fit.',
    tooOften: 'You have asked very often. Wait an hour, or ask somebody at school.',
    notSaved: 'Your request could not be saved on this device. Try again, or ask somebody at school.',
    stalePage: 'This page was open for too long, so nothing was sent. Send it again.',
  },
};

export type HelpWords = typeof help;
