import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock as clock, systemRandom as random } from '../../../server/clock.ts';
import { AgentsListener, type AgentsListenerParts } from '../../../server/gateway/agents-listener.ts';
import { type Authority, openAuthority } from '../../../server/pki/authority.ts';
import type { Identity } from '../../../server/store/certificates.ts';
import { agentPaths, agentServerName } from '../../../shared/protocol/enrolment.ts';
import { subprotocol } from '../../../shared/protocol/version.ts';
import { ask, type ClientTls, Line } from '../../fakes/device.ts';
import { type DeviceKey, makeDeviceKey } from '../../fakes/device-keys.ts';

const log = pino({ level: 'silent' });
const host = '127.0.0.1';
/** For conditions: a loaded machine takes its time. */
const patient = { timeout: 20_000 };
let home: string;
let key: DeviceKey;
let authority: Authority;
let tls: ClientTls;
let identity: Identity;
let listeners: AgentsListener[] = [];
let refused: string[];
let opened: string[];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-door-'));
  authority = await openAuthority({ home, district: 'Test district', hostNames: [host], clock, random, log });
  key = await makeDeviceKey();
  ({ tls, identity } = await issue('laptop'));
});
beforeEach(() => {
  refused = [];
  opened = [];
});
afterAll(async () => {
  authority.stop();
  for (const listener of listeners) await listener.stop();
  await rm(home, { recursive: true });
});

async function issue(deviceId: string): Promise<{ tls: ClientTls; identity: Identity }> {
  const { chain, serial, fingerprint, notAfter } = await authority.issueDevice(deviceId, createPublicKey(key.key));
  const active = { deviceStatus: 'active', certificateStatus: 'active' } as const;
  return {
    tls: { ca: authority.rootPem, cert: chain, key: key.pem },
    identity: { ...active, deviceId, deviceName: deviceId, serial, fingerprint, notAfter },
  };
}

async function listen(changes: Partial<AgentsListenerParts> = {}): Promise<number> {
  const listener = new AgentsListener({
    ...{ authority, clock, log, host, port: 0 },
    certificates: { identify: async (serial) => (serial === identity.serial ? identity : undefined) },
    gateway: { open: (_socket, { deviceId }) => void opened.push(deviceId) },
    lists: { artifactPath: async () => undefined, deltaPath: async () => undefined },
    scripts: { sourceOf: async () => undefined },
    metrics: { handshakesRefused: { inc: ({ reason }) => void refused.push(reason) } },
    ...changes,
  });
  await listener.start();
  listeners = [...listeners, listener];
  return listener.port;
}

/** A peer that says this and then nothing. */
function say(port: number, bytes: Uint8Array | string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => {
      socket.write(bytes);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

async function ended(socket: Socket): Promise<void> {
  socket.on('error', () => socket.destroy());
  socket.resume();
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

/** The first bytes of TLS as a client begins it. */
async function clientHello(): Promise<Buffer> {
  const catcher = createServer();
  await new Promise<void>((resolve) => catcher.listen(0, host, resolve));
  const client = connectTls({ host, port: (catcher.address() as AddressInfo).port, servername: agentServerName });
  client.on('error', () => client.destroy());
  const [socket] = (await once(catcher, 'connection')) as [Socket];
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  catcher.close();
  return bytes;
}

/** Asks for an upgrade and gets an answer instead. */
function askUpgrade(port: number, path: string, headers: Record<string, string>, client = tls) {
  return new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    const options = { host, port, path, agent: false as const, servername: agentServerName, ...client };
    const asked = request({ ...options, headers: { connection: 'Upgrade', ...headers } }, (answer) => {
      json(answer).then((body) => resolve({ status: answer.statusCode, body }), reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

const webSocket = {
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': subprotocol,
};

describe('the agents’ port', () => {
  let port: number;
  beforeAll(async () => {
    port = await listen();
  });

  it('answers a hundred devices that come at once', async () => {
    const fleet = await Promise.all(Array.from({ length: 100 }, (_, index) => issue(`laptop-${index}`)));
    const identities = new Map(fleet.map((each) => [each.identity.serial, each.identity]));
    const crowded = await listen({ certificates: { identify: async (serial) => identities.get(serial) } });
    const path = agentPaths.artifact('a'.repeat(64));
    const answers = await Promise.all(fleet.map((each) => ask(crowded, path, each.tls)));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(404));
    expect(refused).toEqual([]);
  });

  it('hands over the session of the device that the certificate names', async () => {
    const line = await Line.open(port, tls);
    expect(opened).toEqual(['laptop']);
    expect(line.socket.protocol).toBe(subprotocol);
    await line.cut();
  });

  const refusals: [string, string, Record<string, string>, number, string][] = [
    ['an upgrade elsewhere', '/artifacts', webSocket, 404, 'not-found'],
    ['another subprotocol', agentPaths.session, { ...webSocket, 'sec-websocket-protocol': 'chat' }, 400, 'bad-request'],
    ['an unknown version', agentPaths.session, { ...webSocket, 'sec-websocket-version': '7' }, 400, 'bad-request'],
    ['an upgrade to HTTP/2 elsewhere', '/', { upgrade: 'h2c' }, 404, 'not-found'],
  ];
  it.each(refusals)('refuses %s in the form of every answer', async (_, path, headers, status, code) => {
    const answer = await askUpgrade(port, path, headers);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(opened).toEqual([]);
  });

  it('says why a device may not come in, and counts it', async () => {
    const revoked = await listen({
      certificates: { identify: async () => ({ ...identity, deviceStatus: 'revoked' }) },
    });
    const answer = await askUpgrade(revoked, agentPaths.session, webSocket);
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'device-revoked' } } });
    expect(refused).toEqual(['device-revoked']);
  });

  it('refuses whoever borrows the serial number of another certificate', async () => {
    const borrowed = { ...identity, fingerprint: 'a'.repeat(64) };
    const elsewhere = await listen({ certificates: { identify: async () => borrowed } });
    const answer = await askUpgrade(elsewhere, agentPaths.session, webSocket);
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'device-unknown' } } });
  });

  it('answers a failure of the store without its words, and lives on', async () => {
    let isBroken = true;
    const identify = async () => {
      if (isBroken) throw new Error('disk I/O error at /secret');
      return identity;
    };
    const broken = await listen({ certificates: { identify } });
    const answer = await askUpgrade(broken, agentPaths.session, webSocket);
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('secret');
    isBroken = false;
    await (await Line.open(broken, tls)).cut();
  });

  it('takes garbage, plain HTTP and cut-off greetings from a hundred peers, and serves a device meanwhile', async () => {
    const hello = await clientHello();
    const noise = [random.bytes(2_000), 'GET /agent HTTP/1.1\r\n\r\n', hello.subarray(0, 90), hello, new Uint8Array(0)];
    const peers = await Promise.all(
      Array.from({ length: 100 }, (_, index) => say(port, noise[index % noise.length] ?? '')),
    );
    const line = await Line.open(port, tls);
    expect(opened).toEqual(['laptop']);
    await line.cut();
    const [random2k, http] = [peers.filter((_, n) => n % 5 === 0), peers.filter((_, n) => n % 5 === 1)];
    await Promise.all([...random2k, ...http].map(ended));
    await vi.waitFor(
      () => expect(refused.filter((reason) => reason === 'other').length).toBeGreaterThanOrEqual(40),
      patient,
    );
    for (const peer of peers) peer.destroy();
  });

  it('cuts a device off that opens connections and asks for nothing, and serves it when they are gone', async () => {
    const own = await listen();
    const options = { host, port: own, servername: agentServerName, ...tls };
    const idle = Array.from({ length: 20 }, () => connectTls(options));
    for (const socket of idle) socket.on('error', () => socket.destroy());
    await vi.waitFor(() => expect(refused.filter((reason) => reason === 'too-many')).toHaveLength(4), patient);
    await vi.waitFor(() => expect(idle.filter((socket) => socket.closed)).toHaveLength(4), patient);
    for (const socket of idle) socket.destroy();
    await vi.waitFor(async () => (await Line.open(own, tls)).cut(), patient);
  });

  it('counts sessions as no visits', async () => {
    const own = await listen();
    const lines: Line[] = [];
    for (let n = 0; n < 20; n++) lines.push(await Line.open(own, tls));
    expect(opened).toHaveLength(20);
    await Promise.all(lines.map((line) => line.cut()));
  });

  it('accepts no more connections than it may hold, and counts who found the house full', async () => {
    const small = await listen({ maxConnections: 2 });
    const inside = [await Line.open(small, tls), await Line.open(small, tls)];
    await expect(Line.open(small, tls)).rejects.toThrow();
    await vi.waitFor(() => expect(refused).toContain('house-full'), patient);
    await Promise.all(inside.map((line) => line.cut()));
    await vi.waitFor(async () => (await Line.open(small, tls)).cut(), patient);
  });
});
