import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Author } from '../../server/policy-service-types.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import { content, openPolicyDistrict, type PolicyDistrict } from '../fakes/policy-district.ts';

const kim: Author = { actor: 'staff:Kim', staffId: 'kim' };
const lee: Author = { actor: 'staff:Lee', staffId: 'lee' };
const rule: GroupContent = { kind: 'rule', selector: { kind: 'platform', platform: 'linux' } };
const strict = content({ browser: { youtube: 'strict' } }, { kind: 'group', group: 'Linux' });

/** Each is written during a publication; the store fails at it. */
const tables = ['policy_change', 'profile_revision', 'profile', 'policy_group_revision', 'rollout', 'rollout_device'];

describe('a publication that breaks in the middle', () => {
  let folder: string;
  let district: PolicyDistrict;
  let changeId: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-publication-'));
    district = await openPolicyDistrict(join(folder, 'store.db'));
    await district.usePublishing({});
    await district.addDevices(Array.from({ length: 30 }, (_, i) => `d${i}`));
    await district.desired.start();
    await district.changes.start();
    await district.stores.groups.insert({ id: 'g', name: 'Linux', description: '', draft: rule, createdAt: 1 });
    const { id } = (await district.profiles.create('Filter', '', kim.actor)).profile;
    await district.profiles.saveDraft(id, strict, 1, kim.actor);
    const items = [{ kind: 'profile', id, version: 2 } as const, { kind: 'group', id: 'g', version: 1 } as const];
    changeId = (await district.changes.propose({ title: 'Linux', note: '', items }, kim)).change.id;
    await district.changes.decide(changeId, { decision: 'approved', words: '' }, lee);
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
    await rm(folder, { recursive: true });
  });

  const standing = async () => ({
    profile: (await district.stores.profiles.findByName('Filter'))?.published?.number,
    group: (await district.stores.groups.find('g'))?.published?.number,
    rollouts: (await district.stores.rollouts.live()).length,
    change: (await district.changes.read(changeId, kim)).change.state,
  });

  it.each(tables)('at %s leaves everything as it was, and goes through when tried again', async (table) => {
    const verb = table === 'policy_change' || table === 'profile' ? 'update' : 'insert';
    const only = table === 'policy_change' ? sql`when new.state = 'published'` : sql``;
    await sql`create trigger broken before ${sql.raw(verb)} on ${sql.table(table)} ${only}
      begin select raise(abort, 'the disk is gone'); end`.execute(district.db);
    await expect(district.changes.publish(changeId, undefined, kim)).rejects.toThrow('the disk is gone');
    expect(await standing()).toEqual({ profile: undefined, group: undefined, rollouts: 0, change: 'open' });
    await sql`drop trigger broken`.execute(district.db);
    await district.changes.publish(changeId, undefined, kim);
    expect(await standing()).toEqual({ profile: 1, group: 1, rollouts: 1, change: 'published' });
  });
});
