import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArtifactCache } from '../../../agent/connection/artifact-cache.ts';
import { downloadFrom } from '../../../agent/connection/artifact-download.ts';
import { systemRandom } from '../../../agent/platform/clock.ts';
import { compileNames } from '../../../shared/filter/compiled.ts';
import { makeDelta } from '../../../shared/filter/delta.ts';
import { closeCodes } from '../../../shared/protocol/messages.ts';
import { AgentHome } from '../../fakes/agent-home.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';

const district = new FakeDistrict();
const credential = district.device();
let server: FakeControlServer;
let device: AgentHome;

beforeEach(async () => {
  server = new FakeControlServer(district);
  await server.start();
  device = new AgentHome();
  device.enrolAt(server, credential);
});
afterEach(async () => {
  await device.dispose();
  await server.stop();
});

describe('a session', () => {
  it('answers an unknown message with a typed error and stays', async () => {
    await device.start();
    await server.until(() => server.hellos.length === 1, 'a hello');
    server.sendRaw(JSON.stringify({ v: 1, type: 'dance', id: 's9', body: {} }));
    await server.until(() => server.heard.some(({ type }) => type === 'error'), 'an error');
    expect(server.heard.at(-1)).toMatchObject({ type: 'error', body: { code: 'unknown-type', about: 's9' } });
    expect(server.connected).toBe(1);
  });

  it('ends when the server sends what is no frame, and begins again', async () => {
    await device.start();
    await server.until(() => server.hellos.length === 1, 'a hello');
    server.sendRaw('no frame');
    await server.until(() => server.hellos.length === 2, 'a second hello');
  });

  it('comes back within the window of a planned restart, not after a back-off', async () => {
    const random = { ...systemRandom, unit: () => 0.999 };
    await device.start({ random });
    await server.until(() => device.agent?.status().connected === true, 'a connection');
    server.send('restarting', { spreadSeconds: 0 });
    server.cut(closeCodes.restarting);
    await server.until(() => server.hellos.length === 2, 'a second hello', 1_000);
  });

  it('does not count planned restarts as failures: a loss after them is retried soon', async () => {
    const random = { ...systemRandom, unit: () => 0.999 };
    await device.start({ random });
    for (let restarts = 1; restarts <= 4; restarts += 1) {
      await server.until(() => device.agent?.status().connected === true, 'a connection');
      server.send('restarting', { spreadSeconds: 0 });
      server.cut(closeCodes.restarting);
      await server.until(() => server.hellos.length === restarts + 1, 'the next hello');
    }
    server.cut();
    await server.until(() => server.hellos.length === 6, 'a session after the loss', 6_000);
  });

  it('gives up a server that is silent for more than two heartbeats', async () => {
    server.heartbeatSeconds = 1;
    await device.start();
    await server.until(() => device.agent?.status().connected === true, 'a connection');
    server.fallSilent();
    await server.until(() => device.agent?.status().connected === false, 'the connection given up', 6_000);
    expect(device.agent?.status().whyNotConnected).toBe('the server is silent');
  });

  it('stays when the server answers heartbeats and says nothing else', async () => {
    server.heartbeatSeconds = 1;
    await device.start();
    await server.until(() => device.agent?.status().connected === true, 'a connection');
    await new Promise((resolve) => setTimeout(resolve, 3_500));
    expect(server.hellos).toHaveLength(1);
  });
});

describe('an artefact', () => {
  const bytes = Buffer.alloc(300_000, 'artefact');
  const hash = createHash('sha256').update(bytes).digest('hex');
  const trust = { root: district.root, credential };
  const folder = () => join(device.folder, 'artifacts');
  const cache = () =>
    new ArtifactCache(
      folder(),
      downloadFrom(() => ({ address: server.address, trust })),
      device.log,
    );

  beforeEach(() => {
    server.artifacts.set(hash, bytes);
  });

  it('is fetched once and then read from disk', async () => {
    expect(await cache().get(hash)).toEqual(bytes);
    await server.stopAgents();
    expect(await cache().get(hash)).toEqual(bytes);
    expect(server.ranges).toEqual(['']);
  });

  it('is fetched once for all who ask at the same time', async () => {
    const shared = cache();
    await Promise.all([shared.get(hash), shared.get(hash)]);
    expect(server.ranges).toEqual(['']);
  });

  it('that was half fetched is continued', async () => {
    mkdirSync(folder());
    writeFileSync(join(folder(), `${hash}.part`), bytes.subarray(0, 100_000));
    expect(await cache().get(hash)).toEqual(bytes);
    expect(server.ranges).toEqual(['bytes=100000-']);
    expect(readdirSync(folder())).toEqual([hash]);
  });

  it.each<[string, string, Buffer]>([
    ['whose part is of something else', '.part', Buffer.alloc(1000, 'x')],
    ['whose part is longer than the whole', '.part', Buffer.alloc(400_000, 'x')],
    ['that was damaged on disk', '', Buffer.alloc(300_000, 'x')],
  ])('%s is thrown away and fetched anew at the latest with the second try', async (_name, ending, content) => {
    mkdirSync(folder());
    writeFileSync(join(folder(), hash + ending), content);
    const first = await cache().get(hash);
    expect(first ?? (await cache().get(hash))).toEqual(bytes);
  });

  it.each<[string, string]>([
    ['the server does not have', 'b'.repeat(64)],
    ['whose name is no hash', '../../etc/passwd'],
  ])('%s is not had, and nothing is thrown', async (_name, name) => {
    expect(await cache().get(name)).toBeUndefined();
  });

  it('with another hash than its name is never used', async () => {
    server.artifacts.set('c'.repeat(64), bytes);
    expect(await cache().get('c'.repeat(64))).toBeUndefined();
    expect(existsSync(join(folder(), 'c'.repeat(64)))).toBe(false);
  });

  it('that no state names any more is removed', async () => {
    await cache().get(hash);
    writeFileSync(join(folder(), 'd'.repeat(64)), 'old');
    await cache().prune(new Set([hash]));
    expect(readdirSync(folder())).toEqual([hash]);
    expect(readFileSync(join(folder(), hash))).toEqual(bytes);
  });

  describe('of which an earlier version is there', () => {
    const from = compileNames(Array.from({ length: 3_000 }, (_, i) => `name-${i}.example`));
    const to = compileNames(Array.from({ length: 3_000 }, (_, i) => `name-${i + 40}.example`));
    const [fromHash, toHash] = [from, to].map((one) => createHash('sha256').update(one).digest('hex')) as [
      string,
      string,
    ];
    const delta = Buffer.from(makeDelta(from, to));

    beforeEach(() => {
      mkdirSync(folder());
      writeFileSync(join(folder(), fromHash), from);
      server.artifacts.set(toHash, Buffer.from(to));
      server.deltas.set(`${fromHash}-${toHash}`, delta);
    });

    const sent = () => readFileSync(join(folder(), toHash));

    it('comes as a delta, and the earlier one stays until it is pruned', async () => {
      expect(await cache().get(toHash)).toEqual(to);
      expect(server.ranges).toEqual(['']);
      expect(readdirSync(folder()).toSorted()).toEqual([fromHash, toHash].toSorted());
      expect(sent().equals(to)).toBe(true);
    });

    it('comes whole where the server has no delta', async () => {
      server.deltas.clear();
      expect(await cache().get(toHash)).toEqual(Buffer.from(to));
      expect(server.ranges).toEqual(['']);
    });

    it('continues a delta that broke off', async () => {
      server.cutArtifactsAt = 100;
      expect(await cache().get(toHash)).toBeUndefined();
      server.cutArtifactsAt = undefined;
      expect(await cache().get(toHash)).toEqual(to);
      expect(server.ranges).toEqual(['', 'bytes=100-']);
    });

    it.each<[string, (bytes: Buffer) => Buffer]>([
      ['a changed byte', (bytes) => Buffer.from(bytes.map((byte, at) => (at === 60 ? byte ^ 1 : byte)))],
      ['its end missing', (bytes) => bytes.subarray(0, bytes.length - 5)],
      ['something else in it', () => Buffer.from('<html>nothing here</html>'.repeat(20))],
      ['another list as its end', () => Buffer.from(makeDelta(from, compileNames(['other.example'])))],
    ])('comes whole when the delta has %s', async (_what, change) => {
      server.deltas.set(`${fromHash}-${toHash}`, change(delta));
      expect(await cache().get(toHash)).toEqual(Buffer.from(to));
      expect(server.ranges).toEqual(['', '']);
      expect(readdirSync(folder()).toSorted()).toEqual([fromHash, toHash].toSorted());
    });

    it('comes whole when the earlier one was damaged on disk', async () => {
      writeFileSync(join(folder(), fromHash), from.subarray(0, 100));
      expect(await cache().get(toHash)).toEqual(Buffer.from(to));
      expect(readdirSync(folder())).toEqual([toHash]);
    });
  });
});
