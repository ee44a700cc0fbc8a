import { execFile, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signCertificate } from '../../../server/pki/certificate-der.ts';
import { agentPaths } from '../../../shared/protocol/enrolment.ts';
import { type AgentServer, startAgentServer } from '../../fakes/agent-server.ts';
import { ask, type ClientTls, FakeDevice } from '../../fakes/device.ts';
import { type DeviceKey, makeDeviceKey } from '../../fakes/device-keys.ts';

/** Without openssl on this machine its own test is skipped. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

let server: AgentServer;
let foreign: AgentServer;
let expiring: AgentServer;
let key: DeviceKey;

beforeAll(async () => {
  const hour = 3_600_000;
  [server, foreign, expiring, key] = await Promise.all([
    startAgentServer(),
    startAgentServer(),
    startAgentServer({ deviceLifetimeMs: -hour }),
    makeDeviceKey(),
  ]);
});
afterAll(async () => {
  await Promise.all([server, foreign, expiring].map((each) => each.stop()));
});

async function enrolled(at: AgentServer, name: string): Promise<FakeDevice> {
  const device = await FakeDevice.make(name);
  expect((await device.enroll(at.enrolmentPort, await at.token())).status).toBe(200);
  return device;
}

/** What became of an attempt to open a session, and to fetch an artefact, as words. */
async function attempts(at: AgentServer, tls: ClientTls): Promise<string[]> {
  const device = new FakeDevice('attempt', key);
  const words = (error: Error) => error.message;
  const session = device.connect(at.agentPort, tls).then(() => 'let in', words);
  const artifact = ask(at.agentPort, agentPaths.artifact('a'.repeat(64)), tls).then(
    ({ status, body }) => `${status} ${body.error?.code}`,
    words,
  );
  return await Promise.all([session, artifact]);
}

const refusedByTls = /alert|ECONNRESET|hang up|disconnected|closed|EPIPE/i;

describe('the agents’ port, at the TLS handshake, gives nothing to', () => {
  const cases: [string, () => Promise<[AgentServer, ClientTls]>][] = [
    ['no certificate', async () => [server, { ca: server.authority.rootPem }]],
    [
      'a certificate of another district',
      async () => {
        const stranger = await enrolled(foreign, 'stranger');
        return [server, { ...stranger.tls, ca: server.authority.rootPem }];
      },
    ],
    [
      'a certificate it signed itself',
      async () => {
        const publicKey = createPublicKey(key.pem);
        const now = Date.now();
        const dates = { notBefore: now - 60_000, notAfter: now + 60_000, serial: new Uint8Array(16) };
        const subject = { commonName: 'me', organization: 'Test district' };
        const cert = await signCertificate(
          { ...dates, subject, publicKey, purpose: { kind: 'device' } },
          { certificate: undefined, publicKey, privateKey: key.key },
        );
        return [server, { ca: server.authority.rootPem, cert, key: key.pem }];
      },
    ],
    [
      'an expired certificate',
      async () => {
        const late = await enrolled(expiring, 'late');
        return [expiring, late.tls];
      },
    ],
    [
      'the server’s own certificate used as a client’s',
      async () => [server, { ca: server.authority.rootPem, ...server.authority.agentsLeaf.tls }],
    ],
  ];
  for (const [name, prepare] of cases) {
    it(name, async () => {
      const [at, tls] = await prepare();
      for (const outcome of await attempts(at, tls)) expect(outcome).toMatch(refusedByTls);
    });
  }

  it.skipIf(!hasOpenssl)('openssl without a certificate, and with one of another district', async () => {
    const stranger = await enrolled(foreign, 'openssl');
    expect(await openssl(server, [])).not.toContain('HTTP/1.1');
    expect(await openssl(server, await pemArguments(stranger))).not.toContain('HTTP/1.1');
    const own = await enrolled(server, 'own');
    expect(await openssl(server, await pemArguments(own))).toContain('HTTP/1.1');
  });
});

async function pemArguments(device: FakeDevice): Promise<string[]> {
  const file = `${server.home}/${device.name}.pem`;
  await writeFile(file, device.chain + device.key.pem);
  return ['-cert', file, '-key', file, '-cert_chain', file];
}

/** Everything `openssl s_client` prints for a request to the agents' port. */
async function openssl(at: AgentServer, options: string[]): Promise<string> {
  const connect = ['s_client', '-ign_eof', '-connect', `127.0.0.1:${at.agentPort}`, ...options];
  return await new Promise((resolve) => {
    const child = execFile('openssl', connect, (_, out, err) => resolve(out + err));
    child.stdin?.end(`GET ${agentPaths.session} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  });
}

describe('the agents’ port, by the certificate’s record, refuses', () => {
  const cases: [string, string, (device: FakeDevice) => Promise<void>][] = [
    [
      'a revoked device',
      'device-revoked',
      async ({ deviceId }) => await server.devices.revoke(deviceId, 'stolen', 'command line'),
    ],
    [
      'a certificate its successor has replaced',
      'certificate-superseded',
      async (device) => {
        const { chain, key: old } = device;
        const next = await makeDeviceKey();
        device.use((await device.renew(server.enrolmentPort, next)).body.certificateChain, next);
        await (await device.join(server.agentPort)).cut();
        device.use(chain, old);
      },
    ],
    [
      'the earlier certificate of a device that was enrolled again',
      'certificate-superseded',
      async (device) => {
        const { chain, key: old } = device;
        device.key = await makeDeviceKey();
        await device.enroll(server.enrolmentPort, await server.token());
        device.use(chain, old);
      },
    ],
    [
      'a device the store does not know',
      'device-unknown',
      async ({ deviceId }) => {
        await server.db.deleteFrom('certificate').where('device_id', '=', deviceId).execute();
      },
    ],
    [
      'a serial whose certificate is another one',
      'device-unknown',
      async ({ deviceId }) => {
        await server.db
          .updateTable('certificate')
          .set({ fingerprint: '0'.repeat(64) })
          .where('device_id', '=', deviceId)
          .execute();
      },
    ],
  ];
  for (const [name, code, spoil] of cases) {
    it(name, async () => {
      const device = await enrolled(server, name);
      await spoil(device);
      const [session, artifact] = await attempts(server, device.tls);
      expect(session).toContain('403');
      expect(artifact).toBe(`403 ${code}`);
    });
  }

  it('a held device until it is approved', async () => {
    const device = await FakeDevice.make('held');
    await device.enroll(server.enrolmentPort, await server.token({ approval: 'hold' }));
    expect(await attempts(server, device.tls)).toEqual([expect.stringContaining('403'), '403 device-held']);
    await server.devices.approve(device.deviceId, 'command line');
    const line = await device.join(server.agentPort);
    expect(line.welcome.deviceId).toBe(device.deviceId);
    await line.cut();
  });
});

describe('agents', () => {
  it('refuse a server that shows a device’s certificate', async () => {
    const device = await enrolled(server, 'impostor');
    const impostor = createServer({ cert: device.chain, key: device.key.pem }, (_, answer) => answer.end('hello'));
    await new Promise<void>((resolve) => impostor.listen(0, '127.0.0.1', resolve));
    const { port } = impostor.address() as AddressInfo;
    const servername = { ca: server.authority.rootPem };
    await expect(ask(port, '/trust', servername)).rejects.toThrow(/purpose|altnames|Hostname/i);
    await new Promise((resolve) => impostor.close(resolve));
  });

  it('trust the enrolment listener by the pinned root, and no other root', async () => {
    const ok = await ask<{ root: string }>(server.enrolmentPort, '/trust', { ca: server.authority.rootPem });
    expect(ok.body.root).toBe(server.authority.rootPem);
    const wrong = ask(server.enrolmentPort, '/trust', { ca: foreign.authority.rootPem });
    await expect(wrong).rejects.toThrow(/unable to (verify|get)|self.signed|signature/i);
  });
});
