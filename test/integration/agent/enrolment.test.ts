import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialProblem } from '../../../agent/identity/certificate.ts';
import { enrol } from '../../../agent/identity/enrol.ts';
import { ask } from '../../../agent/identity/https.ts';
import { decodeToken } from '../../../shared/protocol/token.ts';
import { agentCommand } from '../../fakes/agent-process.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';

const district = new FakeDistrict();
const stranger = new FakeDistrict('Stranger');
const about = {
  agentVersion: '0.1.0',
  platform: 'linux' as const,
  os: { name: 'Test', version: '1' },
  hostname: 'laptop',
  hardware: { id: 'a'.repeat(64) },
};
let server: FakeControlServer;
let folder: string;

const enrolWith = (change: Parameters<FakeControlServer['token']>[0] = {}) =>
  enrol(decodeToken(server.token(change)), about);
const enroll = (...args: string[]) => agentCommand('enroll', ...args, '--home', join(folder, 'home'));

beforeEach(async () => {
  server = new FakeControlServer(district);
  await server.start();
  folder = mkdtempSync(join(tmpdir(), 'rollcall-enrol-'));
});
afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('enrolment', () => {
  it('gives a certificate of the district for a key that never left the device', async () => {
    const identity = await enrolWith();
    expect(credentialProblem(identity.credentials[0], district.root)).toBeUndefined();
    expect(identity.agents).toEqual([server.address]);
  });

  it('takes the next address when one does not answer', async () => {
    const addresses = [{ host: '127.0.0.1', port: 1 }, server.enrolmentAddress];
    expect((await enrolWith({ addresses })).enrolment).toEqual(addresses);
  });

  it('sends nothing to a server whose root is not the one of the token', async () => {
    const enrolling = enrolWith({ ca: stranger.fingerprint });
    await expect(enrolling).rejects.toThrow(/is not the one this token was made for/);
  });

  it('sends nothing to a server that shows the right root and a leaf of another authority', async () => {
    const pretender = new FakeDistrict('Pretender');
    const impostor = new FakeControlServer(Object.assign(pretender, { root: district.root }));
    await impostor.start();
    try {
      await expect(enrolWith({ addresses: [impostor.enrolmentAddress] })).rejects.toThrow(/could not be reached/);
      expect(impostor.renewals).toBe(0);
    } finally {
      await impostor.stop();
    }
  });

  it('refuses an answer that names another district', async () => {
    Object.assign(server.district, { trust: { ...district.trust, district: stranger.fingerprint } });
    try {
      await expect(enrolWith()).rejects.toThrow(/names another district/);
    } finally {
      Object.assign(server.district, { trust: { ...district.trust, district: district.fingerprint } });
    }
  });
});

describe('the agents’ listener', () => {
  const artifact = '/artifacts/00';

  it.each<[string, () => { key: string; certificateChain: string } | undefined]>([
    ['shows no certificate', () => undefined],
    ['shows one of another authority', () => stranger.device()],
    ['shows one that has expired', () => district.device({ from: Date.now() - 500 * 86_400_000 })],
  ])('is closed to whoever %s', async (_name, credential) => {
    const held = credential();
    const trust = { root: district.root, ...(held ? { credential: held } : {}) };
    await expect(ask(server.address, trust, 'GET', artifact)).rejects.toThrow(/could not be reached/);
  });

  it('is not trusted by an agent of another district', async () => {
    const trust = { root: stranger.root, credential: stranger.device() };
    await expect(ask(server.address, trust, 'GET', artifact)).rejects.toThrow(/certificate/);
  });
});

describe('rollcall-agent enroll', () => {
  it('makes the home, remembers root and port, and leaves 0 as its exit code', async () => {
    const { code, json } = await enroll(server.token(), '--root', join(folder, 'root'), '--name', 'cart-7', '--json');
    expect(code).toBe(0);
    expect(json).toMatchObject({ deviceId: 'device-1', district: 'Fake district' });
    const status = await agentCommand('status', '--home', join(folder, 'home'), '--json');
    expect(status.json).toMatchObject({
      running: false,
      generation: 0,
      root: join(folder, 'root'),
      resolver: json.resolver,
    });
  });

  it('refuses a second enrolment of the same home', async () => {
    await enroll(server.token());
    const { code, stderr } = await enroll(server.token());
    expect(code).toBe(1);
    expect(stderr).toMatch(/is enrolled already.*unenroll/);
  });

  it.each<[string, number, string, () => string[] | Promise<string[]>]>([
    ['there is no token', 2, 'Give the token', () => []],
    ['the token is not whole', 2, 'not a whole enrolment token', () => ['rollcall1-abc']],
    ['the port is not a number', 2, 'DNS port', () => [server.token(), '--dns-port', 'many']],
    ['the server is of another district', 6, 'not the one', () => [server.token({ ca: stranger.fingerprint })]],
    [
      'nobody answers',
      5,
      'could not be reached',
      () => [server.token({ addresses: [{ host: '127.0.0.1', port: 1 }] })],
    ],
    [
      'the server refuses',
      4,
      'The enrolment token has been used up.',
      () => {
        server.enrolmentError = { code: 'token-used', message: 'The enrolment token has been used up.' };
        return [server.token()];
      },
    ],
  ])('leaves nothing behind when %s', async (_name, exitCode, words, args) => {
    const { code, stderr } = await enroll(...(await args()));
    expect({ code, stderr }).toEqual({ code: exitCode, stderr: expect.stringContaining(words) });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });
});
