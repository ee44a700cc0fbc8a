import { describe, expect, it } from 'vitest';
import { specialUse } from '../../../../agent/filter/special-names.ts';

describe('names of a special use', () => {
  const cases: [string, ReturnType<typeof specialUse>][] = [
    ['localhost', 'localhost'],
    ['a.b.localhost', 'localhost'],
    ['notlocalhost', undefined],
    ['localhost.test', undefined],
    ['x.invalid', 'nowhere'],
    ['onion', 'nowhere'],
    ['printer.local', 'network'],
    ['local', 'network'],
    ['local.test', undefined],
    ['wiki.corp', 'network'],
    ['home.arpa', 'network'],
    ['nas.home.arpa', 'network'],
    ['nothome.arpa', undefined],
    ['resolver.arpa', undefined],
    ['1.0.0.10.in-addr.arpa', 'network'],
    ['1.0.0.110.in-addr.arpa', undefined],
    ['1.0.15.172.in-addr.arpa', undefined],
    ['1.0.16.172.in-addr.arpa', 'network'],
    ['1.0.31.172.in-addr.arpa', 'network'],
    ['1.0.32.172.in-addr.arpa', undefined],
    ['1.0.168.192.in-addr.arpa', 'network'],
    ['1.0.169.192.in-addr.arpa', undefined],
    ['1.0.63.100.in-addr.arpa', undefined],
    ['1.0.64.100.in-addr.arpa', 'network'],
    ['1.0.127.100.in-addr.arpa', 'network'],
    ['1.0.254.169.in-addr.arpa', 'network'],
    ['1.0.0.127.in-addr.arpa', 'network'],
    ['8.8.8.8.in-addr.arpa', undefined],
    ['1.0.0.d.f.ip6.arpa', 'network'],
    ['1.0.8.e.f.ip6.arpa', 'network'],
    ['1.0.c.e.f.ip6.arpa', undefined],
    ['8.b.d.0.1.0.0.2.ip6.arpa', undefined],
    ['', undefined],
    ['arpa', undefined],
  ];
  it.each(cases)('%s: %s', (name, use) => {
    expect(specialUse(name)).toBe(use);
  });
});
