import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../../shared/errors/catalogue.ts';
import { kim, lee, openEscrowDistrict, passphrase } from '../../../fakes/escrow-district.ts';
import { reportedBy } from '../../../fakes/reported.ts';

const clear = 'cbdefghi-jklnrtuv';
const minute = 60_000;
const approve = { outcome: 'approved', passphrase } as const;
const refuse = { outcome: 'refused' } as const;

let district: Awaited<ReturnType<typeof openEscrowDistrict>>;
let keyId: string;

beforeEach(async () => {
  district = await openEscrowDistrict();
  await district.addStaff('kim', 'lee');
  await district.addDevices('d1', 'd2');
  await district.escrow.replace({ passphrase }, lee);
  await district.handIn('d1', clear);
  await district.recovery.start();
  keyId = (await district.keys('d1'))[0]?.id ?? '';
  district.said.length = 0;
});
afterEach(async () => {
  await district.recovery.stop();
  await district.db.destroy();
  expect(district.errors).toEqual([]);
});

const ask = (by = kim) => district.recovery.ask(keyId, 'ticket 4711: forgot the passphrase', by);
const stateOf = async (id: string) =>
  (await district.recovery.requests({}, kim)).items.find((one) => one.id === id)?.state;
async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'done',
    (error: unknown) => (error instanceof CodedError ? error.code : String(error)),
  );
}

describe('reading a recovery key', () => {
  it('takes two people: one asks, another approves with the passphrase, and the first sees it', async () => {
    const { id, state, mine } = await ask();
    expect([state, mine]).toEqual(['waiting', true]);
    expect(await district.recovery.decide(id, approve, lee)).toMatchObject({
      state: 'approved',
      decidedBy: 'Lee',
      mine: false,
    });
    expect(await district.recovery.show(id, kim)).toEqual({ volume: 'root', protector: 'slot-1-aa', key: clear });
    expect(await stateOf(id)).toBe('shown');
  });

  it.each(['rejected', 'withdrawn'] as const)('ends when what was to be signed for it was %s', async (state) => {
    const { id } = await ask();
    await district.recovery.over({ subject_id: id }, state);
    expect(await stateOf(id)).toBe('refused');
    expect(district.said.at(-1)).toMatchObject({ actor: 'server', code: 'recovery-refused' });
    expect(await codeOf(district.recovery.decide(id, approve, lee))).toBe('conflict');
    expect((await ask()).state).toBe('waiting');
  });

  it('is not taken back by signatures that end after it was approved', async () => {
    const { id } = await ask();
    await district.recovery.decide(id, approve, lee);
    await district.recovery.over({ subject_id: id }, 'withdrawn');
    expect(await stateOf(id)).toBe('approved');
    expect(district.said.map(({ code }) => code)).not.toContain('recovery-refused');
  });

  it('is an event at each step: who, which device, why, and never the key', async () => {
    const { id } = await ask();
    await district.recovery.decide(id, approve, lee);
    await district.recovery.show(id, kim);
    expect(district.said.map(({ actor, code, subject }) => [actor, code, subject?.id])).toEqual([
      ['staff:Kim', 'recovery-asked', 'd1'],
      ['staff:Lee', 'recovery-approved', 'd1'],
      ['staff:Kim', 'recovery-shown', 'd1'],
    ]);
    for (const { words } of district.said) expect(words).toContain('ticket 4711');
    expect(JSON.stringify(district.said)).not.toContain(clear);
  });

  it('shows the key once', async () => {
    const { id } = await ask();
    await district.recovery.decide(id, approve, lee);
    await district.recovery.show(id, kim);
    expect(await codeOf(district.recovery.show(id, kim))).toBe('conflict');
  });

  it('shows the key to the person who asked, not to the one who approved', async () => {
    const { id } = await ask();
    await district.recovery.decide(id, approve, lee);
    expect(await codeOf(district.recovery.show(id, lee))).toBe('forbidden');
    expect((await district.recovery.show(id, kim)).key).toBe(clear);
  });

  it('is not approved by the person who asked, from whichever session', async () => {
    const { id } = await ask();
    const otherSession = { ...kim, actor: 'staff:Kim, elsewhere' };
    for (const decision of [approve, refuse])
      expect(await codeOf(district.recovery.decide(id, decision, otherSession))).toBe('forbidden');
    expect(await stateOf(id)).toBe('waiting');
  });

  it('shows nothing before it is approved, nor when it was refused', async () => {
    const { id } = await ask();
    expect(await codeOf(district.recovery.show(id, kim))).toBe('conflict');
    expect((await district.recovery.decide(id, refuse, lee)).state).toBe('refused');
    expect(await codeOf(district.recovery.show(id, kim))).toBe('conflict');
    expect(await codeOf(district.recovery.decide(id, approve, lee))).toBe('conflict');
  });

  it('ends after an hour when nobody decides', async () => {
    const { id } = await ask();
    district.clock.advance(60 * minute);
    await district.recovery.settled();
    expect(await stateOf(id)).toBe('expired');
    expect(district.said.at(-1)).toMatchObject({ actor: 'server', code: 'recovery-expired', subject: { id: 'd1' } });
    expect(await codeOf(district.recovery.decide(id, approve, lee))).toBe('conflict');
  });

  it('ends after the hour when nobody looks at what was approved', async () => {
    const { id } = await ask();
    district.clock.advance(59 * minute);
    await district.recovery.decide(id, approve, lee);
    district.clock.advance(minute);
    await district.recovery.settled();
    expect([await stateOf(id), await codeOf(district.recovery.show(id, kim))]).toEqual(['expired', 'conflict']);
  });

  it('forgets at a restart what was approved and not seen: the key is in no database', async () => {
    const { id } = await ask();
    await district.recovery.decide(id, approve, lee);
    await district.recovery.stop();
    await district.recovery.start();
    expect([await stateOf(id), await codeOf(district.recovery.show(id, kim))]).toEqual(['expired', 'conflict']);
  });

  it.each([
    ['no reason', '  '],
    ['two letters', ' ab '],
    ['signs nobody sees', '\u200b\u200b\u200b\u200b'],
  ])('needs a reason: %s is none', async (_what, reason) => {
    expect(await codeOf(district.recovery.ask(keyId, reason, kim))).toBe('bad-request');
  });

  it('asks once for a key at a time, and again when that is over', async () => {
    const { id } = await ask();
    expect(await codeOf(ask())).toBe('conflict');
    expect(await codeOf(ask(lee))).toBe('done');
    await district.recovery.decide(id, refuse, lee);
    expect(await codeOf(ask())).toBe('done');
  });

  it('knows no key, request or device that is not there', async () => {
    expect(await codeOf(district.recovery.ask('none', 'ticket 1', kim))).toBe('not-found');
    expect(await codeOf(district.recovery.decide('none', refuse, lee))).toBe('not-found');
    expect(await codeOf(district.recovery.show('none', kim))).toBe('not-found');
    expect(await codeOf(district.recovery.keysOfDevice('none', kim))).toBe('not-found');
  });
});

describe('a wrong passphrase', () => {
  it('opens nothing, is recorded, and leaves the request waiting', async () => {
    const { id } = await ask();
    const wrong = { outcome: 'approved', passphrase: 'another passphrase' } as const;
    expect(await codeOf(district.recovery.decide(id, wrong, lee))).toBe('wrong-passphrase');
    expect(district.said.at(-1)).toMatchObject({ actor: 'staff:Lee', code: 'recovery-passphrase-wrong' });
    expect(await stateOf(id)).toBe('waiting');
    expect((await district.recovery.decide(id, approve, lee)).state).toBe('approved');
  });

  it('may be given five times in a quarter of an hour; then not even the right one counts', async () => {
    const { id } = await ask();
    const wrong = { outcome: 'approved', passphrase: 'another passphrase' } as const;
    for (let tries = 0; tries < 5; tries += 1) await codeOf(district.recovery.decide(id, wrong, lee));
    expect(await codeOf(district.recovery.decide(id, approve, lee))).toBe('too-many-requests');
    district.clock.advance(15 * minute);
    expect((await district.recovery.decide(id, approve, lee)).state).toBe('approved');
  });
});

describe('what a device hands in', () => {
  it('supersedes what it handed in for the volume before, which can still be read', async () => {
    await district.handIn('d1', 'the next key', { protector: 'slot-2-bb' });
    const [newest, earlier] = await district.keys('d1');
    expect([newest?.protector, newest?.supersededAt, earlier?.protector]).toEqual(['slot-2-bb', null, 'slot-1-aa']);
    expect(earlier?.supersededAt).not.toBeNull();
    const { id } = await district.recovery.ask(earlier?.id ?? '', 'an old disk image', kim);
    await district.recovery.decide(id, approve, lee);
    expect((await district.recovery.show(id, kim)).key).toBe(clear);
  });

  it('changes nothing when it is told again', async () => {
    const record = await district.handIn('d1', clear, { volume: 'home' });
    await district.report('d1', record, record);
    expect((await district.keys('d1')).map(({ volume }) => volume)).toEqual(['home', 'root']);
  });

  it('comes into use again when a device goes back to it', async () => {
    const one = await district.handIn('d1', 'one', { protector: 'p1' });
    await district.handIn('d1', 'two', { protector: 'p2' });
    await district.report('d1', one);
    const open = (await district.keys('d1')).filter(({ supersededAt }) => supersededAt === null);
    expect(open.map(({ protector }) => protector)).toEqual(['p1']);
  });

  it('of another device cannot be opened here, which is said and recorded', async () => {
    const stolen = await district.handIn('d2', 'the key of d2');
    await district.report('d1', stolen);
    const [copied] = await district.keys('d1');
    const { id } = await district.recovery.ask(copied?.id ?? '', 'ticket 9', kim);
    expect(await codeOf(district.recovery.decide(id, approve, lee))).toBe('recovery-key-damaged');
    expect(district.said.at(-1)).toMatchObject({ code: 'recovery-key-damaged', subject: { id: 'd1' } });
    expect((await district.keys('d2'))[0]?.supersededAt).toBeNull();
  });

  it('that is not sealed at all cannot be opened, which is said', async () => {
    const { escrowKeyId } = await district.handIn('d1', clear);
    await district.report('d1', {
      kind: 'recovery-key',
      at: 1,
      volume: 'x',
      protector: 'p',
      escrowKeyId,
      sealed: 'AAAA',
    });
    const odd = (await district.keys('d1')).find(({ volume }) => volume === 'x');
    const { id } = await district.recovery.ask(odd?.id ?? '', 'ticket 9', kim);
    expect(await codeOf(district.recovery.decide(id, approve, lee))).toBe('recovery-key-damaged');
  });

  it('for an escrow key that never was is dropped', async () => {
    const record = {
      kind: 'recovery-key' as const,
      at: 1,
      volume: 'x',
      protector: 'p',
      escrowKeyId: 'made-up',
      sealed: 'AAAA',
    };
    await district.report('d1', record);
    expect(await district.keys('d1')).toHaveLength(1);
  });

  it('is bounded: so many volumes, so many that were superseded; what somebody asked for stays', async () => {
    await ask();
    const { escrowKeyId } = await district.handIn('d1', clear);
    const record = (volume: string, protector: string) => ({
      ...{
        kind: 'recovery-key' as const,
        at: 1,
        volume,
        protector,
        escrowKeyId,
        sealed: Buffer.from(protector).toString('base64url'),
      },
    });
    for (let n = 0; n < 40; n += 1) {
      district.clock.advance(1_000);
      await district.report('d1', record(`volume ${n}`, 'p'), record('root', `p${n}`));
    }
    const keys = await district.keys('d1');
    const open = keys.filter(({ supersededAt }) => supersededAt === null);
    expect([open.length, keys.length - open.length]).toEqual([16, 33]);
    expect(keys.map(({ id }) => id)).toContain(keyId);
  });

  it('names volumes in words that cannot steer a page or a terminal', async () => {
    await district.handIn('d1', clear, { volume: 'ro\u202eot\u001b[31m\n' });
    expect((await district.keys('d1')).map(({ volume }) => volume)).toContain('root[31m');
  });
});

describe('after a key was shown', () => {
  it('its protector is told to the device until it has handed in another', async () => {
    const { id } = await ask();
    await district.recovery.decide(id, approve, lee);
    expect(await district.stores.recovery.shownProtectors()).toEqual(new Map());
    await district.recovery.show(id, kim);
    expect(await district.stores.recovery.shownProtectors()).toEqual(new Map([['d1', ['slot-1-aa']]]));
    expect(district.changed.at(-1)).toEqual({ deviceIds: ['d1'] });
    await district.handIn('d1', 'the next key', { protector: 'slot-2-bb' });
    expect(await district.stores.recovery.shownProtectors()).toEqual(new Map());
  });
});

describe('the list of requests', () => {
  it('shows each state alone, page by page, the newest first', async () => {
    const first = await ask();
    district.clock.advance(minute);
    const second = await ask(lee);
    await district.recovery.decide(first.id, refuse, lee);
    const idsOf = async (query: Parameters<typeof district.recovery.requests>[0]) =>
      (await district.recovery.requests(query, kim)).items.map(({ id }) => id);
    expect(await idsOf({})).toEqual([second.id, first.id]);
    expect([
      await idsOf({ state: 'waiting' }),
      await idsOf({ state: 'refused' }),
      await idsOf({ state: 'shown' }),
    ]).toEqual([[second.id], [first.id], []]);
    const page = await district.recovery.requests({ limit: 1 }, kim);
    expect([page.total, page.items[0]?.mine]).toEqual([2, false]);
    expect(await idsOf({ limit: 1, cursor: page.nextCursor ?? '' })).toEqual([first.id]);
  });

  it('tells devices’ reports to whoever shows keys', async () => {
    district.changed.length = 0;
    district.bus.publish('reported', reportedBy('d2', ['recovery-key', 'health']));
    district.bus.publish('reported', reportedBy('d1', ['health']));
    expect(district.changed).toEqual([{ deviceIds: ['d2'] }]);
  });
});
