import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Author } from '../../../../server/policy-service-types.ts';
import { type ProfileContent, type PublishingSettings, publishingDefaults } from '../../../../shared/api/schemas.ts';
import { freshCalendar } from '../../../../shared/calendar/fresh.ts';
import type { GroupContent } from '../../../../shared/policy/group.ts';
import { content, openPolicyDistrict, type PolicyDistrict } from '../../../fakes/policy-district.ts';

const everyone = { kind: 'everyone' } as const;
const strict = content({ browser: { youtube: 'strict' } }, everyone);
const off = content({ browser: { youtube: 'off' } }, everyone);
const hour = 3_600_000;
const kim: Author = { actor: 'staff:Kim', staffId: 'kim' };
const lee: Author = { actor: 'staff:Lee', staffId: 'lee' };
const cora: Author = { actor: 'staff:Cora', staffId: 'cora' };
const operator: Author = { actor: 'command line' };
const token: Author = { actor: 'token:ci' };
const approve = { decision: 'approved', words: 'looked at it' } as const;

let district: PolicyDistrict;

async function open(devices: number, settings: Partial<PublishingSettings> = {}): Promise<void> {
  district = await openPolicyDistrict();
  await district.usePublishing(settings);
  await district.addOrg('maple', null);
  await district.addDevices(Array.from({ length: devices }, (_, i) => `d${i}`));
  for (const [id, sides] of [['kim', ['it']] as const, ['lee', ['it']] as const, ['cora', ['curriculum']] as const]) {
    const account = { id, name: id, email: `${id}@example.org`, password_hash: '', created_at: 1, disabled_at: null };
    await district.stores.staff.add({ ...account, signs_for: JSON.stringify(sides) });
  }
  await district.desired.start();
  await district.changes.start();
}

afterEach(async () => {
  expect(district.errors).toEqual([]);
  await district.close();
});

async function draft(wanted: ProfileContent, name = 'Filter') {
  const found = await district.stores.profiles.findByName(name);
  const id = found?.id ?? (await district.profiles.create(name, '', kim.actor)).profile.id;
  const { version } = await district.profiles.read(id);
  const saved = await district.profiles.saveDraft(id, wanted, version, kim.actor);
  return { kind: 'profile' as const, id, version: saved.version };
}

async function propose(
  wanted: ProfileContent = strict,
  by: Author = kim,
  more: { publishAt?: string; plan?: null } = {},
) {
  const items = [await draft(wanted)];
  return (await district.changes.propose({ title: 'Stricter', note: 'as agreed', items, ...more }, by)).change;
}

const published = async (name = 'Filter') => (await district.stores.profiles.findByName(name))?.published;
const heldBy = async (device = 'd0') => {
  await district.desired.settled();
  return (await district.profiles.settingsOfDevice(device)).map(({ value }) => value);
};
const saidOf = (code: string) => district.said.filter((event) => event.code === code).map(({ words }) => words);
const later = (ms: number) => new Date(district.clock.now() + ms).toISOString();

/** Moves the clock, and waits for what fell due. */
async function pass(ms: number): Promise<void> {
  district.clock.advance(ms);
  await district.changes.settled();
}

describe('a change that touches few devices', () => {
  beforeEach(async () => await open(3));

  it('is published at once, by one person, as the next revision', async () => {
    const { id, ready, needs, mayApprove, devices, percent } = await propose();
    expect({ ready, needs, mayApprove, devices, percent }).toEqual({
      ...{ ready: true, needs: [], mayApprove: false, devices: 3, percent: 100 },
    });
    expect(await published()).toBeNull();
    const view = await district.changes.publish(id, undefined, lee);
    expect(view).toMatchObject({ change: { state: 'published', rolloutId: null }, plan: null, hindrances: [] });
    expect(await published()).toMatchObject({ number: 1, by: 'staff:Kim', note: 'as agreed', ...strict });
    expect(await heldBy()).toEqual(['strict']);
    expect((await district.stores.profiles.findByName('Filter'))?.draft).toBeNull();
  });

  it('freezes the draft: what is edited afterwards stays a draft', async () => {
    const { id } = await propose();
    await draft(off);
    await district.changes.publish(id, undefined, kim);
    const record = await district.stores.profiles.findByName('Filter');
    expect(record?.published).toMatchObject(strict);
    expect(record?.draft).toEqual(off);
  });

  it('is refused when it says nothing new, or nothing at all', async () => {
    await district.profiles.publish((await draft(strict)).id, 2, '', kim);
    const again = await draft(strict);
    const wish = { title: 't', note: '', items: [again] };
    await expect(district.changes.propose(wish, kim)).rejects.toMatchObject({ code: 'conflict' });
    await district.profiles.discardDraft(again.id, kim.actor);
    const items = [{ ...again, version: again.version + 1 }];
    await expect(district.changes.propose({ ...wish, items }, kim)).rejects.toThrow(/no draft/);
    expect((await district.changes.list({}, kim)).items.map(({ state }) => state)).toEqual(['published']);
  });

  it('is listed before those that are over, page by page', async () => {
    const waiting = await propose();
    const items = [await draft(content({ browser: { blockGuestMode: true } }, everyone), 'Guests')];
    for (const title of ['First', 'Second']) {
      const { change } = await district.changes.propose({ title, note: '', items }, kim);
      await district.changes.withdraw(change.id, kim);
      district.clock.advance(1);
    }
    const listed: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await district.changes.list({ limit: 1, ...(cursor && { cursor }) }, kim);
      listed.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor;
    }
    expect(listed).toEqual([waiting.title, 'Second', 'First']);
  });

  it('holds its items: none is in two live changes, and an older version is refused', async () => {
    const items = [await draft(strict)];
    const first = await district.changes.propose({ title: 'One', note: '', items }, kim);
    const second = district.changes.propose({ title: 'Two', note: '', items }, lee);
    await expect(second).rejects.toThrow('“Filter” is in the change “One” already');
    await district.changes.withdraw(first.change.id, kim);
    await draft(off);
    await expect(district.changes.propose({ title: 'Two', note: '', items }, lee)).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    const twice = [await draft(off), await draft(off)];
    await expect(
      district.changes.propose({ title: 'Two', note: '', items: [...twice.slice(1), ...twice.slice(1)] }, lee),
    ).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('lets one of two who publish the same draft at once through', async () => {
    const { id, version } = await draft(strict);
    const both = await Promise.allSettled([
      district.profiles.publish(id, version, 'one', kim),
      district.profiles.publish(id, version, 'two', lee),
    ]);
    expect(both.map((one) => (one.status === 'fulfilled' ? 'published' : one.reason.code))).toEqual([
      'published',
      'changed-meanwhile',
    ]);
    expect(await district.stores.profiles.revisions(id)).toHaveLength(1);
  });

  it('lets one of two who publish the same change at once through', async () => {
    const { id } = await propose();
    const both = await Promise.allSettled([
      district.changes.publish(id, undefined, kim),
      district.changes.publish(id, undefined, lee),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await published())?.number).toBe(1);
  });

  it('ends when it is rejected by another, or taken back by its proposer, and the draft stays', async () => {
    const { id } = await propose();
    const reject = { decision: 'rejected', words: 'too strict' } as const;
    await expect(district.changes.decide(id, reject, kim)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(district.changes.withdraw(id, lee)).rejects.toMatchObject({ code: 'forbidden' });
    const view = await district.changes.decide(id, reject, lee);
    expect(view).toMatchObject({
      change: { state: 'rejected' },
      decisions: [{ by: 'staff:Lee', words: 'too strict' }],
    });
    await expect(district.changes.publish(id, undefined, kim)).rejects.toThrow(/over: it was rejected/);
    await expect(district.changes.decide(id, approve, lee)).rejects.toMatchObject({ code: 'conflict' });
    const again = await propose();
    expect((await district.changes.withdraw(again.id, kim)).change.state).toBe('withdrawn');
    expect(await published()).toBeNull();
    expect((await district.stores.profiles.findByName('Filter'))?.draft).toEqual(strict);
  });

  it('is not approved by somebody who read another preview of it', async () => {
    const { id } = await propose();
    const { preview: read } = await district.changes.read(id, lee);
    await district.changes.refresh(id, kim);
    const late = district.changes.decide(id, { ...approve, preview: read.id }, lee);
    await expect(late).rejects.toMatchObject({ code: 'changed-meanwhile' });
    const { preview } = await district.changes.read(id, lee);
    expect((await district.changes.decide(id, { ...approve, preview: preview.id }, lee)).decisions).toHaveLength(1);
  });

  it('is commented, and the comments stay in order', async () => {
    const { id } = await propose();
    await district.changes.comment(id, 'Why so strict?', lee);
    const view = await district.changes.comment(id, 'As agreed on Monday.', kim);
    expect(view.comments.map(({ by, words }) => [by, words])).toEqual([
      ['staff:Lee', 'Why so strict?'],
      ['staff:Kim', 'As agreed on Monday.'],
    ]);
    expect(view.change.comments).toBe(2);
    await expect(district.changes.comment(id, ' \n', kim)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(district.changes.comment('none', 'x', kim)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('publishes a group and the profile that asks for it together, and not the profile alone', async () => {
    const rule: GroupContent = { kind: 'rule', selector: { kind: 'platform', platform: 'linux' } };
    await district.stores.groups.insert({ id: 'g', name: 'Linux', description: '', draft: rule, createdAt: 1 });
    const profile = await draft(content({ browser: { youtube: 'off' } }, { kind: 'group', group: 'Linux' }));
    const wish = { title: 'Linux only', note: '' };
    await expect(district.changes.propose({ ...wish, items: [profile] }, kim)).rejects.toMatchObject({
      code: 'bad-profile',
      details: [expect.stringContaining('There is no group “Linux”. Publish it first, or with this.')],
    });
    const items = [profile, { kind: 'group' as const, id: 'g', version: 1 }];
    const { change } = await district.changes.propose({ ...wish, items }, kim);
    expect(change.devices).toBe(3);
    await district.changes.publish(change.id, undefined, kim);
    expect((await district.stores.groups.find('g'))?.published).toMatchObject({ number: 1, content: rule });
    expect(await heldBy()).toEqual(['off']);
    expect(saidOf('group-published')).toHaveLength(1);
  });

  it('names an item that was deleted meanwhile, and publishes nothing of it', async () => {
    const list: GroupContent = { kind: 'list', people: [], devices: ['S1'] };
    await district.stores.groups.insert({ id: 'g', name: 'Pilot', description: '', draft: list, createdAt: 1 });
    const items = [await draft(strict), { kind: 'group' as const, id: 'g', version: 1 }];
    const { change } = await district.changes.propose({ title: 't', note: '', items }, kim);
    await district.stores.groups.delete('g');
    expect((await district.changes.read(change.id, kim)).hindrances).toEqual([
      'The group “Pilot” was deleted meanwhile. Withdraw the change.',
    ]);
    await expect(district.changes.publish(change.id, undefined, kim)).rejects.toThrow();
    expect(await published()).toBeNull();
  });

  it('returns to an earlier revision, and leaves the draft alone', async () => {
    const first = await draft(strict);
    await district.profiles.publish(first.id, first.version, '', kim);
    const second = await draft({ ...off, locked: true });
    const waiting = district.profiles.publish(second.id, second.version, '', kim);
    await expect(waiting).rejects.toMatchObject({ code: 'approval-needed' });
    const [change] = (await district.changes.list({ state: 'open' }, lee)).items;
    await district.changes.decide(change?.id ?? '', approve, lee);
    await district.changes.publish(change?.id ?? '', undefined, kim);
    const mine = content({ browser: { blockGuestMode: true } });
    const { version } = await draft(mine);
    const diff = await district.changes.diff(first.id, { from: 1, to: 2 });
    expect(diff.settings.map(({ setting, before, after }) => [setting, before, after])).toEqual([
      ['youtube', 'strict', 'off'],
      ['locked', false, true],
    ]);
    expect((await district.changes.diff(first.id, { from: 2 })).assignments).toEqual([
      { before: 'everyone, priority 100', after: null },
    ]);
    const back = await district.changes.returnTo(first.id, { revision: 1, version, note: '' }, lee);
    expect(back.requirements.map(({ kind }) => kind)).toEqual(['second-person']);
    await district.changes.decide(back.change.id, approve, kim);
    await district.changes.publish(back.change.id, undefined, lee);
    const record = await district.stores.profiles.find(first.id);
    expect(record?.published).toMatchObject({ number: 3, by: 'staff:Lee', ...strict });
    expect(record?.published?.locked).toBeUndefined();
    expect(record?.draft).toEqual(mine);
    const nowhere = { revision: 9, version: 1, note: '' };
    await expect(district.changes.returnTo(first.id, nowhere, kim)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a change that touches a large share', () => {
  beforeEach(async () => await open(40));

  it('waits for a second person when somebody publishes the draft, and says so', async () => {
    const { id, version } = await draft(strict);
    const refused = await district.profiles.publish(id, version, 'now', kim).catch((error: unknown) => error);
    const [waiting] = (await district.changes.list({ profile: id }, lee)).items;
    expect(refused).toMatchObject({
      code: 'approval-needed',
      details: [waiting?.id, expect.stringMatching(/40 devices/)],
    });
    expect(waiting).toMatchObject({ state: 'open', ready: false, needs: ['second-person'], mayApprove: true });
    expect(await published()).toBeNull();
    await district.changes.decide(waiting?.id ?? '', approve, lee);
    await district.changes.publish(waiting?.id ?? '', undefined, kim);
    expect((await published())?.number).toBe(1);
  });

  const approvals: [string, Author, Author, string | undefined][] = [
    ['nobody for their own', kim, kim, 'forbidden'],
    ['nobody for their own under another name', kim, { actor: 'staff:KIM the second', staffId: 'kim' }, 'forbidden'],
    ['another person', kim, lee, undefined],
    ['another person of the same name', kim, { actor: kim.actor, staffId: 'lee' }, undefined],
    ['the operator, for a district with one account', kim, operator, undefined],
    ['not the operator for what the command line proposed', operator, operator, 'forbidden'],
    ['a person for what the command line proposed', operator, kim, undefined],
    ['no token', kim, token, 'forbidden'],
    ['a person for what a token proposed', token, kim, undefined],
  ];
  it.each(approvals)('is approved by: %s', async (_, proposer, approver, code) => {
    const { id } = await propose(strict, proposer);
    const decided = district.changes.decide(id, approve, approver);
    if (code === undefined) expect((await decided).change).toMatchObject({ ready: true, needs: [] });
    else await expect(decided).rejects.toMatchObject({ code });
  });

  it('cannot be published before, and is approved once', async () => {
    const { id } = await propose();
    await expect(district.changes.publish(id, undefined, lee)).rejects.toMatchObject({ code: 'approval-needed' });
    await district.changes.decide(id, approve, lee);
    await expect(district.changes.decide(id, approve, lee)).rejects.toMatchObject({ code: 'conflict' });
    expect((await district.changes.read(id, lee)).requirements[0]?.metBy).toBe('staff:Lee');
  });

  it('goes out in rings: the revision is published, and nobody has it until a ring opens', async () => {
    const { id } = await propose();
    const rollouts = district.hear('rollouts-changed');
    await district.changes.decide(id, approve, lee);
    const { change, plan } = await district.changes.publish(id, undefined, kim);
    expect(plan).toEqual(publishingDefaults.plan);
    expect(rollouts).toEqual([{ rolloutIds: [change.rolloutId] }]);
    const rollout = await district.stores.rollouts.find(change.rolloutId ?? '');
    expect(rollout).toMatchObject({ changeId: id, items: [{ kind: 'profile', from: null, to: 1 }] });
    expect(rollout?.ringSizes.reduce((sum, size) => sum + size)).toBe(40);
    expect(await published()).toMatchObject({ number: 1 });
    expect(await heldBy()).toEqual([]);
    const profile = rollout?.items[0]?.id ?? '';
    expect((await district.profiles.read(profile)).revisions[0]?.rollout).toBe('draft');
    const items = [await draft(off)];
    await expect(district.changes.propose({ title: 't', note: '', items }, kim)).rejects.toThrow(/still on its way/);
  });

  it('goes to everybody at once where its proposer wants that', async () => {
    const { id } = await propose(strict, kim, { plan: null });
    await district.changes.decide(id, approve, lee);
    expect((await district.changes.publish(id, undefined, kim)).change.rolloutId).toBeNull();
    expect(await heldBy()).toEqual(['strict']);
  });

  it('loses its approval when it does more than was approved, not when a device comes', async () => {
    const { id } = await propose();
    await district.changes.decide(id, approve, lee);
    await district.addDevices(['late']);
    district.bus.publish('device-changed', { deviceIds: ['late'] });
    expect((await district.changes.refresh(id, kim)).change).toMatchObject({ devices: 41, ready: true });
    const more = Array.from({ length: 20 }, (_, i) => `more${i}`);
    await district.addDevices(more);
    district.bus.publish('device-changed', { deviceIds: more });
    await expect(district.changes.publish(id, undefined, kim)).rejects.toMatchObject({ code: 'approval-needed' });
    const view = await district.changes.read(id, lee);
    expect(view.change).toMatchObject({ devices: 61, ready: false, mayApprove: true, state: 'open' });
    expect(saidOf('change-grown')).toHaveLength(1);
    await district.changes.decide(id, approve, lee);
    expect((await district.changes.publish(id, undefined, kim)).change.state).toBe('published');
  });

  it('says when its preview may be out of date', async () => {
    const { id } = await propose();
    expect((await district.changes.read(id, kim)).outdated).toBe(false);
    district.clock.advance(1000);
    district.bus.publish('roster-changed', {});
    expect((await district.changes.read(id, kim)).outdated).toBe(true);
    expect((await district.changes.refresh(id, kim)).outdated).toBe(false);
  });
});

describe('co-signing', () => {
  beforeEach(async () => await open(3, { coSigning: [{ capability: 'browser', side: 'curriculum' }] }));

  it('is done by the side, whatever the size, and not by another', async () => {
    const { id, needs } = await propose();
    expect(needs).toEqual(['curriculum']);
    await district.changes.decide(id, approve, lee);
    expect((await district.changes.read(id, lee)).change.needs).toEqual(['curriculum']);
    expect((await district.changes.decide(id, approve, cora)).change).toMatchObject({ ready: true });
  });

  it('is done by proposing it, for the proposer’s own side', async () => {
    const { id, ready } = await propose(strict, cora);
    expect(ready).toBe(true);
    expect((await district.changes.read(id, kim)).decisions).toMatchObject([{ side: 'curriculum', by: 'staff:Cora' }]);
  });

  it('is not done by the command line for what it proposed itself', async () => {
    expect((await propose(strict, operator)).needs).toEqual(['curriculum']);
  });
});

describe('a freeze', () => {
  const reason = 'a name must be closed before the exam';

  beforeEach(async () => {
    await open(3);
    const freezes = [{ title: 'State testing', from: '2026-10-05', to: '2026-10-05' }];
    await district.stores.calendars.save(null, { ...freshCalendar('UTC'), freezes }, 1);
  });

  it('of a touched calendar holds a publication, and the change waits', async () => {
    const { id, version } = await draft(strict);
    await expect(district.profiles.publish(id, version, '', kim)).rejects.toMatchObject({
      code: 'in-freeze',
      message: expect.stringContaining('Freeze “State testing”: nothing is published before 2026-10-06 00:00 UTC.'),
    });
    const [waiting] = (await district.changes.list({}, kim)).items;
    expect(await district.changes.read(waiting?.id ?? '', lee)).toMatchObject({
      ...{ inFreeze: true, change: { ready: true, state: 'open', mayApprove: true } },
    });
  });

  it('lets through what has a reason and a second person, and the record says so', async () => {
    const { id } = await propose();
    await expect(district.changes.publish(id, reason, kim)).rejects.toMatchObject({ code: 'approval-needed' });
    await expect(district.changes.publish(id, undefined, kim)).rejects.toMatchObject({ code: 'in-freeze' });
    await district.changes.decide(id, approve, lee);
    await expect(district.changes.publish(id, undefined, kim)).rejects.toMatchObject({ code: 'in-freeze' });
    expect((await district.changes.publish(id, reason, kim)).change.state).toBe('published');
    expect(saidOf('published-in-freeze')).toEqual([`“Stricter” was published in a freeze: ${reason}`]);
  });

  it('holds what is scheduled, says so once, and lets it go when it is over', async () => {
    const { id } = await propose(strict, kim, { publishAt: later(hour) });
    await pass(hour - 1);
    expect(saidOf('change-held')).toEqual([]);
    await pass(1);
    await pass(hour);
    expect(saidOf('change-held')).toEqual([expect.stringContaining('was due and is held: Freeze “State testing”')]);
    expect((await district.changes.read(id, kim)).change.state).toBe('scheduled');
    await pass(8 * hour);
    expect(await heldBy()).toEqual(['strict']);
    expect((await district.changes.read(id, kim)).change).toMatchObject({
      ...{ state: 'published', publishedAt: '2026-10-06T00:00:00.000Z' },
    });
    expect(saidOf('change-held')).toHaveLength(1);
  });
});

describe('a scheduled change', () => {
  beforeEach(async () => await open(40));

  it('is held without an approval, and goes out when that comes', async () => {
    const { id } = await propose(strict, kim, { publishAt: later(hour) });
    await pass(hour);
    expect(saidOf('change-held')).toEqual([expect.stringContaining('A second person has not approved it.')]);
    await district.changes.decide(id, approve, lee);
    await district.changes.settled();
    expect((await published())?.number).toBe(1);
  });

  it('is published by its time when it is ready, and not once it is not scheduled any more', async () => {
    const { id } = await propose(strict, kim, { publishAt: later(hour) });
    await district.changes.decide(id, approve, lee);
    expect((await district.changes.schedule(id, later(3 * hour), kim)).change.state).toBe('scheduled');
    await pass(2 * hour);
    expect(await published()).toBeNull();
    expect((await district.changes.schedule(id, null, kim)).change).toMatchObject({ state: 'open', publishAt: null });
    await pass(2 * hour);
    expect(await published()).toBeNull();
    await expect(district.changes.schedule(id, later(-1), kim)).rejects.toMatchObject({ code: 'bad-request' });
  });
});
