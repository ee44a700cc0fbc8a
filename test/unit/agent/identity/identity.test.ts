import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialProblem, renewalDueAt } from '../../../../agent/identity/certificate.ts';
import {
  deleteIdentity,
  type Identity,
  IdentityDamaged,
  readIdentity,
  writeIdentity,
} from '../../../../agent/identity/identity-files.ts';
import { IdentityKeeper } from '../../../../agent/identity/identity-keeper.ts';
import { Renewer } from '../../../../agent/identity/renewer.ts';
import { Home } from '../../../../agent/store/home.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';
import { FakeDistrict } from '../../../fakes/district.ts';
import { FakeLog } from '../../../fakes/log.ts';

const day = 86_400_000;
const district = new FakeDistrict();
const start = Date.UTC(2026, 8, 1);
const address = { host: '127.0.0.1', port: 8444 };
const [first, second] = [district.device({ from: start }), district.device({ from: start + 61 * day })];
const identity: Identity = {
  deviceId: 'device-1',
  trust: district.trust,
  agents: [address],
  enrolment: [address],
  credentials: [first],
};
let home: Home;

const keys = () => readdirSync(home.path).filter((name) => name.startsWith('key-'));

beforeEach(() => {
  home = new Home(mkdtempSync(join(tmpdir(), 'rollcall-identity-')));
});
afterEach(() => rmSync(home.path, { recursive: true }));

describe('the identity on disk', () => {
  it('is none in a new home', () => {
    expect(readIdentity(home)).toBeUndefined();
  });

  it('is read as it was written, and only its owner may read the key', () => {
    writeIdentity(home, identity);
    expect(readIdentity(home)).toEqual(identity);
    for (const name of keys()) expect(statSync(join(home.path, name)).mode & 0o777).toBe(0o600);
  });

  it.each<[string, (home: Home) => void]>([
    ['its file is damaged', (place) => writeFileSync(place.identity, '{"deviceId":')],
    ['its key is gone', (place) => rmSync(join(place.path, keys()[0] ?? ''))],
  ])('says which file and what to do when %s', (_name, damage) => {
    writeIdentity(home, identity);
    damage(home);
    expect(() => readIdentity(home)).toThrow(IdentityDamaged);
    expect(() => readIdentity(home)).toThrow(/damaged\. Restore it/);
  });

  it('keeps the old key after a renewal until the new certificate was accepted', () => {
    writeIdentity(home, identity);
    const keeper = new IdentityKeeper(home, identity);
    keeper.renewed(second, [address]);
    expect(keeper.credential).toBe(second);
    expect(keys()).toHaveLength(2);
    keeper.accepted(first);
    expect(keys()).toHaveLength(2);
    keeper.accepted(second);
    expect(keys()).toHaveLength(1);
    expect(readIdentity(home)?.credentials).toEqual([second]);
  });

  it('goes back to the old certificate when the new one is refused, and to the new when the old is', () => {
    writeIdentity(home, identity);
    const keeper = new IdentityKeeper(home, identity);
    keeper.renewed(second, [address]);
    keeper.refused(second);
    expect(keeper.credential).toBe(first);
    keeper.refused(first);
    expect(readIdentity(home)?.credentials).toEqual([second, first]);
  });

  it('is gone with its keys after deletion', () => {
    writeIdentity(home, identity);
    deleteIdentity(home);
    expect(existsSync(home.identity)).toBe(false);
    expect(keys()).toEqual([]);
  });
});

describe('a credential', () => {
  it('of this district is accepted', () => {
    expect(credentialProblem(first, district.root)).toBeUndefined();
  });

  it.each([
    ['belongs to another key', { ...first, key: second.key }, district.root, /private key/],
    ['is of another district', first, new FakeDistrict('Other').root, /authority/],
    ['is not there', { ...first, certificateChain: '' }, district.root, /no certificate/],
  ])('is refused when its certificate %s', (_name, credential, root, words) => {
    expect(credentialProblem(credential, root)).toMatch(words);
  });
});

describe('renewal', () => {
  const renewing = (clock: FakeClock, renew: () => Promise<{ credential: typeof first; agents: [] }>) => {
    writeIdentity(home, identity);
    const keeper = new IdentityKeeper(home, identity);
    const renewer = new Renewer({ keeper, renew, clock, random: new SeededRandom(), log: new FakeLog() });
    renewer.start();
    return { keeper, renewer };
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('is due from 60 days of age, at most two weeks later', () => {
    const due = renewalDueAt(first.certificateChain);
    expect(due).toBeGreaterThanOrEqual(start + 60 * day);
    expect(due).toBeLessThan(start + 74 * day);
  });

  it('does not happen before, and happens once it is due', async () => {
    const clock = new FakeClock(start);
    let renewals = 0;
    const { keeper } = renewing(clock, async () => {
      renewals += 1;
      return { credential: second, agents: [] };
    });
    for (let days = 0; days < 59; days += 1) clock.advance(day);
    await settle();
    expect(renewals).toBe(0);
    for (let days = 59; days < 76; days += 1) {
      clock.advance(day);
      await settle();
    }
    expect(renewals).toBe(1);
    expect(keeper.credential).toBe(second);
  });

  it('happens at once for a certificate that expired in a drawer', async () => {
    const { keeper } = renewing(new FakeClock(start + 430 * day), async () => ({ credential: second, agents: [] }));
    await settle();
    expect(keeper.credential).toBe(second);
  });

  it('is tried again, ever more slowly, while the server is gone', async () => {
    const clock = new FakeClock(start + 100 * day);
    let tries = 0;
    renewing(clock, async () => {
      tries += 1;
      throw new Error('no route');
    });
    for (let hours = 0; hours < 24 * 7; hours += 1) {
      clock.advance(3_600_000);
      await settle();
    }
    expect(tries).toBeGreaterThan(20);
    expect(tries).toBeLessThan(150);
  });

  it('stops when the agent stops', async () => {
    const clock = new FakeClock(start);
    const { renewer } = renewing(clock, async () => ({ credential: second, agents: [] }));
    renewer.stop();
    expect(clock.pending).toBe(0);
  });
});
