import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDiskEncryption } from '../../../agent/capabilities/diskEncryption/index.ts';
import { systemRandom } from '../../../agent/platform/clock.ts';
import type { OpenedRecoveryKey, RecoveryKeyView, RecoveryRequestView } from '../../../shared/api/schemas.ts';
import { Laptop } from '../../fakes/laptop.ts';
import { content } from '../../fakes/policy-district.ts';
import { until } from '../../fakes/programs.ts';
import { TestServer } from '../../fakes/running-server.ts';
import { signIn } from '../../fakes/staff.ts';
import { LuksHost, noCryptsetup } from './luks.ts';

const why = noCryptsetup();
const passphrase = 'five words chosen by chance';
const patienceMs = 20_000;

/** A real agent at the real server, with a real LUKS2 volume; two people read its key. */
describe.skipIf(why)(`a recovery key on its whole way${why ? ` (skipped: ${why})` : ''}`, () => {
  let server: TestServer;
  let volume: LuksHost;
  let laptop: Laptop;
  let device: string;
  let people: { ada: string; ruth: string };

  beforeAll(async () => {
    server = await TestServer.start();
    volume = new LuksHost();
    const ada = await server.setUp();
    const account = { email: 'ruth@example.org', password: 'another good password' };
    await server.operate('/api/staff', { method: 'POST', body: { name: 'Ruth', ...account } });
    people = { ada, ruth: await signIn(server, account.email, account.password) };
    expect((await post(ada, '/api/escrow/key', { passphrase })).status).toBe(200);
    const settings = { diskEncryption: { mode: 'enforce', escrow: true, rotate: true } } as const;
    const policy = { name: 'Disks', description: '', content: content(settings, { kind: 'everyone' }) };
    await server.operate('/api/profiles/apply', { method: 'POST', body: policy });
    laptop = await Laptop.enrol(server, 'lap-luks');
    device = laptop.identity.deviceId;
    await laptop.connect({
      root: volume.root,
      random: { ...systemRandom, unit: () => 0 },
      periodMs: 200,
      capabilities: ({ host, recovery, random }) => [
        createDiskEncryption(host, { random, ...(recovery && { recovery }) }),
      ],
    });
  }, 60_000);
  afterAll(async () => {
    await laptop?.dispose();
    volume?.clean();
    await server?.stop();
  });

  const post = (cookie: string, path: string, body: unknown = {}) =>
    server.call(path, { method: 'POST', body, headers: { cookie, origin: server.origin } });
  const keys = async () =>
    (await server.operate<{ items: RecoveryKeyView[] }>(`/api/devices/${device}/recovery-keys`)).items;

  /** Both people do their part. */
  async function read(keyId: string): Promise<string> {
    const asked = await post(people.ada, `/api/recovery-keys/${keyId}/requests`, { reason: 'Ticket 4711' });
    const { id } = asked.body as RecoveryRequestView;
    await post(people.ruth, `/api/recovery-requests/${id}/decision`, { outcome: 'approved', passphrase });
    return ((await post(people.ada, `/api/recovery-requests/${id}/key`)).body as OpenedRecoveryKey).key;
  }

  it('is made, handed in, read by two people, unlocks the disk, and is replaced because it was read', async () => {
    const handedIn = await until('a key is handed in', patienceMs, async () => (await keys())[0]);
    expect(handedIn).toMatchObject({ volume: 'sda3_crypt', currentEscrow: true });
    const key = await read(handedIn.id);
    expect(volume.opens(key)).toBe(true);
    const next = await until('another is handed in', patienceMs, async () =>
      (await keys()).find(({ id, supersededAt }) => id !== handedIn.id && supersededAt === null),
    );
    await until('the one that was read is removed', patienceMs, () => !volume.opens(key));
    expect(volume.opens(await read(next.id))).toBe(true);
  }, 90_000);
});
