import type { Random } from '../../shared/clock.ts';
import type { NewMail, TicketRow } from '../store/tickets.ts';
import { isMailAddress, senderOf } from './settings-problems.ts';
import { statusWords } from './ticket-words.ts';

/** What is written about: the ticket was opened, staff wrote, or it was solved. */
export type MailOccasion = { kind: 'opened' } | { kind: 'answer'; words: string } | { kind: 'solved'; words?: string };

export interface Letterhead {
  district: string;
  /** Of the account mail is sent by. */
  from: string;
}

type About = Pick<TicketRow, 'number' | 'subject' | 'status'>;

/** What replies are recognised by: `[#17]`. */
export const numberTag = (number: number) => `[#${number}]`;

/** A message about a ticket, plain text (RFC 3676 is not used: lines are left to the reader). Undefined: nobody to write to. */
export function ticketMail(
  ticket: About,
  recipient: string | null,
  occasion: MailOccasion,
  { district, from }: Letterhead,
  random: Random,
): NewMail | undefined {
  const sender = senderOf(from);
  if (recipient === null || !sender || !isMailAddress(recipient)) return undefined;
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1);
  return {
    message_id: `${random.uuid()}@${domain}`,
    recipient,
    subject: `${numberTag(ticket.number)} ${ticket.subject}`,
    body: [...linesOf(ticket, occasion), '', '-- ', `Helpdesk of ${district}`, ''].join('\n'),
  };
}

const answerHint = (number: number) =>
  `To answer, reply to this message and leave ${numberTag(number)} in the subject.`;

function linesOf({ number, subject, status }: About, occasion: MailOccasion): string[] {
  if (occasion.kind === 'opened')
    return [
      `We have your request, and it has the number ${number}:`,
      '',
      `  ${subject}`,
      '',
      'You need not do anything now. We write as soon as there is news.',
      answerHint(number),
    ];
  if (occasion.kind === 'answer')
    return [
      occasion.words,
      '',
      `Request ${number} (${subject}) is ${statusWords[status as keyof typeof statusWords]}.`,
      answerHint(number),
    ];
  const words = occasion.words === undefined ? [] : [occasion.words, ''];
  return [...words, `Request ${number} (${subject}) is solved. If it is not, reply and we look at it again.`];
}
