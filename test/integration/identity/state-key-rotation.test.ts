import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StateKeys } from '../../../server/pki/state-signer.ts';
import { Laptop, publishPage } from '../../fakes/laptop.ts';
import { until } from '../../fakes/programs.ts';
import { repository, run, TestServer } from '../../fakes/running-server.ts';

const cli = join(repository, 'server/cli.ts');
let server: TestServer;
let laptops: Laptop[];

beforeEach(async () => {
  server = await TestServer.start();
  laptops = [];
  await publishPage(server, 'one');
});
afterEach(async () => {
  for (const laptop of laptops) await laptop.dispose();
  await server.stop();
});

async function enrolled(name: string): Promise<Laptop> {
  const laptop = await Laptop.enrol(server, name);
  laptops.push(laptop);
  return laptop;
}

async function restart(meanwhile: () => void | Promise<void>): Promise<void> {
  await server.stop({ keepHome: true });
  await meanwhile();
  server = await TestServer.start({ home: server.home });
}

const rotate = () => server.operate<{ version: number; keyId: string }>('/api/state-key/rotate', { method: 'POST' });

describe('rollcall rotate state-key', () => {
  it('leads connected and sleeping devices to the new key; new devices pin it alone', async () => {
    const [awake, asleep] = [await enrolled('awake'), await enrolled('asleep')];
    for (const laptop of [awake, asleep]) {
      await laptop.connect();
      await laptop.obeys('one', laptop.trusted.keys[0] ?? '');
    }
    await asleep.stop();
    const ended = await run([cli, 'rotate', 'state-key', '--json', '--home', server.home]);
    const second = JSON.parse(ended.stdout) as { version: number; keyId: string };
    expect([ended.code, second.version]).toEqual([0, 2]);
    await awake.obeys('one', second.keyId);
    expect(awake.trusted).toEqual({ version: 2, keys: [second.keyId] });
    const third = await rotate();
    await publishPage(server, 'two');
    await awake.obeys('two', third.keyId);
    await asleep.connect();
    await asleep.obeys('two', third.keyId);
    expect(asleep.trusted).toEqual({ version: 3, keys: [third.keyId] });
    expect((await enrolled('new')).trusted).toEqual({ version: 3, keys: [third.keyId] });
    const { items } = await server.operate<{ items: { code: string; words: string }[] }>('/api/events');
    const told = items.filter(({ code }) => code === 'state-key-rotated');
    expect(told.map(({ words }) => /version \d/.exec(words)?.[0])).toEqual(['version 3', 'version 2']);
    expect(items.map(({ code }) => code)).not.toContain('desired-refused');
  });

  it('is finished by the next start when the server died before anything was signed anew', async () => {
    const laptop = await enrolled('waiting');
    await laptop.connect();
    await laptop.obeys('one', laptop.trusted.keys[0] ?? '');
    let keyId = '';
    await restart(async () => {
      const keys = await StateKeys.open(server.home);
      await keys.rotate(laptop.identity.trust.district);
      keyId = keys.keyId;
    });
    await laptop.obeys('one', keyId);
    expect(laptop.trusted).toEqual({ version: 2, keys: [keyId] });
  });

  it('is not undone by a server restored from before it: devices refuse the old key, and say so', async () => {
    const laptop = await enrolled('moved on');
    const [pki, backup] = [join(server.home, 'pki'), join(laptop.folder, 'pki')];
    await restart(() => cpSync(pki, backup, { recursive: true }));
    const { keyId } = await rotate();
    await laptop.connect();
    await laptop.obeys('one', keyId);
    await restart(() => cpSync(backup, pki, { recursive: true }));
    await publishPage(server, 'two');
    await until('the finding', 10_000, async () => {
      const { items } = await server.operate<{ items: { id: string }[] }>('/api/devices');
      return JSON.stringify(await server.operate(`/api/devices/${items[0]?.id}`)).includes('unknown-key');
    });
    expect(laptop.held).toMatchObject({ keyId, page: expect.stringContaining('one') });
  });

  it('says how it is used', async () => {
    const ended = await run([cli, 'rotate', 'root', '--home', server.home]);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('rollcall rotate state-key') });
  });
});
