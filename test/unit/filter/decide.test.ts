import { describe, expect, it } from 'vitest';
import { compileNames, openCompiled } from '../../../shared/filter/compiled.ts';
import { decideName, preparePolicy } from '../../../shared/filter/decide.ts';
import { safeSearchTargets } from '../../../shared/filter/safe-search.ts';
import type { WebFilterSettings } from '../../../shared/profile/web-filter.ts';

const category = (id: string, ...names: string[]) => ({ id, title: id, names: openCompiled(compileNames(names)) });
const gambling = category('gambling', 'casino.test', 'www.google.com');
const bypass = category('bypass', 'use-application-dns.net', 'casino.test');

/** `block district-block a.test`: action, layer, then category, rule and target where they are. */
function inWords(name: string, settings: WebFilterSettings, categories = [gambling, bypass]): string {
  const all = { blockedCategories: categories.map(({ id }) => id), ...settings };
  const { action, layer, category, rule, target } = decideName(name, preparePolicy({ settings: all }, categories));
  return [action, layer, category, rule, target].filter((part) => part !== undefined).join(' ');
}

describe('the decision about a name', () => {
  const cases: [string, string, WebFilterSettings, string][] = [
    ['nothing speaks of it', 'a.test', {}, 'pass default'],
    ['it is blocked', 'a.test', { blockedDomains: ['a.test'] }, 'block district-block a.test'],
    ['a domain above it is blocked', 'x.y.a.test', { blockedDomains: ['a.test'] }, 'block district-block a.test'],
    ['it only ends alike', 'ba.test', { blockedDomains: ['a.test'] }, 'pass default'],
    ['it alone is blocked', 'a.test', { blockedDomains: ['=a.test'] }, 'block district-block =a.test'],
    ['only the one above is blocked', 'x.a.test', { blockedDomains: ['=a.test'] }, 'pass default'],
    ['only what is below is blocked', 'a.test', { blockedDomains: ['*.a.test'] }, 'pass default'],
    ['it is below a wildcard', 'x.a.test', { blockedDomains: ['*.a.test'] }, 'block district-block *.a.test'],
    ['two patterns make one', 'a.test', { blockedDomains: ['*.a.test', '=a.test'] }, 'block district-block =a.test'],
    ['the pattern has capitals and a dot', 'a.test', { blockedDomains: ['A.Test.'] }, 'block district-block A.Test.'],
    [
      'the pattern is not ASCII',
      'xn--mnchen-3ya.test',
      { blockedDomains: ['münchen.test'] },
      'block district-block münchen.test',
    ],
    ['a whole top-level domain is blocked', 'x.zip', { blockedDomains: ['zip'] }, 'block district-block zip'],
    ['a pattern is no name', 'a.test', { blockedDomains: ['a..test'] }, 'pass default'],
    [
      'it is allowed below a blocked domain',
      'ok.a.test',
      { blockedDomains: ['a.test'], allowedDomains: ['ok.a.test'] },
      'pass allow ok.a.test',
    ],
    [
      'it is blocked below an allowed domain',
      'bad.a.test',
      { blockedDomains: ['bad.a.test'], allowedDomains: ['a.test'] },
      'block district-block bad.a.test',
    ],
    [
      'it is both blocked and allowed',
      'a.test',
      { blockedDomains: ['a.test'], allowedDomains: ['a.test'] },
      'pass allow a.test',
    ],
    [
      'allowed alone, it is blocked below',
      'x.a.test',
      { blockedDomains: ['a.test'], allowedDomains: ['=a.test'] },
      'block district-block a.test',
    ],
    [
      'a wider exception meets a narrower block in turn',
      'x.b.a.test',
      { blockedDomains: ['a.test', '=x.b.a.test'], allowedDomains: ['b.a.test'] },
      'block district-block =x.b.a.test',
    ],
    ['a category holds it', 'www.casino.test', {}, 'block category gambling casino.test'],
    [
      'a category holds it but it is allowed',
      'casino.test',
      { allowedDomains: ['casino.test'] },
      'pass allow casino.test',
    ],
    [
      'the district blocks what a category holds',
      'casino.test',
      { blockedDomains: ['test'] },
      'block district-block test',
    ],
    [
      'a search engine in a blocked category',
      'www.google.com',
      { safeSearch: true },
      'block category gambling www.google.com',
    ],
    [
      'a search engine',
      'www.google.de',
      { safeSearch: true },
      'rewrite safe-search www.google.de forcesafesearch.google.com',
    ],
    ['a search engine without safe search', 'www.google.de', {}, 'pass default'],
    ['what is below a search engine', 'x.www.google.de', { safeSearch: true }, 'pass default'],
    [
      'an allowed search engine still filters its results',
      'www.bing.com',
      { safeSearch: true, allowedDomains: ['bing.com'] },
      'rewrite safe-search www.bing.com strict.bing.com',
    ],
    [
      'YouTube strict',
      'www.youtube.com',
      { youtube: 'strict' },
      'rewrite safe-search www.youtube.com restrict.youtube.com',
    ],
    [
      'YouTube moderate',
      'm.youtube.com',
      { youtube: 'moderate' },
      'rewrite safe-search m.youtube.com restrictmoderate.youtube.com',
    ],
    ['YouTube off', 'm.youtube.com', { youtube: 'off', safeSearch: true }, 'pass default'],
    ['a canary', 'mask.icloud.com', {}, 'nxdomain canary mask.icloud.com'],
    ['what is below a canary', '_dns.resolver.arpa', {}, 'nodata canary resolver.arpa'],
    ['a canary that a category holds', 'use-application-dns.net', {}, 'nxdomain canary use-application-dns.net'],
    [
      'a canary below a blocked domain',
      'mask.icloud.com',
      { blockedDomains: ['icloud.com'] },
      'nxdomain canary mask.icloud.com',
    ],
    [
      'a canary below an allowed domain',
      'mask.icloud.com',
      { allowedDomains: ['icloud.com'] },
      'nxdomain canary mask.icloud.com',
    ],
    [
      'a canary allowed by name',
      'mask.icloud.com',
      { allowedDomains: ['mask.icloud.com'] },
      'pass allow mask.icloud.com',
    ],
    ['the root', '', { blockedDomains: ['a.test'] }, 'pass default'],
    ['a name with strange bytes', 'a\\046test', { blockedDomains: ['a.test'] }, 'pass default'],
  ];
  it.each(cases)('when %s', (_when, name, settings, expected) => {
    expect(inWords(name, settings)).toBe(expected);
  });

  it('names the first category of the profile that holds it', () => {
    expect(inWords('casino.test', {}, [bypass, gambling])).toBe('block category bypass casino.test');
  });
});

describe('the tables of safe search', () => {
  const targets = safeSearchTargets(true, 'strict');
  it('hold all 194 hosts of Google', () => {
    const google = [...targets].filter(([, target]) => target === 'forcesafesearch.google.com');
    expect(google).toHaveLength(194);
    expect(google.every(([host]) => /^www\.google\.(com|cat|[a-z]{2}|com?\.[a-z]{2})$/.test(host))).toBe(true);
  });
  it('never send a host on to another host that is sent on', () => {
    expect([...targets.values()].filter((target) => targets.has(target))).toEqual([]);
  });
  it('are empty when nothing is switched on', () => {
    expect(safeSearchTargets(false, 'off').size).toBe(0);
  });
});
