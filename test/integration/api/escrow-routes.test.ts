import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealFor } from '../../../agent/platform/seal.ts';
import type {
  EscrowView,
  EventView,
  OpenedRecoveryKey,
  RecoveryKeyView,
  RecoveryRequestView,
} from '../../../shared/api/schemas.ts';
import type { DiskEncryptionSection } from '../../../shared/profile/disk-encryption.ts';
import { FakeDevice } from '../../fakes/device.ts';
import { type Answer, TestServer } from '../../fakes/running-server.ts';
import { signIn } from '../../fakes/staff.ts';

const passphrase = 'five words chosen by chance';
const clear = 'cbdefghi-jklnrtuv-recognisable';
const reason = 'Ticket 4711';

let server: TestServer;
let laptop: FakeDevice;
let line: Awaited<ReturnType<FakeDevice['join']>>;
let device: string;
/** Sessions: two people, and the first once more. */
let ada: string;
let adaElsewhere: string;
let ruth: string;

interface Items<T> {
  items: T[];
}

beforeAll(async () => {
  server = await TestServer.start();
  ada = await server.setUp();
  await server.operate('/api/staff', {
    method: 'POST',
    body: { name: 'Ruth Ferreira', email: 'ruth@example.org', password: 'another good password' },
  });
  ruth = await signIn(server, 'ruth@example.org', 'another good password');
  adaElsewhere = await signIn(server, 'ada@example.org', 'correct horse battery');
  const { token } = await server.operate<{ token: string }>('/api/tokens', {
    method: 'POST',
    body: { maxUses: 1, expiresInSeconds: 600 },
  });
  laptop = await FakeDevice.make('laptop');
  expect((await laptop.enroll(server.server.ports.enrolment, token)).status).toBe(200);
  line = await laptop.join(server.server.ports.agents);
  device = (await server.operate<Items<{ id: string }>>('/api/devices')).items[0]?.id ?? '';
}, 30_000);
afterAll(async () => {
  await line?.cut();
  await server?.stop();
});

const post = (cookie: string, path: string, body: unknown = {}) =>
  server.call(path, { method: 'POST', body, headers: { cookie, origin: server.origin } });
const asOperator = (path: string, body: unknown = {}) =>
  server.call(path, { method: 'POST', body, headers: { authorization: `Bearer ${server.operatorKey}` } });
const codeOf = ({ status, body }: Answer) => [status, (body as { error?: { code: string } }).error?.code];
const keys = async () => (await server.operate<Items<RecoveryKeyView>>(`/api/devices/${device}/recovery-keys`)).items;

/** As an agent does it. */
async function handIn(escrow: { id: string; publicKey: string }, protector: string, key = clear): Promise<void> {
  const about = { volume: 'root', protector, escrowKeyId: escrow.id };
  const sealed = sealFor(escrow.publicKey, Buffer.from(key), { deviceId: device, ...about });
  line.send('report', laptop.report({ kind: 'recovery-key', at: Date.now(), ...about, sealed }));
  await line.next('ack');
}

/** What the device should hold of disk encryption, as soon as that is as expected; states before it are passed over. */
async function section(isExpected: (section: DiskEncryptionSection) => boolean): Promise<DiskEncryptionSection> {
  for (;;) {
    const { body } = await line.next('desired');
    const { sections } = JSON.parse(body.manifest) as { sections: Record<string, string> };
    if (sections.diskEncryption === undefined) continue;
    line.send('want', { hashes: [sections.diskEncryption] });
    const content = JSON.parse((await line.next('section')).body.content) as DiskEncryptionSection;
    if (isExpected(content)) return content;
  }
}

describe('recovery keys over the routes', () => {
  let escrowKey: NonNullable<DiskEncryptionSection['escrowKey']>;

  it('need an escrow key, which a person sets up: not the command line, not with a weak passphrase', async () => {
    expect(codeOf(await asOperator('/api/escrow/key', { passphrase }))).toEqual([403, 'forbidden']);
    expect(codeOf(await post(ada, '/api/escrow/key', { passphrase: 'too short' }))).toEqual([422, 'weak-passphrase']);
    expect(codeOf(await post(ada, '/api/escrow/key', { passphrase: 7 }))).toEqual([400, 'bad-request']);
    const made = await post(ada, '/api/escrow/key', { passphrase });
    expect([made.status, made.body]).toMatchObject([
      200,
      { resealed: 0, escrow: { staff: 2, key: { by: 'Ada Admin' } } },
    ]);
  });

  it('are sealed by devices for the key their section names', async () => {
    const settings = { diskEncryption: { mode: 'enforce', escrow: true, rotate: true } };
    const assignments = [{ to: { kind: 'everyone' }, priority: 50 }];
    const applied = await server.operate<unknown>('/api/profiles/apply', {
      method: 'POST',
      body: { name: 'Disks', description: '', content: { settings, assignments } },
    });
    expect(applied).toBeDefined();
    const wanted = await section((found) => found.escrowKey !== undefined);
    expect(wanted).toMatchObject({ mode: 'enforce', escrow: true, escrowKey: { publicKey: expect.any(String) } });
    if (!wanted.escrowKey) throw new Error('the section names no escrow key');
    escrowKey = wanted.escrowKey;
    await handIn(escrowKey, 'slot-1-aa');
    expect(await keys()).toMatchObject([{ volume: 'root', protector: 'slot-1-aa', supersededAt: null, shownAt: null }]);
  });

  it('are asked for by a person, with a reason', async () => {
    const path = `/api/recovery-keys/${(await keys())[0]?.id}/requests`;
    expect(codeOf(await asOperator(path, { reason }))).toEqual([403, 'forbidden']);
    expect(codeOf(await post(ada, path, { reason: 'ab' }))).toEqual([400, 'bad-request']);
    expect(codeOf(await post(ada, '/api/recovery-keys/none/requests', { reason }))).toEqual([404, 'not-found']);
    expect(codeOf(await post('', path, { reason }))).toEqual([401, 'not-signed-in']);
    expect((await post(ada, path, { reason })).body).toMatchObject({
      state: 'waiting',
      mine: true,
      askedBy: 'Ada Admin',
    });
    expect(codeOf(await post(adaElsewhere, path, { reason }))).toEqual([409, 'conflict']);
  });

  it('are approved by another person alone, and shown once to the person who asked', async () => {
    const [{ id } = { id: '' }] = (
      await server.operate<Items<RecoveryRequestView>>('/api/recovery-requests?state=waiting')
    ).items;
    const [decision, key] = [`/api/recovery-requests/${id}/decision`, `/api/recovery-requests/${id}/key`];
    const approve = { outcome: 'approved', passphrase };
    for (const own of [ada, adaElsewhere])
      expect(codeOf(await post(own, decision, approve))).toEqual([403, 'forbidden']);
    expect(codeOf(await asOperator(decision, approve))).toEqual([403, 'forbidden']);
    expect(codeOf(await post(ruth, decision, { outcome: 'approved' }))).toEqual([400, 'bad-request']);
    expect(codeOf(await post(ruth, decision, { ...approve, passphrase: 'wrong' }))).toEqual([403, 'wrong-passphrase']);
    expect(codeOf(await post(ada, key))).toEqual([409, 'conflict']);
    expect((await post(ruth, decision, approve)).body).toMatchObject({ state: 'approved', decidedBy: 'Ruth Ferreira' });
    expect(codeOf(await post(ruth, key))).toEqual([403, 'forbidden']);
    expect(codeOf(await asOperator(key))).toEqual([403, 'forbidden']);
    expect((await post(adaElsewhere, key)).body satisfies unknown as OpenedRecoveryKey).toEqual({
      ...{ volume: 'root', protector: 'slot-1-aa', key: clear },
    });
    expect(codeOf(await post(ada, key))).toEqual([409, 'conflict']);
  });

  it('are told to be replaced once they were seen, until the device has done so', async () => {
    expect((await section(({ shown }) => shown !== undefined)).shown).toEqual(['slot-1-aa']);
    await handIn(escrowKey, 'slot-2-bb');
    expect((await section(({ shown }) => shown === undefined)).escrowKey).toEqual(escrowKey);
    const { items } = await server.operate<Items<RecoveryKeyView>>(`/api/devices/${device}/recovery-keys`);
    expect(items.map(({ protector, supersededAt }) => [protector, supersededAt !== null])).toEqual([
      ['slot-2-bb', false],
      ['slot-1-aa', true],
    ]);
  });

  it('leave every step in the events, and no secret there, in the database or in a log', async () => {
    const { items } = await server.operate<Items<EventView>>('/api/events?limit=100');
    const said = items.filter(({ code }) => /^(recovery|escrow)/.test(code)).map(({ actor, code }) => [actor, code]);
    expect(said.toReversed()).toEqual([
      ['staff:Ada Admin', 'escrow-key-made'],
      ['staff:Ada Admin', 'recovery-asked'],
      ['staff:Ruth Ferreira', 'recovery-passphrase-wrong'],
      ['staff:Ruth Ferreira', 'recovery-approved'],
      ['staff:Ada Admin', 'recovery-shown'],
    ]);
    const files = readdirSync(server.home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files) {
      const text = readFileSync(join(file.parentPath, file.name)).toString('latin1');
      for (const secret of [clear, passphrase])
        expect(text.includes(secret), `${file.name} holds a secret`).toBe(false);
    }
  });

  it('are sealed anew for another escrow key, which the device is told', async () => {
    const replaced = await post(ruth, '/api/escrow/key', {
      passphrase: 'other words that chance has chosen',
      earlierPassphrase: passphrase,
    });
    expect((replaced.body as { resealed: number }).resealed).toBe(2);
    const wanted = await section((found) => found.escrowKey?.id !== escrowKey.id);
    const escrow = await server.operate<EscrowView>('/api/escrow');
    expect([escrow.key?.id, escrow.retired.map(({ id }) => id)]).toEqual([wanted.escrowKey?.id, [escrowKey.id]]);
  });
});

describe('accounts of staff', () => {
  const wanted = { name: 'Second Self', email: 'self@example.org', password: 'a password of my own' };

  it('are not added at the console: one person would be two', async () => {
    expect(codeOf(await post(ada, '/api/staff', wanted))).toEqual([403, 'forbidden']);
    expect(codeOf(await post('', '/api/staff', wanted))).toEqual([401, 'not-signed-in']);
  });

  it('have an address of their own and a long enough password', async () => {
    expect(codeOf(await asOperator('/api/staff', { ...wanted, email: 'ADA@example.org' }))).toEqual([409, 'conflict']);
    expect(codeOf(await asOperator('/api/staff', { ...wanted, password: 'short' }))).toEqual([400, 'bad-request']);
    expect(codeOf(await asOperator('/api/staff', { ...wanted, name: '\u200b' }))).toEqual([400, 'bad-request']);
  });
});
