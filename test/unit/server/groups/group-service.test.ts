import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GroupService } from '../../../../server/groups/group-service.ts';
import { publishGroup } from '../../../../server/store/groups.ts';
import { publishingDefaults } from '../../../../shared/api/schemas.ts';
import { compliancePolicyDefaults } from '../../../../shared/compliance/policy.ts';
import type { GroupContent } from '../../../../shared/policy/group.ts';
import type { Selector } from '../../../../shared/policy/selector.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const rule = (selector: Selector): GroupContent => ({ kind: 'rule', selector });
const sixth = rule({ kind: 'grade', grade: '06' });
const bytes = (text: string) => new TextEncoder().encode(text);

describe('saved groups', () => {
  let district: PolicyDistrict;
  let groups: GroupService;

  const make = async (name: string, content = sixth) =>
    (await groups.create({ name, description: '', content }, 'staff:Kim')).group.id;
  const publish = async (id: string) => {
    const { content, version } = await groups.read(id);
    const revision = { content, publishedAt: district.clock.now(), by: 'staff:Kim', note: '' };
    await district.db.transaction().execute((trx) => publishGroup(trx, id, revision, version));
  };

  beforeEach(async () => {
    district = await openPolicyDistrict();
    const { reach } = district;
    groups = new GroupService({ ...district, count: (contents) => reach.counts(contents) });
    await district.addOrg('maple', null);
    for (const id of ['ada', 'ben']) await district.addPerson({ id });
    await district.addPerson({ id: 'tess', role: 'teacher', grade: null });
    await district.addDevices(['a', 'b', 'c']);
    await district.db.updateTable('device').set({ serial: 'S-a' }).where('id', '=', 'a').execute();
    await district.db.updateTable('person').set({ email: 'Ben@Maple.example' }).where('id', '=', 'ben').execute();
    await district.give('a', 'ada');
    await district.give('b', 'ben');
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  it('reach nobody until they are published, and then are counted', async () => {
    const heard = district.hear('groups-changed');
    const id = await make(' Sixth ');
    expect((await groups.read(id)).group).toMatchObject({
      ...{ name: 'Sixth', kind: 'rule', words: 'grade 06', publishedRevision: null, hasDraft: true },
      ...{ reach: { devices: 0, people: 0, unknown: 0 }, usedBy: [] },
    });
    expect(heard).toHaveLength(1);
    expect(district.said.at(-1)).toMatchObject({ code: 'group-created', subject: { kind: 'group', id } });
    await publish(id);
    const [summary] = await groups.list();
    expect(summary).toMatchObject({ publishedRevision: 1, hasDraft: false, reach: { devices: 2, people: 2 } });
  });

  it('keep what somebody else saved meanwhile', async () => {
    const id = await make('Sixth');
    await groups.saveDraft(id, rule({ kind: 'everyone' }), 1, 'staff:Kim');
    await expect(groups.saveDraft(id, sixth, 1, 'staff:Lee')).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect((await groups.read(id)).content).toEqual(rule({ kind: 'everyone' }));
  });

  it('go back to what is published when the draft is thrown away, and not to nothing', async () => {
    const id = await make('Sixth');
    await expect(groups.discardDraft(id, 'staff:Kim')).rejects.toMatchObject({ code: 'conflict' });
    await publish(id);
    const { version } = await groups.read(id);
    await groups.saveDraft(id, rule({ kind: 'everyone' }), version, 'staff:Kim');
    expect((await groups.discardDraft(id, 'staff:Kim')).content).toEqual(sixth);
  });

  it.each<[string, GroupContent, RegExp]>([
    ['asks for itself', rule({ kind: 'group', group: 'Mine' }), /“Mine” would ask for itself/],
    ['asks for itself through another', rule({ kind: 'group', group: 'Other' }), /“Mine” would ask for itself/],
    ['asks for a group that is not there', rule({ kind: 'group', group: 'gone' }), /no group “gone”/],
    ['asks for a unit that is not there', rule({ kind: 'org', org: 'cedar' }), /no unit cedar/],
    ['asks for a class that is not there', rule({ kind: 'not', of: { kind: 'class', class: 'x' } }), /no class x/],
    ['names somebody twice', { kind: 'list', people: ['ada', 'ada'], devices: [] }, /ada is on the list twice/],
  ])('are not saved when one %s', async (_, content, words) => {
    const id = await make('Mine');
    await make('Other', rule({ kind: 'group', group: 'Mine' }));
    const saved = groups.saveDraft(id, content, 1, 'staff:Kim');
    await expect(saved).rejects.toMatchObject({ code: 'bad-group', details: [expect.stringMatching(words)] });
    expect((await groups.read(id)).content).toEqual(sixth);
  });

  it('are not deleted while anything uses them, and it is said what', async () => {
    const id = await make('Sixth');
    const asking: Selector = { kind: 'not', of: { kind: 'group', group: 'Sixth' } };
    const other = await make('Other', rule(asking));
    await publish(id);
    await publish(other);
    await district.publish('Filter', { webFilter: { safeSearch: true } }, asking);
    const checks = [{ check: 'disk-encrypted', counts: true, graceDays: null, severity: null, binds: [asking] }];
    const policy = { ...compliancePolicyDefaults, checks };
    await district.stores.compliancePolicies.save(policy, 0, { at: 1, by: 'test' });
    const users = ['the profile “Filter”', 'the group “Other”', 'the compliance policy'];
    expect((await groups.read(id)).group.usedBy).toEqual(users);
    await expect(groups.delete(id, 'staff:Kim')).rejects.toMatchObject({
      code: 'conflict',
      message: '“Sixth” is used by the profile “Filter” and 2 more. Take it out there first.',
    });
    await groups.delete(await make('Unused'), 'staff:Kim');
    expect((await groups.list()).map(({ name }) => name)).toEqual(['Other', 'Sixth']);
  });

  it('are not deleted while they are the first ring of every publication', async () => {
    const id = await make('Pilot');
    await publish(id);
    const rings = [{ kind: 'group' as const, group: 'Pilot', soakHours: 6 }, ...publishingDefaults.plan.rings];
    await district.usePublishing({ plan: { ...publishingDefaults.plan, rings } });
    await expect(groups.delete(id, 'staff:Kim')).rejects.toMatchObject({
      code: 'conflict',
      message: '“Pilot” is used by the settings for publishing. Take it out there first.',
    });
  });

  it('read a list, by whatever people and devices are called', async () => {
    const id = await make('Pilot');
    const file = 'username,email,serial,name\nADA,,,\n,ben@maple.example,,\n,,S-a,\ntess,,,laptop b\n';
    await district.db.updateTable('device').set({ serial: 'S-b' }).where('id', '=', 'b').execute();
    const { group, problems } = await groups.importList(id, bytes(file), 'staff:Kim');
    expect(problems).toEqual([]);
    expect(group.content).toEqual({ kind: 'list', people: ['ada', 'ben', 'tess'], devices: ['S-a', 'S-b'] });
    expect(group.group).toMatchObject({ kind: 'list', words: '3 people, 2 devices', hasDraft: true });
  });

  it('name the line of whoever is not found, and lose nothing', async () => {
    const id = await make('Pilot');
    const file = 'sourcedId,serial,name\nada,,\nnew,,\n,S-new,\n,,laptop z\n,,laptop c\nada,,\n';
    const { group, problems } = await groups.importList(id, bytes(file), 'staff:Kim');
    expect(group.content).toEqual({ kind: 'list', people: ['ada', 'new'], devices: ['S-new'] });
    expect(problems.map(({ severity, row, words }) => [severity, row, words])).toEqual([
      ['error', 5, '“laptop z” is no device. It was left out.'],
      ['error', 6, 'The device “laptop c” has no serial number, by which lists keep devices.'],
      ['warning', 3, '“new” is nobody in the roster. It stays on the list in case they come.'],
      ['warning', 4, '“S-new” is no device that is enrolled. It stays on the list in case it comes.'],
      ['warning', 7, 'This stands in the file twice; once is enough.'],
    ]);
  });

  it('keep their draft when a file names nobody, or cannot be read', async () => {
    const id = await make('Pilot');
    const { group, problems } = await groups.importList(id, bytes('nobody\n'), 'staff:Kim');
    expect(group.content).toEqual(sixth);
    expect(problems.map(({ row, words }) => [row, words])).toEqual([
      [1, '“nobody” is neither in the roster nor among the devices. It was left out.'],
    ]);
    await expect(groups.importList(id, bytes(''), 'staff:Kim')).rejects.toMatchObject({ code: 'bad-file' });
    expect((await groups.read(id)).content).toEqual(sixth);
  });

  it('take nobody for somebody else of the same username', async () => {
    await district.addPerson({ id: 'ada-2' });
    await district.db.updateTable('person').set({ username: 'ada' }).where('id', '=', 'ada-2').execute();
    const id = await make('Pilot');
    const { problems } = await groups.importList(id, bytes('username\nada\n'), 'staff:Kim');
    expect(problems[0]?.words).toBe('“ada” means several people. Name them by sourcedId.');
  });

  it('that are not there are not found', async () => {
    for (const asked of [groups.read('x'), groups.delete('x', 'k'), groups.importList('x', bytes('ada'), 'k')])
      await expect(asked).rejects.toMatchObject({ code: 'not-found' });
  });
});
