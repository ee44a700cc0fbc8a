import type { lookup } from 'node:dns';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SendLimits, usualSendLimits, webhookAddress, webhookSender } from '../../../server/webhooks/send.ts';
import { selfSigned } from '../../fakes/upstream.ts';
import { WebhookReceiver } from '../../fakes/webhook-receiver.ts';

let receiver: WebhookReceiver;
beforeEach(async () => {
  receiver = await WebhookReceiver.start();
});
afterEach(() => receiver.stop());

const never = new AbortController().signal;
const send = async (url: string, limits: Partial<SendLimits> = {}) =>
  await webhookSender({ ...usualSendLimits, ...limits })(url, { 'content-type': 'application/json' }, '{}', never);

/** A name server that says what it is told to, one answer after the other. */
function resolving(...answers: string[]): NonNullable<SendLimits['resolve']> {
  const asked = (_host: string, _options: object, callback: (error: null, found: object[]) => void) => {
    const address = answers.length > 1 ? answers.shift() : answers[0];
    callback(null, [{ address: address ?? '', family: 4 }]);
  };
  return asked as unknown as typeof lookup;
}

describe('an address that webhooks are never sent to', () => {
  it.each([
    ['of this machine', 'https://127.0.0.1/x'],
    ['of this machine in version 6', 'https://[::1]/x'],
    ['of this machine, written otherwise', 'https://2130706433/x'],
    ['of this machine, mapped', 'https://[::ffff:127.0.0.1]/x'],
    ['of the own network', 'https://10.1.2.3/x'],
    ['of the cloud’s own services', 'https://169.254.169.254/latest/meta-data'],
    ['without encryption', 'http://example.org/x'],
    ['with a password', 'https://ann:secret@example.org/x'],
    ['of another kind', 'file:///etc/passwd'],
    ['of no kind', 'example.org'],
  ])('is one %s', async (_, url) => {
    expect(() => webhookAddress(url, usualSendLimits)).toThrowError(expect.objectContaining({ code: 'bad-webhook' }));
    expect((await send(url)).problem).toEqual(expect.any(String));
  });

  it('is one whose name leads to the own network', async () => {
    const url = `http://hook.example:${receiver.port}/x`;
    const https = url.replace('http:', 'https:');
    const sent = await send(https, { resolve: resolving('127.0.0.1') });
    expect(sent).toEqual({
      status: null,
      problem: expect.stringMatching(/hook\.example is an address of this network/),
    });
    expect(receiver.received).toEqual([]);
    const allowed = await send(url, { resolve: resolving('127.0.0.1'), allowPrivate: true });
    expect(allowed).toEqual({ status: 204, problem: null });
  });

  it('cannot be slipped in between the check and the connection: a name is looked up once for each try', async () => {
    let asked = 0;
    const addresses = ['127.0.0.1', '127.0.0.2'];
    const rebinding = ((host: string, options: object, callback: never) => {
      resolving(addresses[asked++] ?? '127.0.0.3')(host, options, callback);
    }) as unknown as typeof lookup;
    const url = `http://rebinding.example:${receiver.port}/x`;
    expect(await send(url, { resolve: rebinding, allowPrivate: true })).toEqual({ status: 204, problem: null });
    expect(asked).toBe(1);
    const refused = await send(url.replace('http:', 'https:'), { resolve: rebinding });
    expect(refused.problem).toMatch(/address of this network/);
    expect([asked, receiver.received.length]).toEqual([2, 1]);
  });
});

describe('one try', () => {
  it('that nothing answers ends in time', async () => {
    receiver.reactions = ['hang'];
    const sent = await send(receiver.url, { allowPrivate: true, totalMs: 200 });
    expect(sent).toEqual({ status: null, problem: 'It did not answer within 1 seconds.' });
  });

  it('at which nobody listens says so', async () => {
    const { url } = receiver;
    await receiver.stop();
    expect((await send(url, { allowPrivate: true })).problem).toBe('Nothing listens at this address.');
    receiver = await WebhookReceiver.start();
  });

  it('does not believe a server that nothing vouches for', async () => {
    let heard = 0;
    const server = createServer(selfSigned('127.0.0.1'), (_request, response) => {
      heard += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const sent = await send(`https://127.0.0.1:${port}/x`, { allowPrivate: true });
    await new Promise((resolve) => server.close(resolve));
    expect(sent).toEqual({
      status: null,
      problem: expect.stringMatching(/connection failed: self-signed certificate/),
    });
    expect(heard).toBe(0);
  });
});
