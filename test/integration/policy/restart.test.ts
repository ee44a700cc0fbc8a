import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;
const strict = { browser: { youtube: 'strict' } } as const;
const moderate = { browser: { youtube: 'moderate' } } as const;

describe('desired states across a restart of the server', () => {
  let folder: string;
  let path: string;
  let clock: FakeClock;
  const open: PolicyDistrict[] = [];

  const start = async (file = path) => {
    const district = await openPolicyDistrict(file, clock);
    open.push(district);
    await district.desired.start();
    return district;
  };
  const stop = async (district: PolicyDistrict) => {
    open.splice(open.indexOf(district), 1);
    await district.close();
  };
  const generation = async (district: PolicyDistrict, held?: number) =>
    (await district.desired.forDevice('a', held)).generation;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-restart-'));
    path = join(folder, 'store.db');
    clock = new FakeClock();
  });
  afterEach(async () => {
    for (const district of [...open]) await stop(district);
    await rm(folder, { recursive: true });
  });

  it('stay as they are when nothing changed: nothing is signed, nothing is sent', async () => {
    const before = await start();
    await before.addDevices(['a']);
    await before.publish('p', strict, everyone);
    const { generation: held, signed } = await before.desired.forDevice('a');
    await stop(before);
    clock.advance(60_000);
    const after = await openPolicyDistrict(path, clock);
    open.push(after);
    const changed = after.hear('desired-changed');
    await after.desired.start();
    expect(await after.desired.forDevice('a', held)).toEqual({ generation: held, signed });
    expect(changed).toEqual([]);
    expect(after.signed).toEqual([]);
  });

  it('are given as they were while the first look at every device is under way', async () => {
    const before = await start();
    await before.addDevices(['a']);
    await before.publish('p', strict, everyone);
    const { generation: held, signed } = await before.desired.forDevice('a');
    await stop(before);
    const after = await openPolicyDistrict(path, clock);
    open.push(after);
    const look = Promise.withResolvers<void>();
    const read = after.stores.desired.activeIds.bind(after.stores.desired);
    after.stores.desired.activeIds = async () => {
      await look.promise;
      return await read();
    };
    await after.addDevices(['b']);
    const started = after.desired.start();
    expect(await after.desired.forDevice('a', held)).toEqual({ generation: held, signed });
    const asked = after.desired.forDevice('b');
    look.resolve();
    expect((await asked).signed.manifest).toContain('browser');
    await started;
  });

  it('go on rising, also when the clock went back meanwhile', async () => {
    const before = await start();
    await before.addDevices(['a']);
    await before.publish('p', strict, everyone);
    const held = await generation(before);
    await stop(before);
    clock.jump(-86_400_000);
    const after = await start();
    await after.publish('p', moderate, everyone);
    expect(await generation(after)).toBeGreaterThan(held);
  });

  it('are worked in at start when the server stopped between publishing and deciding', async () => {
    const before = await start();
    await before.addDevices(['a']);
    await before.desired.stop();
    const document = {
      name: 'p',
      description: '',
      content: { settings: strict, assignments: [{ to: everyone, priority: 1 }] },
    };
    await before.profiles.applyDocument(document, { actor: 'test' });
    await stop(before);
    const after = await start();
    expect((await after.desired.forDevice('a')).signed.manifest).toContain('browser');
  });

  it('are accepted by devices after yesterday’s backup was restored', async () => {
    const before = await start();
    await before.addDevices(['a']);
    await before.publish('p', strict, everyone);
    await stop(before);
    const backup = join(folder, 'backup.db');
    await copyFile(path, backup);
    clock.advance(3_600_000);
    const lost = await start();
    await lost.publish('p', moderate, everyone);
    const held = await generation(lost);
    await stop(lost);
    clock.advance(3_600_000);
    const restored = await start(backup);
    const first = await generation(restored, held);
    expect(first).toBeGreaterThan(held);
    expect(await generation(restored, first)).toBe(first);
    await restored.publish('p', moderate, everyone);
    expect(await generation(restored, first)).toBeGreaterThan(first);
  });
});
