import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Author } from '../../../../server/policy-service-types.ts';
import type { ProfileContent } from '../../../../shared/api/schemas.ts';
import type { AssignmentInput } from '../../../../shared/policy/selector.ts';
import { content, openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;
const strict = content({ browser: { youtube: 'strict' } }, everyone);
const off = content({ browser: { youtube: 'off' } }, everyone);
const kim: Author = { actor: 'staff:Kim', staffId: 'kim' };
const lee: Author = { actor: 'staff:Lee', staffId: 'lee' };
const approve = { decision: 'approved', words: '' } as const;
const hour = 3_600_000;
const day = 24 * hour;

describe('one person with one account does not get past the second person', () => {
  let district: PolicyDistrict;

  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.usePublishing({ approvalPercent: 10, approvalLeast: 5 });
    await district.addDevices(Array.from({ length: 40 }, (_, i) => `d${i}`));
    await district.desired.start();
    await district.changes.start();
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  async function propose(name: string, wanted: ProfileContent, by: Author = kim, plan: null | 'usual' = null) {
    const found = await district.stores.profiles.findByName(name);
    const id = found?.id ?? (await district.profiles.create(name, '', by.actor)).profile.id;
    const { version } = await district.profiles.read(id);
    const saved = await district.profiles.saveDraft(id, wanted, version, by.actor);
    const items = [{ kind: 'profile' as const, id, version: saved.version }];
    return (await district.changes.propose({ title: name, note: '', items, ...(plan === null && { plan }) }, by))
      .change;
  }
  async function publish(name: string, wanted: ProfileContent, by: Author = kim): Promise<void> {
    await district.changes.publish((await propose(name, wanted, by)).id, undefined, by);
    await district.desired.settled();
  }
  /** By two, as it should be. */
  async function agree(name: string, wanted: ProfileContent): Promise<void> {
    const { id } = await propose(name, wanted);
    await district.changes.decide(id, approve, lee);
    await district.changes.publish(id, undefined, kim);
    await district.desired.settled();
  }
  const tagged = (tag: string) => content({ browser: { youtube: 'off' } }, { kind: 'tag', tag });
  async function tag(which: readonly number[], name: string): Promise<void> {
    for (const n of which)
      await district.db
        .insertInto('device_tag')
        .values({ device_id: `d${n}`, tag: name })
        .execute();
    district.bus.publish('device-changed', { deviceIds: which.map((n) => `d${n}`) });
  }
  const needs = async (id: string) => (await district.changes.refresh(id, kim)).change.needs;

  it('by what is wrong in the change when it is published', async () => {
    await district.addOrg('maple', null);
    await district.addPerson({ id: 'ada' });
    const { id } = await propose(
      'Filter',
      content({ browser: { youtube: 'off' } }, everyone, { kind: 'person', person: 'ada' }),
    );
    await district.db.deleteFrom('person').where('id', '=', 'ada').execute();
    district.bus.publish('roster-changed', {});
    await expect(district.changes.publish(id, undefined, kim)).rejects.toMatchObject({ code: 'bad-profile' });
    expect((await district.changes.read(id, lee)).change).toMatchObject({ devices: 40, needs: ['second-person'] });
    expect((await district.stores.profiles.findByName('Filter'))?.published).toBeNull();
  });

  it('by a token of theirs', async () => {
    const token: Author = { actor: 'token:ci', makerId: 'kim' };
    const { id, mayApprove } = await propose('Filter', strict, token);
    expect(mayApprove).toBe(false);
    await expect(district.changes.decide(id, approve, token)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(district.changes.decide(id, approve, kim)).rejects.toMatchObject({ code: 'forbidden' });
    await district.changes.decide(id, approve, lee);
    await district.changes.withdraw(id, token);
    const own = await propose('Filter', strict, kim);
    await expect(district.changes.withdraw(own.id, token)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('by many small changes: those of a day count together, whoever’s token made them', async () => {
    await tag([0, 1, 2], 'a');
    await tag([3, 4], 'b');
    await tag([5], 'c');
    await publish('A', tagged('a'));
    const second = await propose('B', tagged('b'), { actor: 'token:ci', makerId: 'kim' });
    expect(second.needs).toEqual(['second-person']);
    expect((await district.changes.read(second.id, lee)).requirements[0]?.why).toBe(
      'It touches 2 devices; with what the same person published alone within a day that is 5 devices, 12.5 % of all; above 10 % a second person approves.',
    );
    await expect(district.changes.publish(second.id, undefined, kim)).rejects.toMatchObject({
      code: 'approval-needed',
    });
    expect((await propose('C', tagged('c'), lee)).needs).toEqual([]);
    district.clock.advance(day);
    await district.changes.publish(second.id, undefined, kim);
  });

  it('but edits the same for the same few devices as often as need be', async () => {
    await tag([0, 1, 2], 'a');
    for (const day of ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']) {
      const { settings, assignments } = tagged('a');
      const browser = { ...settings.browser, homePage: `https://${day}.example/` };
      await publish('A', { assignments, settings: { ...settings, browser } });
    }
  });

  it('by what two have approved: it does not count for either', async () => {
    await agree('A', strict);
    await tag([5], 'c');
    await publish('C', content({ browser: { youtube: 'moderate' } }, { kind: 'tag', tag: 'c' }));
  });

  it('by an exception that hides the change until it ends', async () => {
    await agree('Base', strict);
    const until = new Date(district.clock.now() + hour).toISOString();
    const exam: AssignmentInput = { to: everyone, priority: 100, override: { reason: 'exam', until } };
    await publish('Mask', content({ browser: { youtube: 'strict' } }, exam));
    const { id, devices } = await propose('Base', off);
    expect(devices).toBe(40);
    expect(await needs(id)).toEqual(['second-person']);
  });

  it('by a later exception that hides behind an earlier one', async () => {
    await agree('Base', strict);
    const until = (ms: number) => new Date(district.clock.now() + ms).toISOString();
    const exam = (ms: number, priority: number): AssignmentInput => {
      return { to: everyone, priority, override: { reason: 'exam', until: until(ms) } };
    };
    await publish('Mask', content({ browser: { youtube: 'strict' } }, exam(hour, 900)));
    expect((await propose('Late', content({ browser: { youtube: 'off' } }, exam(30 * day, 1)))).devices).toBe(40);
  });

  it('by a rollout that hides the change until it is rolled back', async () => {
    await agree('Base', content({ browser: { youtube: 'strict' } }, { kind: 'platform', platform: 'linux' }));
    await tag([0], 'a');
    const mask = { to: { kind: 'platform' as const, platform: 'linux' as const }, priority: 1000 };
    const masking = content({ browser: { youtube: 'strict' }, screenLock: { idleMinutes: 9 } }, mask);
    const { id } = await propose('Mask', masking, kim, 'usual');
    await district.changes.decide(id, approve, lee);
    const { change } = await district.changes.publish(id, undefined, kim);
    const [rollout] = await district.stores.rollouts.live();
    expect(rollout?.id).toBe(change.rolloutId);
    await district.db.updateTable('rollout').set({ state: 'running', ring: 5 }).execute();
    district.bus.publish('policy-changed', {});
    await district.desired.settled();
    const base = content({ browser: { youtube: 'off' } }, { kind: 'platform', platform: 'linux' });
    expect((await propose('Base', base)).devices).toBe(40);
  });

  it('by editing the group an approved change speaks of', async () => {
    const list = (...devices: string[]) => ({ kind: 'list' as const, people: [], devices });
    await district.db
      .updateTable('device')
      .set((row) => ({ serial: row.ref('id') }))
      .execute();
    const all = Array.from({ length: 40 }, (_, i) => `d${i}`);
    district.bus.publish('device-changed', { deviceIds: all });
    await district.stores.groups.insert({
      id: 'g',
      name: 'Exam',
      description: '',
      draft: list(...all.slice(0, 8)),
      createdAt: 1,
    });
    const group = async () => {
      const version = (await district.stores.groups.find('g'))?.version ?? 0;
      const items = [{ kind: 'group' as const, id: 'g', version }];
      const { change } = await district.changes.propose({ title: 'Exam', note: '', items }, kim);
      await district.changes.publish(change.id, undefined, kim);
    };
    await group();
    const { id } = await propose('Filter', content({ browser: { youtube: 'off' } }, { kind: 'group', group: 'Exam' }));
    await district.changes.decide(id, approve, lee);
    const { version } = (await district.stores.groups.find('g')) ?? { version: 0 };
    await district.stores.groups.saveDraft('g', list(...all.slice(20, 28)), version);
    await group();
    await expect(district.changes.publish(id, undefined, kim)).rejects.toMatchObject({ code: 'approval-needed' });
  });

  it('by other rings for the district after the approval', async () => {
    const { id } = await propose('Filter', strict, kim, 'usual');
    await district.changes.decide(id, approve, lee);
    await district.usePublishing({ approvalPercent: 10, approvalLeast: 5, fewDevices: 10_000 });
    await expect(district.changes.publish(id, undefined, kim)).rejects.toMatchObject({ code: 'approval-needed' });
  });
});
