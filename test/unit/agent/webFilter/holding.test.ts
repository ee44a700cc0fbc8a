import { describe, expect, it } from 'vitest';
import { familyOf, resolverAddresses } from '../../../../agent/capabilities/webFilter/holding/addresses.ts';
import { rulesOf } from '../../../../agent/capabilities/webFilter/holding/holding.ts';
import {
  guardedNames,
  held,
  redirected,
  released,
} from '../../../../agent/capabilities/webFilter/holding/hosts-file.ts';
import { readTable, refusedWords } from '../../../../agent/capabilities/webFilter/holding/nft-reading.ts';
import { ruleset, serviceCgroup } from '../../../../agent/capabilities/webFilter/holding/nft-rules.ts';
import { dohAddresses, dohOperators } from '../../../../shared/filter/doh-addresses.ts';

describe('addresses of resolvers', () => {
  it('that are built in are addresses, each once, with a source', () => {
    expect(dohAddresses.filter((address) => familyOf(address) === 0)).toEqual([]);
    expect(new Set(dohAddresses).size).toBe(dohAddresses.length);
    expect(dohOperators.every(({ source }) => source.length > 10)).toBe(true);
  });

  const texts: [string, 0 | 4 | 6][] = [
    ['203.0.113.7', 4],
    ['203.0.113.0/24', 4],
    ['2001:db8::/32', 6],
    ['::ffff:192.0.2.1', 6],
    ['0.0.0.0/0', 0],
    ['10.0.0.0/7', 0],
    ['::/0', 0],
    ['1.2.3.4/33', 0],
    ['2001:db8::/129', 0],
    ['999.1.1.1', 0],
    ['1.2.3', 0],
    ['8.8.8.8 }; accept', 0],
    ['fe80::1%eth0', 0],
    ['', 0],
  ];
  it.each(texts)('%j is of family %i', (text, family) => {
    expect(familyOf(text)).toBe(family);
  });

  it('from the district join the built-in ones; what is none is named', () => {
    const { v4, v6, unclear } = resolverAddresses(['203.0.113.7', '8.8.8.8', '::/0']);
    expect(v4.filter((address) => address === '8.8.8.8')).toHaveLength(1);
    expect(v4).toContain('203.0.113.7');
    expect(v6).toContain('2620:fe::fe');
    expect(unclear).toEqual(['::/0']);
  });
});

describe('rules', () => {
  it('are asked for by the setting alone', () => {
    expect(rulesOf({ resolverAddresses: ['203.0.113.7'] })).toBeUndefined();
    expect(rulesOf({ holdDns: false })).toBeUndefined();
    expect(rulesOf({ holdDns: true })?.resolvers.v4).toContain('1.1.1.1');
  });

  const rules = { resolvers: { v4: ['8.8.8.8'], v6: [], unclear: [] } };
  it('let pass whom they exempt, by user or by service', () => {
    expect(ruleset(rules, { kind: 'user', id: 996 })).toContain('\n    meta skuid 996 accept\n');
    expect(ruleset(rules, { kind: 'service', cgroup: 'system.slice/rollcall-agent.service' })).toContain(
      '\n    socket cgroupv2 level 2 "system.slice/rollcall-agent.service" accept\n',
    );
  });

  it('leave out sets that would be empty, which nft refuses', () => {
    const text = ruleset(rules, { kind: 'user', id: 0 });
    expect(text).toContain('ip daddr @resolvers4');
    expect(text).not.toContain('resolvers6');
  });

  const cgroups: [string, string, string | undefined][] = [
    ['a service', '0::/system.slice/rollcall-agent.service\n', 'system.slice/rollcall-agent.service'],
    ['a service beside older hierarchies', '4:memory:/x\n0::/system.slice/a.service\n', 'system.slice/a.service'],
    ['a login session, whose programs would pass too', '0::/user.slice/user-1000.slice/session-1.scope\n', undefined],
    ['no service at all', '0::/\n', undefined],
    ['a name that would end the rule', '0::/system.slice/a" accept.service\n', undefined],
    ['nothing', '', undefined],
  ];
  it.each(cgroups)('know %s', (_what, content, expected) => {
    expect(serviceCgroup(content)).toBe(expected);
  });
});

describe('what nft shows', () => {
  const entry = (chain: string, handle: number, expr: unknown) => ({
    rule: { family: 'inet', table: 'rollcall', chain, handle, expr },
  });
  const listing = (packets: number, handle = 1, ...more: unknown[]) =>
    JSON.stringify({
      nftables: [
        { metainfo: { version: '1.0.6', json_schema_version: 1 } },
        { table: { family: 'inet', name: 'rollcall', handle } },
        { counter: { family: 'inet', name: 'dns', table: 'rollcall', handle, packets, bytes: packets * 60 } },
        {
          chain: {
            family: 'inet',
            table: 'rollcall',
            name: 'output',
            handle,
            hook: 'output',
            prio: -10,
            policy: 'accept',
          },
        },
        entry('output', handle + 1, [{ accept: null }]),
        ...more,
      ],
    });

  it('is the same whatever it counted and however it numbers', () => {
    expect(readTable(listing(5, 9))?.essence).toBe(readTable(listing(0))?.essence);
    expect(readTable(listing(5))?.refused).toBe(5);
    expect(readTable(listing(5))).toMatchObject({ rules: { output: 1 }, hooks: ['output'] });
  });

  it('differs by a rule more, and by the order of rules', () => {
    const [one, other] = [entry('output', 7, [{ drop: null }]), entry('output', 8, [{ continue: null }])];
    expect(readTable(listing(0, 1, one))?.essence).not.toBe(readTable(listing(0))?.essence);
    expect(readTable(listing(0, 1, one, other))?.essence).not.toBe(readTable(listing(0, 1, other, one))?.essence);
  });

  it.each(['', '{}', '[]', 'nonsense', '{"nftables":[null,1,{"table":{"name":"other"}}]}'])(
    'is no table of ours: %j',
    (text) => {
      expect(readTable(text)).toBeUndefined();
    },
  );

  it.each([
    [0, 'nothing refused yet'],
    [9, 'some packets refused'],
    [10, 'more than 10 packets refused'],
    [4321, 'more than 1000 packets refused'],
  ])('counts %i as "%s"', (packets, words) => {
    expect(refusedWords(packets)).toBe(words);
  });
});

describe('the hosts file', () => {
  const isGuarded = guardedNames({
    settings: { safeSearch: true, youtube: 'moderate', blockedDomains: ['bad.test', '*.below.test'] },
    lists: [],
    contact: '',
    essentials: ['school.test', '=login.test'],
  });
  const rows: [string, string, boolean][] = [
    ['a search engine', '203.0.113.9 www.google.com', true],
    ['a search engine among other names', '203.0.113.9 printer WWW.Google.de. # mine', true],
    ['a video site', '2001:db8::1\twww.youtube.com', true],
    ['an essential', '203.0.113.9 grades.school.test', true],
    ['an essential by itself', '203.0.113.9 login.test', true],
    ['a name below an essential that stands for itself', '203.0.113.9 x.login.test', false],
    ['a blocked domain', '203.0.113.9 bad.test', true],
    ['a blocked domain that leads nowhere', '0.0.0.0 bad.test', false],
    ["the host's own name", '127.0.1.1 laptop.school.test laptop', false],
    ['a printer', '10.1.1.1 printer', false],
    ['a comment', '# 203.0.113.9 www.google.com', false],
    ['no names', '203.0.113.9', false],
    ['nonsense', '\0\0 www.google.com"; x', false],
  ];
  it.each(rows)('%s: %j is held: %s', (_what, row, isHeld) => {
    const content = `127.0.0.1 localhost\n${row}\n`;
    expect(redirected(content, isGuarded).length > 0).toBe(isHeld);
    expect(held(content, isGuarded)).toBe(isHeld ? `127.0.0.1 localhost\n# rollcall-held: ${row}\n` : content);
    expect(released(held(content, isGuarded))).toBe(content);
  });

  it('keeps line ends of Windows, changes of others, and gives back what is no longer guarded', () => {
    const content = '127.0.0.1 localhost\r\n203.0.113.9 www.google.com\r\n';
    const changed = `${held(content, isGuarded)}10.1.1.1 printer\r\n`;
    expect(held(changed, isGuarded)).toBe(changed);
    expect(held(changed, () => false)).toBe(`${content}10.1.1.1 printer\r\n`);
  });
});
