import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../../server/access/network.ts';
import { hashPassword, verifyPassword } from '../../../../server/access/password.ts';
import { SeededRandom } from '../../../fakes/clock.ts';

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
