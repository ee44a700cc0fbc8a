import { beforeEach, describe, expect, it } from 'vitest';
import { networkOf } from '../../../../server/access/network.ts';
import { hashPassword, verifyPassword } from '../../../../server/access/password.ts';
import { SignIn, sessionMs } from '../../../../server/access/sign-in.ts';
import { StoredEventLog } from '../../../../server/audit/event-log.ts';
import { Bus } from '../../../../server/bus.ts';
import { EventStore } from '../../../../server/store/events.ts';
import { openStore } from '../../../../server/store/open.ts';
import { StaffStore } from '../../../../server/store/staff.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';

const first = { name: 'Ada Admin', email: 'Ada@Example.org', password: 'correct horse battery' };

describe('password hashes', () => {
  const random = new SeededRandom(7);

  it('fit their password and no other', async () => {
    const hash = await hashPassword('correct horse battery', random);
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword('correct horse battery', hash)).toBe(true);
    expect(await verifyPassword('correct horse batterz', hash)).toBe(false);
  });

  it('differ for the same password', async () => {
    expect(await hashPassword('same', random)).not.toBe(await hashPassword('same', random));
  });

  it('treat composed and decomposed letters alike', async () => {
    expect(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9', random))).toBe(true);
  });

  it.each(['', 'plain', '$argon2i$v=19$m=1,t=1,p=1$AAAA$BBBB'])('refuse an unreadable hash %j', async (hash) => {
    expect(await verifyPassword('x', hash)).toBe(false);
  });
});

describe('the address tries are counted by', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:0:2::1', '2001:db8:0:2::/64'],
    ['2001:0DB8:0000:0002:aaaa:bbbb:cccc:dddd', '2001:db8:0:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('of %s is %s', (address, network) => expect(networkOf(address)).toBe(network));
});

describe('signing in', () => {
  let clock: FakeClock;
  let signIn: SignIn;
  let events: EventStore;

  beforeEach(async () => {
    clock = new FakeClock();
    const db = await openStore(':memory:');
    events = new EventStore(db);
    const bus = new Bus((error) => {
      throw error;
    });
    signIn = new SignIn(new StaffStore(db), new StoredEventLog(events, bus, clock), clock, new SeededRandom(3));
  });

  const setUp = async () => signIn.setUp({ code: (await signIn.openSetUp()) ?? '', ...first }, '127.0.0.1');

  it('makes the first administrator with the one-time code', async () => {
    expect(await signIn.setUpNeeded()).toBe(true);
    expect(await setUp()).toMatchObject({ name: 'Ada Admin', email: 'ada@example.org' });
    expect(await signIn.setUpNeeded()).toBe(false);
    expect((await events.page(10)).rows.map((event) => event.code)).toEqual(['staff-added']);
  });

  it('refuses a wrong code', async () => {
    await signIn.openSetUp();
    await expect(signIn.setUp({ code: 'AAAA-BBBB-CCCC', ...first }, 'a')).rejects.toMatchObject({
      code: 'wrong-setup-code',
    });
  });

  it('refuses the code a second time', async () => {
    const code = (await signIn.openSetUp()) ?? '';
    await signIn.setUp({ code, ...first }, 'a');
    await expect(signIn.setUp({ code, ...first, email: 'b@example.org' }, 'a')).rejects.toMatchObject({
      code: 'wrong-setup-code',
    });
  });

  it('opens no set-up once there is an administrator', async () => {
    await setUp();
    expect(await signIn.openSetUp()).toBeUndefined();
  });

  it('lets one of two simultaneous set-ups win', async () => {
    const code = (await signIn.openSetUp()) ?? '';
    const tries = await Promise.allSettled(
      ['a', 'b'].map((name) => signIn.setUp({ code, ...first, email: `${name}@x.org` }, name)),
    );
    expect(tries.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
  });

  it('accepts the password whatever the case of the address', async () => {
    await setUp();
    expect(await signIn.signIn(' ADA@example.org ', first.password, 'a')).toMatchObject({ name: 'Ada Admin' });
  });

  it.each([
    ['a wrong password', 'ada@example.org', 'wrong wrong wrong'],
    ['an unknown address', 'eve@example.org', 'correct horse battery'],
  ])('refuses %s with the same words', async (_, email, password) => {
    await setUp();
    await expect(signIn.signIn(email, password, 'a')).rejects.toMatchObject({ code: 'wrong-credentials' });
  });

  describe('with guesses at a password', () => {
    const guess = (n: number, email: string, from: (i: number) => string) =>
      Promise.all(Array.from({ length: n }, (_, i) => expect(signIn.signIn(email, 'x', from(i))).rejects.toThrow()));
    const enters = async (from: string) => {
      const outcome = await signIn.signIn('ada@example.org', first.password, from).catch((error) => error.code);
      return typeof outcome === 'string' ? outcome : 'signed in';
    };
    beforeEach(setUp);

    it('stops after ten on one account from one address, and forgets it after a quarter of an hour', async () => {
      await guess(10, 'ada@example.org', () => '10.0.0.1');
      expect(await enters('10.0.0.1')).toBe('too-many-requests');
      clock.advance(15 * 60_000);
      expect(await enters('10.0.0.1')).toBe('signed in');
    });

    it('does not keep the owner out who comes from elsewhere', async () => {
      await guess(40, 'ada@example.org', () => '10.0.0.1');
      expect(await enters('10.0.0.2')).toBe('signed in');
    });

    it('stops after fifty on one account from everywhere, also when the owner signs in meanwhile', async () => {
      await guess(49, 'ada@example.org', (i) => `10.0.0.${i}`);
      expect(await enters('10.0.1.1')).toBe('signed in');
      await guess(1, 'ada@example.org', () => '10.0.0.60');
      expect(await enters('10.0.1.1')).toBe('too-many-requests');
    });

    it('stops after a hundred from one address, signing in aside, and takes one IPv6 network for one address', async () => {
      for (let n = 0; n < 5; n++) expect(await enters(`2001:db8:1:2::${n}`)).toBe('signed in');
      for (let n = 0; n < 10; n++) await guess(10, `user${n}@example.org`, (i) => `2001:db8:1:2:${n + 1}::${i + 1}`);
      expect(await enters('2001:db8:1:2::ffff')).toBe('too-many-requests');
      expect(await enters('2001:db8:1:3::1')).toBe('signed in');
    });
  });

  it('keeps a session for twelve hours, then not', async () => {
    const { id } = await setUp();
    const token = await signIn.openSession(id);
    expect(await signIn.ofSession(token)).toMatchObject({ id });
    clock.advance(sessionMs);
    expect(await signIn.ofSession(token)).toBeUndefined();
  });

  it('ends a session at sign-out', async () => {
    const { id } = await setUp();
    const token = await signIn.openSession(id);
    await signIn.endSession(token);
    expect(await signIn.ofSession(token)).toBeUndefined();
  });
});
