import { plainText } from '../../shared/plain-text.ts';
import type { MailRow } from '../store/mail-outbox.ts';
import type { MailAccount } from './settings.ts';
import { isMailAddress, senderOf } from './settings-problems.ts';

export type Message = Pick<MailRow, 'message_id' | 'thread_id' | 'recipient' | 'subject' | 'body'>;

/** `refused`: this message will never be taken; `delayed`: this one may be later; `trouble`: no message is taken now. */
export type MailOutcome = { kind: 'sent' } | { kind: 'refused' | 'delayed' | 'trouble'; problem: string };

/** Hands one message to a mail server. Never rejects. */
export type SendMail = (message: Message, account: MailAccount) => Promise<MailOutcome>;

const patienceMs = 20_000;

/**
 * By SMTP (RFC 5321), with TLS 1.2 or later and the server's certificate checked; STARTTLS is demanded where it is chosen,
 * never merely tried. `ca`: certificates to trust beside the system's.
 */
export function smtpSender(ca?: string): SendMail {
  return async (message, account) => {
    const sender = senderOf(account.from);
    if (!sender || !isMailAddress(message.recipient))
      return { kind: 'refused', problem: 'The sender or the recipient is no mail address.' };
    // Where no mail is sent it costs no memory.
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      ...{ host: account.host, port: account.port, name: sender.address.split('@')[1] ?? '' },
      ...{ secure: account.security === 'tls', requireTLS: account.security === 'starttls' },
      ...{ ignoreTLS: account.security === 'none', disableFileAccess: true, disableUrlAccess: true },
      ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs },
      ...(account.user !== null && { auth: { user: account.user, pass: account.password ?? '' } }),
      tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    });
    try {
      await transport.sendMail(envelopeOf(message, sender));
      return { kind: 'sent' };
    } catch (error) {
      return outcomeOf(error);
    } finally {
      transport.close();
    }
  };
}

/** Threads by RFC 5322 section 3.6.4; `Auto-Submitted` (RFC 3834) keeps other programs from answering. */
function envelopeOf(message: Message, sender: { name: string; address: string }) {
  const thread = message.thread_id === null ? undefined : `<${message.thread_id}>`;
  return {
    from: sender,
    to: { name: '', address: message.recipient },
    subject: plainText(message.subject, 'Helpdesk'),
    text: message.body,
    messageId: `<${message.message_id}>`,
    ...(thread && { inReplyTo: thread, references: thread }),
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}

interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
}

/** Only an answer to RCPT or DATA is about this very message, 5yz for good (RFC 5321 section 4.2.1); a wrong password is trouble for all. */
function outcomeOf(error: unknown): MailOutcome {
  if (!(error instanceof Error)) throw error;
  const { responseCode = 0, code, command, message }: SmtpError = error;
  const problem = plainText(message, code ?? 'The mail server did not answer.').slice(0, 300);
  const isAboutMessage = command === 'RCPT TO' || command === 'DATA' || code === 'EENVELOPE' || code === 'EMESSAGE';
  if (!isAboutMessage || responseCode < 400) return { kind: 'trouble', problem };
  return { kind: responseCode >= 500 ? 'refused' : 'delayed', problem };
}
