import { describe, expect, it } from 'vitest';
import { Challenges } from '../../../../server/devices/challenges.ts';
import { admit, type EnrolmentClaim } from '../../../../server/devices/enrolment-rules.ts';
import { RareEvents } from '../../../../server/devices/rare-events.ts';
import type { NewEvent } from '../../../../server/services.ts';
import type { EnrolmentFacts } from '../../../../server/store/certificates.ts';
import { plainText, plainTextOrNull, plainTexts } from '../../../../shared/plain-text.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';

const hash = 'a'.repeat(64);
const token: NonNullable<EnrolmentFacts['token']> = {
  ...{ id: 't1', secret_hash: hash, label: '', max_uses: 1, uses: 0, expires_at: 1000, org_id: null, platform: null },
  ...{
    approval: 'automatic',
    person_id: null,
    tags: '[]',
    simulated: 0,
    created_at: 0,
    created_by: 'x',
    revoked_at: null,
  },
};
const device: NonNullable<EnrolmentFacts['device']> = {
  ...{ id: 'd1', name: 'n', serial: null, maker: null, model: null, hardware_id: 'h', platform: 'linux' },
  ...{ os_name: 'o', os_version: '1', agent_version: '1', status: 'active', simulated: 0, token_id: 't0' },
  ...{ enrolled_at: 0, last_seen_at: null, spool_epoch: null, spool_sequence: 0, place: null },
};
const claim: EnrolmentClaim = { secretHash: hash, platform: 'linux', now: 500, isConnected: () => false };
const stranger: EnrolmentFacts = { token, device: undefined, keyOwner: undefined };

describe('admission', () => {
  const admitted: [string, EnrolmentFacts, object][] = [
    ['new hardware becomes a new device', stranger, { deviceId: undefined, status: 'active', isRepeat: false }],
    [
      'a holding token holds',
      { ...stranger, token: { ...token, approval: 'hold' } },
      { deviceId: undefined, status: 'held', isRepeat: false },
    ],
    ['known hardware stays the same device', { ...stranger, device }, { deviceId: 'd1', status: 'active' }],
    [
      'a revoked device comes back',
      { ...stranger, device: { ...device, status: 'revoked' } },
      { deviceId: 'd1', status: 'active' },
    ],
    [
      'a lost answer is repeated though the token is used up',
      { token: { ...token, uses: 1 }, device: { ...device, token_id: 't1' }, keyOwner: 'd1' },
      { deviceId: 'd1', isRepeat: true },
    ],
    [
      'a lost answer is repeated within minutes with a new key',
      { token: { ...token, uses: 1 }, device: { ...device, token_id: 't1' }, keyOwner: undefined },
      { deviceId: 'd1', isRepeat: true },
    ],
    [
      'a repeat neither approves nor holds',
      { token: { ...token, uses: 1 }, device: { ...device, token_id: 't1', status: 'held' }, keyOwner: 'd1' },
      { status: 'held', isRepeat: true },
    ],
  ];
  for (const [name, facts, expected] of admitted) {
    it(name, () => expect(admit(facts, claim)).toMatchObject(expected));
  }

  const refused: [string, EnrolmentFacts, Partial<EnrolmentClaim>, string][] = [
    ['an unknown secret', { ...stranger, token: undefined }, {}, 'token-invalid'],
    ['another hash', stranger, { secretHash: 'b'.repeat(64) }, 'token-invalid'],
    ['a revoked token', { ...stranger, token: { ...token, revoked_at: 1 } }, {}, 'token-invalid'],
    ['a token at the instant it expires', stranger, { now: 1000 }, 'token-expired'],
    ['a used token', { ...stranger, token: { ...token, uses: 1 } }, {}, 'token-used'],
    ['another platform', { ...stranger, token: { ...token, platform: 'darwin' } }, {}, 'token-wrong-platform'],
    ['the key of another device', { ...stranger, device, keyOwner: 'd2' }, {}, 'bad-csr'],
    ['the key of another device on new hardware', { ...stranger, keyOwner: 'd2' }, {}, 'bad-csr'],
    [
      'the old key of a revoked device',
      { ...stranger, device: { ...device, status: 'revoked', token_id: 't1' }, keyOwner: 'd1' },
      {},
      'bad-csr',
    ],
    [
      'a used token with a new key once the device was seen',
      { token: { ...token, uses: 1 }, device: { ...device, token_id: 't1', last_seen_at: 1 }, keyOwner: undefined },
      {},
      'token-used',
    ],
    [
      'a used token with a new key an hour later',
      { token: { ...token, uses: 1, expires_at: 9e9 }, device: { ...device, token_id: 't1' }, keyOwner: undefined },
      { now: 3_600_000 },
      'token-used',
    ],
    ['hardware that is connected', { ...stranger, device }, { isConnected: (id) => id === 'd1' }, 'clone'],
    [
      'a simulated device in place of a real one',
      { ...stranger, device, token: { ...token, simulated: 1 } },
      {},
      'conflict',
    ],
  ];
  for (const [name, facts, changes, code] of refused) {
    it(`refuses ${name}`, () => {
      expect(() => admit(facts, { ...claim, ...changes })).toThrow(expect.objectContaining({ code }));
    });
  }
});

describe('a challenge', () => {
  const clock = new FakeClock();
  const challenges = new Challenges(clock, new SeededRandom(1));

  it('is open for five minutes and until it is redeemed', () => {
    const [first, second] = [challenges.issue(), challenges.issue()];
    challenges.redeem(first);
    expect([first, second].map((each) => challenges.isOpen(each))).toEqual([false, true]);
    clock.jump(5 * 60_000);
    expect(challenges.isOpen(second)).toBe(false);
  });

  it('cannot be made up, altered or taken from another server', () => {
    const issued = challenges.issue();
    const bytes = Buffer.from(issued, 'base64url');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    const foreign = new Challenges(clock, new SeededRandom(2)).issue();
    for (const wrong of ['', 'x', `${issued}A`, `${issued}=`, bytes.toString('base64url'), foreign])
      expect(challenges.isOpen(wrong), wrong).toBe(false);
  });
});

describe('rare events', () => {
  it('come once per key and minute, thirty in all, and say what was left out', async () => {
    const clock = new FakeClock();
    const added: NewEvent[] = [];
    const rare = new RareEvents({ add: async (event) => void added.push(event) }, clock);
    const event = { actor: 'server', code: 'x', words: 'It happened.' };
    for (let n = 0; n < 3; n++) await rare.add('same', event);
    expect(added).toHaveLength(1);
    for (let n = 0; n < 100; n++) await rare.add(`key ${n}`, event);
    expect(added).toHaveLength(30);
    clock.jump(61_000);
    await rare.add('same', event);
    expect(added.at(-1)?.words).toMatch(/^It happened\. \(\d+ like this were not listed\)$/);
  });
});

describe('what a device calls itself', () => {
  const cases: [string, string][] = [
    ['laptop 1', 'laptop 1'],
    ['\u001b[2Jx', '[2Jx'],
    ['a\nb\u2028c', 'a b c'],
    ['half \ud800 of a pair', 'half  of a pair'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['  \u0000 ', 'fallback'],
    ['Jürgens Läptop', 'Jürgens Läptop'],
  ];
  for (const [said, shown] of cases) it(JSON.stringify(said), () => expect(plainText(said, 'fallback')).toBe(shown));

  it('is made plain at any depth, and left as it is when it was plain', () => {
    const clean = { a: [1, null, { b: 'fine' }], c: true };
    expect(plainTexts(clean)).toBe(clean);
    expect(plainTexts({ a: [1, null, { b: 'f\u001bine' }], c: true })).toEqual(clean);
  });

  it('may be missing', () => expect([plainTextOrNull(undefined), plainTextOrNull('\t')]).toEqual([null, null]));
});
