import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DistrictPublishing } from '../../../../server/changes/publishing.ts';
import type { Author } from '../../../../server/policy-service-types.ts';
import { type PublishingSettings, publishingDefaults } from '../../../../shared/api/schemas.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const day = 86_400_000;
const kim: Author = { actor: 'staff:Kim', staffId: 'kim' };
const lee: Author = { actor: 'staff:Lee', staffId: 'lee' };
const weaker: PublishingSettings = { ...publishingDefaults, approvalPercent: 100 };
const stricter: PublishingSettings = { ...publishingDefaults, approvalPercent: 5 };

describe('how a district publishes', () => {
  let district: PolicyDistrict;
  let publishing: DistrictPublishing;
  const version = async () => (await publishing.read()).version;
  const save = async (settings: PublishingSettings, by: Author) => await publishing.save(settings, await version(), by);
  const codes = () => district.said.map(({ code }) => code);

  beforeEach(async () => {
    district = await openPolicyDistrict();
    await district.usePublishing({});
    publishing = new DistrictPublishing(district);
  });
  afterEach(async () => {
    expect(district.errors).toEqual([]);
    await district.close();
  });

  it('becomes stricter at once', async () => {
    await save(stricter, kim);
    expect(await publishing.read()).toMatchObject({ settings: stricter, proposed: null });
    expect(codes()).toEqual(['publishing-saved']);
  });

  it('becomes weaker when two people save the same, and the record says what is weaker', async () => {
    await expect(save(weaker, kim)).rejects.toMatchObject({
      code: 'approval-needed',
      details: ['A second person approves above 100 % instead of 10 %.'],
    });
    expect((await publishing.read()).settings).toEqual(publishingDefaults);
    expect((await publishing.read()).proposed).toMatchObject({ by: 'staff:Kim', settings: weaker });
    await expect(save(weaker, { ...kim, actor: 'staff:Kim by another name' })).rejects.toMatchObject({
      code: 'approval-needed',
    });
    await save(weaker, lee);
    expect(await publishing.read()).toMatchObject({ settings: weaker, proposed: null });
    expect(codes()).toEqual(['publishing-weakening-proposed', 'publishing-weakened']);
  });

  it('waits for the same, not for something else', async () => {
    await expect(save(weaker, kim)).rejects.toMatchObject({ code: 'approval-needed' });
    const other = { ...weaker, approvalPercent: 90 };
    await expect(save(other, lee)).rejects.toMatchObject({ code: 'approval-needed' });
    expect((await publishing.read()).proposed).toMatchObject({ by: 'staff:Lee', settings: other });
  });

  it('forgets what nobody agreed to within a week', async () => {
    await expect(save(weaker, kim)).rejects.toMatchObject({ code: 'approval-needed' });
    district.clock.advance(7 * day);
    expect((await publishing.read()).proposed).toBeNull();
    await expect(save(weaker, lee)).rejects.toMatchObject({ code: 'approval-needed' });
  });

  it('becomes weaker at once by the operator of the server, and never by a token', async () => {
    await expect(save(weaker, { actor: 'token:ci' })).rejects.toMatchObject({ code: 'forbidden' });
    await save(weaker, { actor: 'command line' });
    expect(codes()).toEqual(['publishing-weakened']);
  });

  const ring = { kind: 'group', group: 'Pilot', soakHours: 1 } as const;
  const move = { title: 'Move', from: '2026-10-06T00:00:00Z', to: '2026-10-06T00:00:00Z' };
  it.each<[string, Partial<PublishingSettings>, RegExp]>([
    ['a capability there is not', { coSigning: [{ capability: 'camera', side: 'it' }] }, /no capability “camera”/],
    ['a freeze that ends before it begins', { freezes: [move] }, /Freeze “Move”/],
    ['a ring of a group there is not', { plan: { ...publishingDefaults.plan, rings: [ring] } }, /no group “Pilot”/],
  ])('refuses %s', async (_, change, words) => {
    await expect(save({ ...publishingDefaults, ...change }, kim)).rejects.toMatchObject({
      code: 'bad-publishing',
      details: [expect.stringMatching(words)],
    });
    expect((await publishing.read()).settings).toEqual(publishingDefaults);
  });

  it('refuses to write over what somebody else has saved since', async () => {
    const before = await version();
    await save(stricter, kim);
    await expect(publishing.save(publishingDefaults, before, lee)).rejects.toMatchObject({ code: 'changed-meanwhile' });
    expect((await publishing.read()).settings).toEqual(stricter);
  });
});
