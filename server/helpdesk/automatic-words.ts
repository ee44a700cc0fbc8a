import type { Cause } from './automatic-plan.ts';
import type { Opening } from './ticket-desk.ts';

/** What a ticket says that opened by itself. */
export const causeTexts: Record<Cause['kind'], Pick<Opening, 'subject' | 'words' | 'category' | 'priority'>> = {
  silent: {
    subject: 'Not heard of for days',
    words:
      'This device has not connected for as many school days as the helpdesk’s settings say. It may be switched off, broken, lost, or without the agent. Ask the person who holds it.',
    category: 'other',
    priority: 'low',
  },
  'silent-school': {
    subject: 'Many devices of one school are not heard of',
    words:
      'More devices of this school than chance explains have stopped connecting. Look at the school’s network and at its calendar first. This one ticket stands for all of them.',
    category: 'network',
    priority: 'high',
  },
  disk: {
    subject: 'A drive foresees its failure',
    words:
      'A drive of this device reports by SMART that it will fail. Copy what is needed and replace it; smartctl -a DEVICE shows which attribute failed.',
    category: 'damage',
    priority: 'high',
  },
  tamper: {
    subject: 'An enforced setting is changed again and again',
    words:
      'Something on this device keeps changing a setting that is enforced, and the device has stopped to fight it. Its findings name the setting.',
    category: 'security',
    priority: 'high',
  },
};

export const endedWords: Record<Cause['kind'], string> = {
  silent: 'The device was heard of again, or is nobody’s any more, or this is not watched now.',
  'silent-school': 'Most devices of the school are heard of again. Those that are not have tickets of their own.',
  disk: 'No drive of the device foresees its failure any more.',
  tamper: 'The device does not see the setting changed any more.',
};
