import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterSettingsDefaults } from '../../../../shared/api/schemas.ts';
import type { Selector } from '../../../../shared/policy/selector.ts';
import type { FilterSchedule } from '../../../../shared/profile/web-filter.ts';
import { someCalendar } from '../../../fakes/filter-district.ts';
import { content, openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const selectors: Selector[] = [
  { kind: 'everyone' },
  { kind: 'role', role: 'student' },
  { kind: 'grade', grade: '06' },
  { kind: 'org', org: 'maple' },
  { kind: 'org', org: 'district' },
  { kind: 'person', person: 'ada' },
  { kind: 'tag', tag: 'lab' },
];
const settings = [
  {},
  { webFilter: {} },
  { browser: { youtube: 'off' as const } },
  { browser: { youtube: 'strict' as const } },
  { browser: { youtube: 'strict' as const }, webFilter: { blockedDomains: ['a.example'] } },
];

/** Seven devices of every kind: held, unheld, tagged, of a teacher, of a student without a grade. */
async function openSchool(): Promise<PolicyDistrict> {
  const district = await openPolicyDistrict();
  await district.addOrg('district', null);
  await district.addOrg('maple', 'district');
  await district.addDevices(['1', '2', '3', '4', '5', '6', '7']);
  await district.addPerson({ id: 'ada' });
  await district.addPerson({ id: 'bob', grade: '07', org: 'district' });
  await district.addPerson({ id: 'cy', grade: null });
  await district.addPerson({ id: 'tess', role: 'teacher', grade: null });
  await district.addPerson({ id: 'nobody-knows', role: '?', grade: null, org: null });
  const held = ['ada', 'bob', 'cy', 'tess', 'nobody-knows'];
  for (const [i, person] of held.entries()) await district.give(String(i + 1), person);
  await district.db
    .insertInto('device_tag')
    .values([{ device_id: '6', tag: 'lab' }])
    .execute();
  await district.desired.start();
  return district;
}

const contents = fc
  .tuple(fc.constantFrom(...settings), fc.subarray(selectors))
  .map(([chosen, to]) => content(chosen, ...to));

/** Neither that a capability is managed at all, nor which profile gives the entries of a list. */
const isSetting = ({ setting }: { setting: string }) => setting !== 'managed' && !setting.endsWith(' origins');

describe('a profile that stays where its new selector cannot be answered', () => {
  it('brings no other profile with the same selector along', async () => {
    const district = await openSchool();
    const maple: Selector = { kind: 'org', org: 'maple' };
    await district.publish('other', { browser: { youtube: 'strict' } }, maple);
    await district.publish('tried', { screenLock: { idleMinutes: 5 } }, { kind: 'tag', tag: 'lab' });
    await district.publish('tried', { screenLock: { idleMinutes: 5 } }, maple);
    for (const _ of ['then', 'and later']) {
      district.bus.publish('roster-changed', {});
      await district.desired.settled();
      const set = (await district.profiles.settingsOfDevice('6')).map(({ capability }) => capability);
      expect(new Set(set)).toEqual(new Set(['screenLock']));
    }
    await district.close();
  });
});

describe('a preview', () => {
  it('names exactly the devices that publishing then changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(contents, { minLength: 1, maxLength: 4 }), contents, async (steps, other) => {
        const district = await openSchool();
        await district.profiles.applyDocument({ name: 'other', description: '', content: other }, { actor: 'test' });
        const { id } = (await district.profiles.create('tried', '', 'test')).profile;
        await district.desired.settled();
        for (const step of steps) {
          const preview = await district.profiles.preview(id, step);
          const changed = district.hear('desired-changed');
          await district.profiles.applyDocument({ name: 'tried', description: '', content: step }, { actor: 'test' });
          await district.desired.settled();
          const really = changed.flatMap(({ deviceIds }) => deviceIds).toSorted();
          expect(preview.sample.map(({ deviceId }) => deviceId).toSorted()).toEqual(really);
          expect(preview.devices).toBe(really.length);
          for (const { deviceId, changes } of preview.sample) {
            const now = await district.profiles.settingsOfDevice(deviceId);
            for (const { capability, setting, after } of changes.filter(isSetting)) {
              const found = now.find((view) => view.capability === capability && view.setting === setting);
              expect(found?.value ?? null).toEqual(after);
            }
          }
        }
        await district.close();
      }),
      { numRuns: 25 },
    );
  });

  it('shows before and after, counts people, and lists what is not known', async () => {
    const district = await openSchool();
    await district.publish('base', { browser: { youtube: 'moderate' } }, { kind: 'everyone' });
    await district.publish('of others', {}, { kind: 'org', org: 'maple' });
    const { id } = (await district.profiles.create('tried', '', 'test')).profile;
    const draft = content({ browser: { youtube: 'strict' } }, { kind: 'grade', grade: '06' });
    const preview = await district.profiles.preview(id, draft);
    expect(preview).toMatchObject({
      devices: 1,
      people: 1,
      problems: [],
      sample: [
        {
          deviceName: 'laptop 1',
          person: 'ada Example',
          changes: [
            {
              capability: 'browser',
              setting: 'youtube',
              title: 'YouTube restriction',
              before: 'moderate',
              after: 'strict',
            },
          ],
        },
      ],
    });
    expect(preview.unknown.map(({ deviceId }) => deviceId)).toEqual(['3', '5', '6', '7']);
    expect(preview.unknown[1]?.words).not.toContain('School maple');
    expect(preview.unknown[0]?.words).toBe('The grade of its custodian is not known; “grade 06” does not reach it.');
    await district.close();
  });

  it('says when nothing changes but the profile that gives the entries of a list', async () => {
    const district = await openSchool();
    const blocked = { webFilter: { blockedDomains: ['a.example'] } };
    await district.publish('base', blocked, { to: { kind: 'everyone' }, priority: 1 });
    const { id } = (await district.profiles.create('tried', '', 'test')).profile;
    const { sample, devices } = await district.profiles.preview(id, content(blocked, { kind: 'tag', tag: 'lab' }));
    expect(devices).toBe(1);
    expect(sample[0]?.changes).toEqual([
      {
        capability: 'webFilter',
        setting: 'blockedDomains origins',
        title: 'Blocked domains: the profile that gives them',
        before: ['base (1)'],
        after: ['tried (1)'],
      },
    ]);
    await district.close();
  });

  it('leaves out what a state preset keeps from devices of students', async () => {
    const district = await openSchool();
    await district.stores.documents.save('filter-settings', { ...filterSettingsDefaults, preset: 'minnesota' }, 0, 1);
    await district.publish('base', { webFilter: { recording: 'blocked' } }, { kind: 'everyone' });
    const { id } = (await district.profiles.create('tried', '', 'test')).profile;
    const draft = content({ webFilter: { recording: 'counts' } }, { kind: 'everyone' });
    const { sample } = await district.profiles.preview(id, draft);
    expect(sample.map(({ person }) => person)).toEqual(['tess Example']);
    await district.close();
  });

  it('warns of schedules that no calendar can bring into force', async () => {
    const district = await openSchool();
    const { id } = (await district.profiles.create('tried', '', 'test')).profile;
    const schedules: FilterSchedule[] = [
      {
        ...{ title: 'Lunch', action: 'allow', categories: [], domains: ['a.example'], place: 'anywhere' },
        when: { kind: 'periods', periods: ['Lunch', 'Lunhc'] },
      },
    ];
    const draft = content({ webFilter: { schedules } }, { kind: 'everyone' });
    const problems = async () => (await district.profiles.preview(id, draft)).problems;
    expect(await problems()).toEqual([
      'The schedule “Lunch” goes by the school calendar, and there is none. Write the calendar first.',
    ]);
    await district.stores.calendars.save(null, someCalendar(), 1);
    expect(await problems()).toEqual(['The schedule “Lunch” names the period "Lunhc", which no bell schedule has.']);
    const [bells] = someCalendar().bells;
    const misspelt = { name: 'Other', periods: [{ name: 'Lunhc', from: '11:00', to: '12:00' }] };
    await district.stores.calendars.save('maple', someCalendar({ bells: bells ? [bells, misspelt] : [] }), 1);
    expect(await problems()).toEqual([]);
    await district.close();
  });

  it('warns when all profiles together fill a list', async () => {
    const district = await openSchool();
    const urls = (prefix: string) => Array.from({ length: 600 }, (_, i) => `${prefix}${i}.example`);
    await district.publish('base', { browser: { blockedUrls: urls('a') } }, { kind: 'everyone' });
    const { id } = (await district.profiles.create('tried', '', 'test')).profile;
    const { problems } = await district.profiles.preview(
      id,
      content({ browser: { blockedUrls: urls('b') } }, { kind: 'everyone' }),
    );
    expect(problems).toEqual([
      'Blocked addresses: all profiles together have more than 1000 entries; the last 200 are left out (7 devices).',
    ]);
    await district.close();
  });

  it('of 3,000 devices gives every count and a sample of fifty', async () => {
    const district = await openPolicyDistrict();
    await district.addDevices(Array.from({ length: 3000 }, (_, i) => String(i).padStart(4, '0')));
    await district.desired.start();
    const { id } = (await district.profiles.create('tried', '', 'test')).profile;
    const preview = await district.profiles.preview(id, content({ browser: {} }, { kind: 'everyone' }));
    expect([preview.devices, preview.people, preview.sample.length]).toEqual([3000, 0, 50]);
    await district.close();
  });
});
