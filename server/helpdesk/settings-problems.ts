import type { HelpdeskSettings } from '../../shared/api/schemas.ts';

/** One address as mail servers take it (RFC 5321 section 4.1.2 without its quoted forms); nothing that ends a header. */
const address = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;
/** `helpdesk@district.example`, or `Helpdesk <helpdesk@district.example>`. */
const sender = /^(?:([^<>\p{Cc}"]{0,150}) )?<([^<>\s]{3,255})>$/u;
const host = /^[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/;

export const isMailAddress = (text: string) => address.test(text) && !text.includes('..');

/** Name and address of a sender; undefined when it is none. */
export function senderOf(written: string): { name: string; address: string } | undefined {
  const found = sender.exec(written.trim());
  const [name, mail] = found ? [found[1]?.trim() ?? '', found[2] ?? ''] : ['', written.trim()];
  return isMailAddress(mail) ? { name, address: mail } : undefined;
}

/** What cannot work, in words; empty: nothing. */
export function settingsProblems({ serviceLevel, mail, fixes }: HelpdeskSettings): string[] {
  const problems: string[] = [];
  for (const [priority, { firstReplyMinutes: reply, resolutionMinutes: solved }] of Object.entries(serviceLevel))
    if (reply !== null && solved !== null && reply > solved)
      problems.push(`Priority ${priority}: the first reply is promised later than the solution. Promise it sooner.`);
  const ids = fixes.map(({ id }) => id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
    problems.push(`Two canned fixes have the id ${id}. Give one of them another.`);
  return mail ? [...problems, ...mailProblems(mail)] : problems;
}

function mailProblems(mail: NonNullable<HelpdeskSettings['mail']>): string[] {
  const problems: string[] = [];
  if (!host.test(mail.host))
    problems.push('The mail server is no host name. Write it like smtp.district.example, without https:// or a port.');
  if (!senderOf(mail.from))
    problems.push(
      'The sender is no mail address. Write helpdesk@district.example or Helpdesk <helpdesk@district.example>.',
    );
  if (mail.security === 'none' && mail.user !== null)
    problems.push('A password is never sent without TLS. Choose TLS or STARTTLS, or leave the user empty.');
  return problems;
}
