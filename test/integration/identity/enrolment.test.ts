import { sign, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeToken, encodeToken } from '../../../shared/protocol/token.ts';
import { type AgentServer, startAgentServer } from '../../fakes/agent-server.ts';
import { ask, FakeDevice, hardwareId } from '../../fakes/device.ts';
import { type DeviceKey, makeDeviceKey } from '../../fakes/device-keys.ts';

let server: AgentServer;
let keys: DeviceKey[];
let device: FakeDevice;
let count = 0;

beforeAll(async () => {
  server = await startAgentServer();
  keys = await Promise.all([makeDeviceKey(), makeDeviceKey(), makeDeviceKey(1024), makeDeviceKey()]);
});
afterAll(async () => await server.stop());
beforeEach(async () => {
  count += 1;
  device = await FakeDevice.make(`laptop-${count}`);
});

const key = (index: number) => keys[index] as DeviceKey;
const tokenId = async () => (await server.tokens.list())[0]?.id ?? '';
const usesOf = async () => (await server.tokens.list())[0]?.uses;

describe('a token', () => {
  const cases: [string, number, string, () => Promise<string>][] = [
    [
      'with a wrong secret',
      403,
      'token-invalid',
      async () => encodeToken({ ...decodeToken(await server.token()), secret: 'A'.repeat(43) }),
    ],
    [
      'that was used up',
      403,
      'token-used',
      async () => {
        const token = await server.token({ maxUses: 1 });
        await (await FakeDevice.make(`first-${count}`)).enroll(server.enrolmentPort, token);
        return token;
      },
    ],
    [
      'that has expired',
      403,
      'token-expired',
      async () => {
        const token = await server.token();
        await server.db
          .updateTable('enrolment_token')
          .set({ expires_at: Date.now() - 1 })
          .where('id', '=', await tokenId())
          .execute();
        return token;
      },
    ],
    [
      'that was revoked',
      403,
      'token-invalid',
      async () => {
        const token = await server.token();
        await server.tokens.revoke(await tokenId(), 'command line');
        return token;
      },
    ],
    ['for another platform', 403, 'token-wrong-platform', async () => await server.token({ platform: 'win32' })],
  ];
  for (const [name, status, code, make] of cases) {
    it(`${name} enrols nobody`, async () => {
      const token = await make();
      const before = await server.db.selectFrom('device').select('id').execute();
      const answer = await device.enroll(server.enrolmentPort, token);
      expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
      expect(await server.db.selectFrom('device').select('id').execute()).toHaveLength(before.length);
    });
  }

  it('of one use enrols one of many who try at once', async () => {
    const token = await server.token({ maxUses: 1 });
    const all = await Promise.all([1, 2, 3].map((n) => FakeDevice.make(`race-${n}`)));
    const answers = await Promise.all(all.map((each) => each.enroll(server.enrolmentPort, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    expect(await usesOf()).toBe(1);
  });

  it('is answered again when the first answer was lost, without another use', async () => {
    const token = await server.token({ maxUses: 1 });
    const first = await device.enroll(server.enrolmentPort, token);
    device.key = key(3);
    const again = await device.enroll(server.enrolmentPort, token);
    expect([again.status, again.body.deviceId]).toEqual([200, first.body.deviceId]);
    expect(await usesOf()).toBe(1);
    expect((await device.join(server.agentPort)).welcome.deviceId).toBe(first.body.deviceId);
  });

  it('is stored as a hash only', async () => {
    const { secret } = decodeToken(await server.token());
    const rows = JSON.stringify(await server.db.selectFrom('enrolment_token').selectAll().execute());
    expect(rows).not.toContain(secret);
  });

  it('for a person hands the device to them, and a custody that fails undoes nothing', async () => {
    await server.db
      .insertInto('person')
      .values(person)
      .onConflict((c) => c.doNothing())
      .execute();
    await device.enroll(server.enrolmentPort, await server.token({ maxUses: 1, personId: 'p1' }));
    expect(server.custodies.opened).toEqual([{ deviceId: device.deviceId, personId: 'p1' }]);
    server.custodies.refuse = new Error('left');
    const other = await FakeDevice.make(`unlucky-${count}`);
    const answer = await other.enroll(server.enrolmentPort, await server.token({ maxUses: 1, personId: 'p1' }));
    server.custodies.refuse = undefined;
    expect(answer.status).toBe(200);
    expect(await server.eventCodes(other.deviceId)).toContain('custody-not-opened');
  });

  it('for a person cannot be made for several devices', async () => {
    await expect(server.token({ maxUses: 2, personId: 'p1' })).rejects.toMatchObject({ code: 'bad-request' });
  });
});

const person = {
  ...{ id: 'p1', sourced_id: 's1', role: 'student', given_name: 'A', family_name: 'B', username: 'ab' },
  ...{ email: null, org_id: null, grade: null, active: 1, updated_at: 0 },
};

/** `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=x` */
const ellipticRequest = `-----BEGIN CERTIFICATE REQUEST-----
MIHHMG4CAQAwDDEKMAgGA1UEAwwBeDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BHPWkow1gvKmfW5k0jVzju8Da1wQpdrMYkVJNODsIPBNQqMWg/CJlhy4tRekUAm5
5/cvkmN1Gpwf/zx+tRyxAjegADAKBggqhkjOPQQDAgNJADBGAiEAsnVUDkO3lpbR
p+Kb4fj45f/KJGIMajugLKht8BKC4N4CIQChYU5YrdIqa2t5QCZ5maely//49Mu2
JVcsovU9U8rGOw==
-----END CERTIFICATE REQUEST-----
`;

describe('a certificate request', () => {
  const cases: [string, () => string, string][] = [
    ['with an RSA key of 1024 bits', () => key(2).csr, 'bad-csr'],
    [
      'that is garbage in PEM',
      () => '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n',
      'bad-csr',
    ],
    ['with an elliptic key', () => ellipticRequest, 'bad-csr'],
    ['that is no PEM', () => 'hello', 'bad-request'],
    [
      'larger than any',
      () => `-----BEGIN CERTIFICATE REQUEST-----\n${'A'.repeat(19_000)}\n-----END CERTIFICATE REQUEST-----\n`,
      'bad-csr',
    ],
    ['whose signature belongs to another key', () => crossed(key(0).csr, key(1).csr), 'bad-csr'],
  ];
  for (const [name, csr, code] of cases) {
    it(`${name} is refused`, async () => {
      const answer = await device.enroll(server.enrolmentPort, await server.token(), { csr: csr() });
      expect([answer.status, answer.body.error?.code]).toEqual([400, code]);
      expect(await usesOf()).toBe(0);
    });
  }

  it('larger than the body limit is refused before it is read', async () => {
    const answer = await device.enroll(server.enrolmentPort, await server.token(), { csr: 'A'.repeat(200_000) });
    expect(answer.body.error?.code).toBe('too-large');
  });

  it('names nothing: the server names the device', async () => {
    await device.enroll(server.enrolmentPort, await server.token());
    const certificate = new X509Certificate(device.certificate);
    expect(certificate.subject).toBe(`O=Test district\nCN=${device.deviceId}`);
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  it('with the key of another device is refused', async () => {
    await device.enroll(server.enrolmentPort, await server.token());
    const copy = new FakeDevice('copy-of-image', device.key);
    const answer = await copy.enroll(server.enrolmentPort, await server.token());
    expect(answer.body.error?.code).toBe('bad-csr');
  });
});

/** The first request's contents with the signature of the second. */
function crossed(first: string, second: string): string {
  const der = (pem: string) => Buffer.from(pem.replace(/-----[^-]+-----|\n/g, ''), 'base64');
  const [a, b] = [der(first), der(second)];
  const mixed = Buffer.concat([a.subarray(0, a.length - 256), b.subarray(b.length - 256)]).toString('base64');
  return `-----BEGIN CERTIFICATE REQUEST-----\n${mixed.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}

describe('hardware that is known', () => {
  async function again(
    token: string,
    name = device.name,
  ): Promise<{ status: number; body: { deviceId: string; error?: { code: string } } }> {
    const reinstalled = await FakeDevice.make(name);
    return await reinstalled.enroll(server.enrolmentPort, token);
  }

  it('keeps its device and tags when it enrols again', async () => {
    await device.enroll(server.enrolmentPort, await server.token({ tags: ['cart 1'] }));
    const answer = await again(await server.token({ tags: ['cart 2'] }));
    expect(answer.body.deviceId).toBe(device.deviceId);
    const tags = await server.db
      .selectFrom('device_tag')
      .select('tag')
      .where('device_id', '=', device.deviceId)
      .execute();
    expect(tags.map(({ tag }) => tag).sort()).toEqual(['cart 1', 'cart 2']);
    expect(await server.eventCodes(device.deviceId)).toContain('device-enrolled-again');
  });

  it('comes back when it was revoked, by a new token and a new key only', async () => {
    const token = await server.token({ maxUses: 1 });
    await device.enroll(server.enrolmentPort, token);
    await server.devices.revoke(device.deviceId, 'lost', 'command line');
    const byOldKey = await device.enroll(server.enrolmentPort, await server.token());
    expect(byOldKey.body.error?.code).toBe('bad-csr');
    expect((await device.enroll(server.enrolmentPort, token)).body.error?.code).toBe('token-used');
    expect((await again(await server.token())).body.deviceId).toBe(device.deviceId);
    const row = await server.db
      .selectFrom('device')
      .select('status')
      .where('id', '=', device.deviceId)
      .executeTakeFirst();
    expect(row?.status).toBe('active');
  });

  it('cannot be claimed while it is connected', async () => {
    await device.enroll(server.enrolmentPort, await server.token());
    const line = await device.join(server.agentPort);
    const thief = await again(await server.token());
    expect([thief.status, thief.body.error?.code]).toEqual([409, 'clone']);
    line.send('report', device.report({ kind: 'event', at: 1, code: 'still-here', detail: '' }));
    expect((await line.next('ack')).body.sequence).toBe(1);
    await line.cut();
  });

  it('of a real device is not taken over by a simulated one', async () => {
    await device.enroll(server.enrolmentPort, await server.token());
    expect((await again(await server.token({ simulated: true }))).body.error?.code).toBe('conflict');
  });
});

describe('renewal', () => {
  beforeEach(async () => {
    await device.enroll(server.enrolmentPort, await server.token());
  });

  const forged: [string, () => Promise<Record<string, unknown>>, string][] = [
    [
      'a proof by another key',
      async () => ({ signature: sign('sha256', Buffer.from('x'), key(3).key).toString('base64') }),
      'proof-invalid',
    ],
    [
      'a challenge somebody made up',
      async () => ({ challenge: Buffer.alloc(56, 7).toString('base64url') }),
      'proof-invalid',
    ],
    [
      'another device’s certificate',
      async () => {
        const other = await FakeDevice.make(`other-${count}`);
        await other.enroll(server.enrolmentPort, await server.token());
        return { certificate: other.certificate };
      },
      'proof-invalid',
    ],
    [
      'the server’s certificate',
      async () => ({ certificate: server.authority.agentsLeaf.tls.cert.split(/(?<=END CERTIFICATE-----)/)[0] }),
      'proof-invalid',
    ],
    ['the root certificate', async () => ({ certificate: server.authority.rootPem }), 'device-unknown'],
    ['a weak new key', async () => ({}), 'bad-csr'],
  ];
  for (const [name, changes, code] of forged) {
    it(`with ${name} is refused`, async () => {
      const next = code === 'bad-csr' ? key(2) : key(0);
      const answer = await device.renew(server.enrolmentPort, next, await changes());
      expect(answer.body.error?.code).toBe(code);
    });
  }

  it('with a challenge that was redeemed is refused', async () => {
    const challenge = await device.challenge(server.enrolmentPort);
    const next = await makeDeviceKey();
    const body = {
      ...{ certificate: device.certificate, csr: next.csr, challenge },
      signature: device.proof(challenge, next.csr),
    };
    const send = async () => await ask(server.enrolmentPort, '/renew', { ca: device.root, body });
    expect((await send()).status).toBe(200);
    expect((await send()).body.error?.code).toBe('proof-invalid');
  });

  it('of a revoked device is refused', async () => {
    await server.devices.revoke(device.deviceId, 'lost', 'command line');
    const answer = await device.renew(server.enrolmentPort, await makeDeviceKey());
    expect(answer.body.error?.code).toBe('device-revoked');
  });

  it('whose answer was lost leaves the old certificate good, until the new one is used', async () => {
    await device.renew(server.enrolmentPort, await makeDeviceKey());
    await (await device.join(server.agentPort)).cut();
    const next = await makeDeviceKey();
    const answer = await device.renew(server.enrolmentPort, next);
    expect(answer.status).toBe(200);
    const old = { chain: device.chain, key: device.key };
    device.use(answer.body.certificateChain, next);
    await (await device.join(server.agentPort)).cut();
    device.use(old.chain, old.key);
    await expect(device.connect(server.agentPort)).rejects.toThrow('403');
    expect((await device.renew(server.enrolmentPort, next)).body.error?.code).toBe('certificate-superseded');
  });

  it('may keep its key', async () => {
    expect((await device.renew(server.enrolmentPort, device.key)).status).toBe(200);
  });
});

describe('the enrolment port', () => {
  it('answers a flood from one address with too-many-requests and goes on', async () => {
    const small = await startAgentServer({ perMinute: 3 });
    try {
      const ca = small.authority.rootPem;
      const answers = [];
      for (let n = 0; n < 4; n++) answers.push(await ask(small.enrolmentPort, '/trust', { ca }));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
      expect(answers[3]?.body.error?.code).toBe('too-many-requests');
    } finally {
      await small.stop();
    }
  });

  it('refuses bodies with more than it asked for, in words, and has no other routes', async () => {
    const ca = server.authority.rootPem;
    const body = { secret: 'x', deviceId: 'somebody-else', hardware: { id: hardwareId('x') } };
    const answer = await ask(server.enrolmentPort, '/enroll', { ca, body });
    expect([answer.status, answer.body.error?.code]).toEqual([400, 'bad-request']);
    expect(answer.body.error?.message).toMatch(/deviceId|csr/);
    expect((await ask(server.enrolmentPort, '/agent', { ca })).status).toBe(404);
    expect((await ask(server.enrolmentPort, '/enroll', { ca, body: '{"a":' })).status).toBe(400);
  });

  it('lists a flood of refusals as few events', async () => {
    const before = (await server.eventCodes()).filter((code) => code === 'enrolment-refused').length;
    const bad = encodeToken({ ...decodeToken(await server.token()), secret: 'B'.repeat(43) });
    for (let n = 0; n < 5; n++) await device.enroll(server.enrolmentPort, bad);
    const after = (await server.eventCodes()).filter((code) => code === 'enrolment-refused').length;
    expect(after - before).toBeLessThanOrEqual(1);
  });
});
