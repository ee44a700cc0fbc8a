import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FakeClock } from '../../fakes/clock.ts';
import { content, openPolicyDistrict } from '../../fakes/policy-district.ts';

const hour = 3_600_000;
const kim = { actor: 'staff:Kim', staffId: 'kim' };

it('what falls due while the server is away is published when it is back', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-scheduled-'));
  const path = join(folder, 'store.db');
  const clock = new FakeClock();
  const before = await openPolicyDistrict(path, clock);
  await before.addDevices(['a']);
  await before.changes.start();
  const { id } = (await before.profiles.create('Filter', '', kim.actor)).profile;
  await before.profiles.saveDraft(id, content({ browser: { youtube: 'strict' } }, { kind: 'everyone' }), 1, kim.actor);
  const publishAt = new Date(clock.now() + hour).toISOString();
  const items = [{ kind: 'profile' as const, id, version: 2 }];
  const { change } = await before.changes.propose({ title: 'Later', note: '', items, publishAt }, kim);
  await before.close();

  clock.advance(2 * hour);
  const after = await openPolicyDistrict(path, clock);
  await after.desired.start();
  await after.changes.start();
  await after.changes.settled();
  await after.desired.settled();
  expect((await after.changes.read(change.id, kim)).change).toMatchObject({ state: 'published' });
  expect((await after.profiles.settingsOfDevice('a')).map(({ value }) => value)).toEqual(['strict']);
  expect([...before.errors, ...after.errors]).toEqual([]);
  await after.close();
  await rm(folder, { recursive: true });
});
