import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MailService } from '../../../server/helpdesk/mail.ts';
import { smtpSender } from '../../../server/helpdesk/mail-transport.ts';
import type { MailAccount } from '../../../server/helpdesk/settings.ts';
import { type HelpdeskDistrict, openHelpdesk } from '../../fakes/helpdesk-district.ts';
import { MailServer, mailCertificate } from '../../fakes/mail-server.ts';

const kim = { actor: 'staff:Kim', staffId: 'kim' };
const slow = { subject: 'The laptop is slow', category: 'slow', deviceId: 'a' } as const;
const message = {
  ...{ message_id: 'm1@maple.example', thread_id: null, recipient: 'ada@maple.example' },
  ...{ subject: '[#1] Langsam: größer', body: 'Bitte neu starten.\n' },
};

let identity: Awaited<ReturnType<typeof mailCertificate>>;
let stopping: (() => Promise<void>)[];

beforeAll(async () => {
  identity = await mailCertificate(['127.0.0.1']);
});
beforeEach(() => {
  stopping = [];
});
afterEach(async () => {
  for (const stop of stopping.reverse()) await stop();
});

async function serverWith(options: Parameters<typeof MailServer.start>[0] = {}, port = 0): Promise<MailServer> {
  const server = await MailServer.start({ key: identity.key, cert: identity.cert, ...options }, port);
  stopping.push(() => server.stop());
  return server;
}

const account = (port: number, given: Partial<MailAccount> = {}): MailAccount => ({
  ...{ host: '127.0.0.1', port, security: 'starttls', user: null, password: null },
  ...{ from: 'Helpdesk <help@maple.example>', ...given },
});

describe('one message', () => {
  it.each([
    ['over TLS', 'tls', { secure: true }],
    ['over STARTTLS', 'starttls', {}],
  ] as const)('is delivered %s, with the password', async (_, security, options) => {
    const server = await serverWith({
      ...options,
      disabledCommands: [],
      onAuth: ({ username, password }, _session, done) =>
        password === 'secret' ? done(null, { user: username }) : done(new Error('wrong password')),
    });
    const own = account(server.port, { security, user: 'help', password: 'secret' });
    expect(await smtpSender(identity.ca)(message, own)).toEqual({ kind: 'sent' });
    expect(server.received).toMatchObject([
      { from: 'help@maple.example', to: ['ada@maple.example'], user: 'help', isSecure: true },
    ]);
    const wrong = await smtpSender(identity.ca)(message, { ...own, password: 'other' });
    expect(wrong).toMatchObject({ kind: 'trouble' });
    expect(server.received).toHaveLength(1);
  });

  it('is plain text, says whom it follows, and asks programs not to answer', async () => {
    const server = await serverWith({ hideSTARTTLS: true });
    const send = smtpSender();
    const follows = { ...message, message_id: 'm2@maple.example', thread_id: 'm1@maple.example' };
    expect(await send(follows, account(server.port, { security: 'none' }))).toEqual({ kind: 'sent' });
    const raw = server.received[0]?.raw ?? '';
    expect(raw).toMatch(/^Message-ID: <m2@maple\.example>$/im);
    expect(raw).toMatch(/^In-Reply-To: <m1@maple\.example>$/im);
    expect(raw).toMatch(/^References: <m1@maple\.example>$/im);
    expect(raw).toMatch(/^Auto-Submitted: auto-generated$/im);
    expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8/im);
    expect(raw).not.toMatch(/html/i);
  });

  it('cannot be given more headers or recipients by what people write', async () => {
    const server = await serverWith({ hideSTARTTLS: true });
    const send = smtpSender();
    const plain = account(server.port, { security: 'none' });
    const sly = { ...message, subject: 'Hello\r\nBcc: all@maple.example\r\n\r\nText' };
    expect(await send(sly, plain)).toEqual({ kind: 'sent' });
    expect(server.received[0]?.to).toEqual(['ada@maple.example']);
    expect(server.received[0]?.raw).not.toMatch(/^Bcc:/im);
    for (const recipient of ['a@b.example, c@d.example', 'a@b.example\r\nRCPT TO:<c@d.example>', '"x" <a@b.example>'])
      expect(await send({ ...message, recipient }, plain)).toMatchObject({ kind: 'refused' });
    expect(server.received).toHaveLength(1);
  });

  it('is not sent to a server whose certificate nobody vouches for', async () => {
    const server = await serverWith();
    const outcome = await smtpSender()(message, account(server.port));
    expect(outcome).toMatchObject({ kind: 'trouble', problem: expect.stringMatching(/certificate/i) });
    expect(server.received).toEqual([]);
  });

  it('is not sent to a server whose certificate is for another name', async () => {
    const other = await mailCertificate(['smtp.maple.example']);
    const server = await serverWith({ key: other.key, cert: other.cert, secure: true });
    const outcome = await smtpSender(other.ca)(message, account(server.port, { security: 'tls' }));
    expect(outcome).toMatchObject({ kind: 'trouble', problem: expect.stringContaining('127.0.0.1') });
    expect(server.received).toEqual([]);
  });

  it('is not sent openly where STARTTLS was chosen and is not there', async () => {
    const server = await serverWith({ disabledCommands: ['STARTTLS', 'AUTH'] });
    expect(await smtpSender(identity.ca)(message, account(server.port))).toMatchObject({ kind: 'trouble' });
    expect(server.received).toEqual([]);
  });

  it.each([
    ['for good', 550, 'refused'],
    ['for now', 450, 'delayed'],
  ])('may be refused %s', async (_, code, kind) => {
    const server = await serverWith({ hideSTARTTLS: true });
    server.refusal = { code, words: 'no such mailbox' };
    const outcome = await smtpSender()(message, account(server.port, { security: 'none' }));
    expect(outcome).toMatchObject({ kind, problem: expect.stringContaining('no such mailbox') });
  });
});

describe('what is queued', () => {
  let desk: HelpdeskDistrict;
  let mail: MailService;

  beforeEach(async () => {
    desk = await openHelpdesk();
    const { stores, settings, parts } = desk;
    const send = smtpSender(identity.ca);
    mail = new MailService({ store: stores.mailOutbox, settings, send, district: 'Maple County', ...parts });
    stopping.push(async () => {
      await mail.stop();
      await desk.close();
      expect(desk.errors).toEqual([]);
    });
  });

  const configure = async (port: number, password?: string) =>
    await desk.configure((was) => ({
      ...was,
      mail: {
        ...{ host: '127.0.0.1', port, security: 'tls', from: 'help@maple.example' },
        ...(password === undefined ? { user: null } : { user: 'help', password }),
      },
    }));
  const noteState = async (id: string) => (await desk.tickets.read(id)).notes.map((note) => note.mail);
  const write = async (id: string, words: string) => await desk.tickets.note(id, { words, isToPerson: true }, kim);

  it('waits while the server is down, holds nothing up, and arrives in order when it is back', async () => {
    const first = await serverWith({ secure: true });
    const { port } = first;
    await configure(port);
    await first.stop();
    stopping.pop();
    await mail.start();
    const { id } = await desk.tickets.create(slow, kim);
    await write(id, 'One.');
    await write(id, 'Two.');
    await mail.settled();
    expect(await noteState(id)).toEqual(['queued', 'queued']);
    expect(desk.codes().filter((code) => code === 'mail-trouble')).toHaveLength(1);
    const second = await serverWith({ secure: true }, port);
    desk.clock.advance(2 * 60_000);
    await mail.settled();
    expect(second.received.map(({ raw }) => /(One|Two)\./.exec(raw)?.[1])).toEqual(['One', 'Two']);
    expect(second.received[1]?.raw).toMatch(/^In-Reply-To: </im);
    expect(await noteState(id)).toEqual(['sent', 'sent']);
    expect(desk.codes()).toContain('mail-works');
    expect(await desk.db.selectFrom('mail').select('body').execute()).toEqual([{ body: '' }, { body: '' }]);
  });

  it('that a server refuses is given up, and the next one goes out', async () => {
    const server = await serverWith({ secure: true });
    await configure(server.port);
    const { id } = await desk.tickets.create(slow, kim);
    await write(id, 'One.');
    server.refusal = { code: 550, words: 'no such mailbox' };
    await mail.start();
    await mail.settled();
    expect(await noteState(id)).toEqual(['failed']);
    expect(desk.said.find(({ code }) => code === 'mail-failed')?.words).toContain('no such mailbox');
    server.refusal = undefined;
    await write(id, 'Two.');
    await mail.settled();
    expect(await noteState(id)).toEqual(['failed', 'sent']);
  });

  it('that is put off does not hold up the others, and is tried again', async () => {
    const server = await serverWith({ secure: true });
    await configure(server.port);
    const { id } = await desk.tickets.create(slow, kim);
    await write(id, 'One.');
    server.refusal = { code: 450, words: 'greylisted' };
    await mail.start();
    await mail.settled();
    server.refusal = undefined;
    await write(id, 'Two.');
    await mail.settled();
    expect(await noteState(id)).toEqual(['queued', 'sent']);
    desk.clock.advance(2 * 60_000);
    await mail.settled();
    expect(await noteState(id)).toEqual(['sent', 'sent']);
  });

  it('is given up after three days without a server', async () => {
    const server = await serverWith({ secure: true });
    await configure(server.port);
    await server.stop();
    stopping.pop();
    const { id } = await desk.tickets.create(slow, kim);
    await write(id, 'One.');
    await mail.start();
    await mail.settled();
    desk.clock.advance(74 * 3_600_000);
    await mail.settled();
    expect(await noteState(id)).toEqual(['failed']);
  });

  it('was queued before the server started, and goes out then', async () => {
    const server = await serverWith({ secure: true });
    await configure(server.port);
    const { id } = await desk.tickets.create(slow, kim);
    await write(id, 'One.');
    await mail.start();
    await mail.settled();
    expect(await noteState(id)).toEqual(['sent']);
    expect(await desk.metrics.registry.getSingleMetricAsString('rollcall_mails_total')).toContain('outcome="sent"} 1');
  });

  it('tells that somebody’s report arrived, and that it is solved', async () => {
    const server = await serverWith({ secure: true });
    await configure(server.port);
    await mail.start();
    const form = { reference: 'f1', subject: 'No sound', words: 'None.', email: 'parent@home.example' };
    const { id } = await desk.intake.take(form, 'token:forms');
    await desk.tickets.change(id, { version: 1, status: 'resolved' }, kim);
    await mail.settled();
    expect(server.received.map(({ to }) => to[0])).toEqual(['parent@home.example', 'parent@home.example']);
    expect(server.received[0]?.raw).toContain('has the number 1');
    expect(server.received[1]?.raw).toContain('is solved');
  });

  it('is tested with a message to oneself, and the answer of the server is told', async () => {
    await expect(mail.test('kim@maple.example')).rejects.toMatchObject({ code: 'no-mail' });
    const server = await serverWith({ secure: true });
    await configure(server.port);
    await mail.test('kim@maple.example');
    expect(server.received[0]?.to).toEqual(['kim@maple.example']);
    server.refusal = { code: 554, words: 'policy' };
    await expect(mail.test('kim@maple.example')).rejects.toMatchObject({
      ...{ code: 'mail-refused', details: [expect.stringContaining('policy')] },
    });
  });

  it('goes out with a password that lies sealed in the store and is never answered', async () => {
    const saved = await configure(465, 'secret');
    expect(JSON.stringify(saved)).not.toContain('secret');
    expect(saved.mail).toMatchObject({ hasPassword: true });
    const [row] = await desk.db.selectFrom('document').select('content').execute();
    expect(row?.content).not.toContain('secret');
    expect((await desk.settings.mailAccount())?.password).toBe('secret');
    const kept = await desk.configure(({ mail: was, ...rest }) => ({
      ...rest,
      mail: was && { ...was, from: 'it@maple.example' },
    }));
    expect(kept.mail).toMatchObject({ hasPassword: true, from: 'it@maple.example' });
    const elsewhere = desk.configure(({ mail: was, ...rest }) => ({
      ...rest,
      mail: was && { ...was, host: 'evil.example' },
    }));
    await expect(elsewhere).rejects.toMatchObject({ code: 'bad-helpdesk-settings' });
  });
});
