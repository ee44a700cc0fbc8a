import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canaries } from '../../../shared/filter/canary.ts';
import { compileNames, openCompiled } from '../../../shared/filter/compiled.ts';
import { decideName, decideTarget, explainName, preparePolicy } from '../../../shared/filter/decide.ts';
import { type Category, type Decision, type InForce, layers } from '../../../shared/filter/decision.ts';
import type {
  FilterSchedule,
  Override,
  WebFilterSection,
  WebFilterSettings,
} from '../../../shared/profile/web-filter.ts';

const list = (id: string, names: string[], exceptions: string[] = []): Category => ({
  id,
  title: id,
  names: openCompiled(compileNames(names)),
  exceptions,
});
const categories = [
  list('adult', ['adult.test', 'both.test', 'login.test']),
  list(
    'gambling',
    ['casino.test', 'both.test', 'site.casino-games.test'],
    ['lessons.casino.test', 'casino-games.test'],
  ),
  list('games', ['games.test', 'casino-games.test', 'poker.test']),
  list('cards', ['poker.test']),
];

const override = (kind: Override['kind'], domains: string[], more: Partial<Override> = {}): Override => {
  return { id: '1', kind, domains, categories: [], from: 0, until: 100, reason: 'lesson', by: 'Ms Lee', ...more };
};
const schedule = (action: FilterSchedule['action'], domains: string[], held: string[] = []): FilterSchedule => {
  return { title: `${action} now`, action, domains, categories: held, when: { kind: 'always' }, place: 'anywhere' };
};

interface World extends WebFilterSettings {
  essentials?: string[];
  overrides?: Override[];
  /** Those that hold, until 50. */
  held?: FilterSchedule[];
}

function policyOf({ essentials = [], overrides = [], held = [], ...settings }: World) {
  const inForce: InForce = { overrides, schedules: held.map((one) => ({ schedule: one, until: 50 })), until: 50 };
  return preparePolicy({ settings: { ...settings, schedules: held }, essentials }, categories, inForce);
}

function words({ action, layer, category, rule, assignment, until, target }: Decision): string {
  const end = until === undefined ? undefined : `until ${until}`;
  return [action, layer, category, rule, assignment, end, target].filter((part) => part !== undefined).join(' ');
}

const locked = { lockedCategories: ['adult'] };
const gambling = { blockedCategories: ['gambling'] };
const games = { blockedCategories: ['games', 'cards'] };

describe('the layers of a decision', () => {
  const cases: [string, string, World, string][] = [
    [
      'a sign-in page is on the locked minimum',
      'login.test',
      { ...locked, essentials: ['login.test'] },
      'pass essential login.test',
    ],
    [
      'a sign-in page is on the blocked domains',
      'x.login.test',
      { blockedDomains: ['login.test'], essentials: ['*.login.test'] },
      'pass essential *.login.test',
    ],
    [
      'only one site is open, an essential passes',
      'login.test',
      { overrides: [override('only', ['a.test'])], essentials: ['login.test'] },
      'pass essential login.test',
    ],
    [
      'an essential is a search engine',
      'www.bing.com',
      { safeSearch: true, essentials: ['bing.com'] },
      'rewrite safe-search www.bing.com strict.bing.com',
    ],
    [
      'an essential is a canary',
      'mask.icloud.com',
      { essentials: ['mask.icloud.com'] },
      'nxdomain canary mask.icloud.com',
    ],
    [
      'a system asks it to learn of a captive portal',
      'captive.apple.com',
      { blockedDomains: ['apple.com'] },
      'pass essential =captive.apple.com',
    ],
    [
      'it is below a host that systems ask',
      'x.captive.apple.com',
      { blockedDomains: ['apple.com'] },
      'block district-block apple.com',
    ],
    ['a locked category holds it', 'x.adult.test', locked, 'block locked-minimum adult adult.test'],
    [
      'a locked category holds what is allowed',
      'adult.test',
      { ...locked, allowedDomains: ['=adult.test'] },
      'block locked-minimum adult adult.test',
    ],
    [
      'a locked category holds what staff opened',
      'adult.test',
      { ...locked, overrides: [override('allow', ['adult.test'], { everything: true })] },
      'block locked-minimum adult adult.test',
    ],
    [
      'a locked category holds what a schedule opens',
      'adult.test',
      { ...locked, held: [schedule('allow', ['adult.test'], ['adult'])] },
      'block locked-minimum adult adult.test',
    ],
    [
      'a locked category is on the blocked ones too',
      'both.test',
      { ...locked, blockedCategories: ['gambling', 'adult'] },
      'block locked-minimum adult both.test',
    ],
    ['its list is not here', 'a.test', { lockedCategories: ['unknown'] }, 'pass default'],
    ['no setting names its category', 'casino.test', {}, 'pass default'],
    ['it is an exception of the list', 'lessons.casino.test', gambling, 'pass default'],
    ['it is below an exception of the list', 'x.lessons.casino.test', gambling, 'pass default'],
    ['it is above an exception of the list', 'casino.test', gambling, 'block category gambling casino.test'],
    ['an exception lies above what is listed', 'site.casino-games.test', gambling, 'pass default'],
    [
      'an exception of one list does not touch another',
      'casino-games.test',
      { blockedCategories: ['gambling', 'games'] },
      'block category games casino-games.test',
    ],
    [
      'staff opened a blocked domain',
      'a.test',
      { blockedDomains: ['a.test'], overrides: [override('allow', ['a.test'])] },
      'block district-block a.test',
    ],
    [
      'staff opened a domain of a blocked category',
      'www.casino.test',
      { ...gambling, overrides: [override('allow', ['casino.test'])] },
      'pass override casino.test Ms Lee until 100',
    ],
    [
      'staff opened a blocked category',
      'games.test',
      { ...games, overrides: [override('allow', [], { categories: ['games'] })] },
      'pass override games Ms Lee until 100',
    ],
    [
      'staff opened one of two blocked categories that hold it',
      'poker.test',
      { ...games, overrides: [override('allow', [], { categories: ['games'] })] },
      'block category games poker.test',
    ],
    [
      'staff opened both categories that hold it',
      'poker.test',
      { ...games, overrides: [override('allow', [], { categories: ['cards', 'games'] })] },
      'pass override cards Ms Lee until 100',
    ],
    [
      'staff opened everything',
      'casino.test',
      { ...gambling, overrides: [override('allow', [], { everything: true })] },
      'pass override Ms Lee until 100',
    ],
    [
      'staff opened a search engine',
      'www.google.com',
      { safeSearch: true, overrides: [override('allow', ['google.com'])] },
      'rewrite safe-search www.google.com forcesafesearch.google.com',
    ],
    [
      'staff closed an allowed domain',
      'a.test',
      { allowedDomains: ['a.test'], overrides: [override('block', ['a.test'])] },
      'block override a.test Ms Lee until 100',
    ],
    [
      'staff closed a category that nothing else blocks',
      'games.test',
      { overrides: [override('block', [], { categories: ['games'] })] },
      'block override games Ms Lee until 100',
    ],
    [
      'staff closed everything but opened it',
      'x.a.test',
      { overrides: [override('block', [], { everything: true }), override('allow', ['a.test'])] },
      'pass override a.test Ms Lee until 100',
    ],
    [
      'one opened a domain and another closed a part of it',
      'x.a.test',
      { overrides: [override('allow', ['a.test'], { until: 300 }), override('block', ['x.a.test'], { by: 'Mr Yu' })] },
      'block override x.a.test Mr Yu until 100',
    ],
    [
      'one closed a domain and another opened a part of it',
      'x.a.test',
      { overrides: [override('allow', ['x.a.test']), override('block', ['a.test'])] },
      'pass override x.a.test Ms Lee until 100',
    ],
    [
      'one opened and another closed the same domain',
      'a.test',
      { overrides: [override('allow', ['a.test'], { until: 300 }), override('block', ['a.test'], { by: 'Mr Yu' })] },
      'block override a.test Mr Yu until 100',
    ],
    [
      'two closed the same domain, the later end is told',
      'a.test',
      { overrides: [override('block', ['a.test']), override('block', ['a.test'], { until: 300, by: 'Mr Yu' })] },
      'block override a.test Mr Yu until 300',
    ],
    [
      'two closed the same category, the later end is told',
      'games.test',
      {
        overrides: [100, 300, 200].map((until) => override('block', [], { categories: ['games'], until })),
      },
      'block override games Ms Lee until 300',
    ],
    [
      'a domain was opened although its category was closed',
      'games.test',
      { overrides: [override('block', [], { categories: ['games'] }), override('allow', ['games.test'])] },
      'pass override games.test Ms Lee until 100',
    ],
    [
      'only other sites are open',
      'b.test',
      { overrides: [override('only', ['a.test'])] },
      'block override Ms Lee until 100',
    ],
    ['it is the only site that is open', 'x.a.test', { overrides: [override('only', ['a.test'])] }, 'pass default'],
    [
      'only allowed domains would be open',
      'b.test',
      { allowedDomains: ['b.test'], overrides: [override('only', ['a.test'])] },
      'block override Ms Lee until 100',
    ],
    [
      'the only site that is open is in a blocked category',
      'casino.test',
      { ...gambling, overrides: [override('only', ['casino.test'])] },
      'block category gambling casino.test',
    ],
    [
      'only a category is open, and holds it',
      'games.test',
      { overrides: [override('only', [], { categories: ['games'] })] },
      'pass default',
    ],
    [
      'an "only" lists everything',
      'b.test',
      { overrides: [override('only', ['a.test']), override('only', [], { everything: true })] },
      'pass default',
    ],
    [
      'one of two "only" lists it',
      'b.test',
      { overrides: [override('only', ['a.test']), override('only', ['b.test'])] },
      'pass default',
    ],
    [
      'neither of two "only" lists it',
      'c.test',
      { overrides: [override('only', ['a.test']), override('only', ['b.test'], { until: 300, by: 'Mr Yu' })] },
      'block override Mr Yu until 300',
    ],
    [
      'only other sites are open, but it was opened beside them',
      'b.test',
      { overrides: [override('only', ['a.test']), override('allow', ['b.test'])] },
      'pass override b.test Ms Lee until 100',
    ],
    [
      'only other sites are open for a class, but everything for this person',
      'b.test',
      { overrides: [override('only', ['a.test']), override('allow', [], { everything: true, by: 'Mr Yu' })] },
      'pass override Mr Yu until 100',
    ],
    [
      'a schedule blocks an allowed domain',
      'a.test',
      { allowedDomains: ['a.test'], held: [schedule('block', ['a.test'])] },
      'pass allow a.test',
    ],
    [
      'a schedule blocks a domain',
      'x.a.test',
      { held: [schedule('block', ['a.test'])] },
      'block schedule block now until 50',
    ],
    [
      'a schedule blocks a category',
      'games.test',
      { held: [schedule('block', [], ['games'])] },
      'block schedule games block now until 50',
    ],
    [
      'a schedule opens a blocked category',
      'games.test',
      { ...games, held: [schedule('allow', [], ['games'])] },
      'pass schedule games allow now until 50',
    ],
    [
      'a schedule opens one of two categories that hold it',
      'poker.test',
      { ...games, held: [schedule('allow', [], ['cards'])] },
      'block category games poker.test',
    ],
    [
      'a schedule opens a domain of a blocked category',
      'casino.test',
      { ...gambling, held: [schedule('allow', ['casino.test'])] },
      'pass schedule allow now until 50',
    ],
    [
      'a schedule opens a blocked domain',
      'a.test',
      { blockedDomains: ['a.test'], held: [schedule('allow', ['a.test'])] },
      'block district-block a.test',
    ],
    [
      'one schedule opens and another blocks it',
      'x.a.test',
      { held: [schedule('allow', ['x.a.test']), schedule('block', ['a.test'])] },
      'block schedule block now until 50',
    ],
    [
      'staff opened what a schedule blocks',
      'a.test',
      { held: [schedule('block', ['a.test'])], overrides: [override('allow', ['a.test'])] },
      'pass override a.test Ms Lee until 100',
    ],
    [
      'a schedule opens a search engine',
      'duckduckgo.com',
      { safeSearch: true, held: [schedule('allow', ['duckduckgo.com'])] },
      'rewrite safe-search duckduckgo.com safe.duckduckgo.com',
    ],
  ];
  it.each(cases)('when %s', (_when, name, world, expected) => {
    expect(words(decideName(name, policyOf(world)))).toBe(expected);
  });

  it('names the profile that says so, whose entries come in runs', () => {
    const section: Pick<WebFilterSection, 'settings' | 'origins'> = {
      settings: {
        lockedCategories: ['unknown', 'adult'],
        blockedCategories: ['games', 'gambling'],
        blockedDomains: ['a.test', 'b.test', 'c.test'],
        allowedDomains: ['d.test'],
        schedules: [schedule('block', ['e.test']), { ...schedule('block', ['f.test']), title: 'second' }],
      },
      origins: {
        lockedCategories: [
          { profile: 'State', count: 1 },
          { profile: 'District', count: 1 },
        ],
        blockedCategories: [
          { profile: 'All', count: 1 },
          { profile: 'Grade 5', count: 1 },
        ],
        blockedDomains: [
          { profile: 'All', count: 2 },
          { profile: 'School', count: 1 },
        ],
        schedules: [
          { profile: 'All', count: 1 },
          { profile: 'School', count: 1 },
        ],
      },
    };
    const schedules = (section.settings.schedules ?? []).map((one) => ({ schedule: one, until: 50 }));
    const policy = preparePolicy(section, categories, { overrides: [], schedules, until: 50 });
    const givers = ['adult', 'games', 'casino', 'a', 'b', 'c', 'd', 'e', 'f'].map((name) => {
      return `${name} ${decideName(`${name}.test`, policy).assignment}`;
    });
    expect(givers).toEqual([
      'adult District',
      'games All',
      'casino Grade 5',
      'a All',
      'b All',
      'c School',
      'd undefined',
      'e All',
      'f School',
    ]);
  });

  it('gives no end to a schedule that never ends', () => {
    const inForce = {
      overrides: [],
      schedules: [{ schedule: schedule('block', ['a.test']), until: Infinity }],
      until: Infinity,
    };
    expect(decideName('a.test', preparePolicy({ settings: {} }, [], inForce))).not.toHaveProperty('until');
  });
});

describe('where an answer leads', () => {
  const only = { overrides: [override('only', ['a.test'])] };
  const cases: [string, string, string, World, string | undefined][] = [
    ['to a name of a blocked category', 'a.test', 'casino.test', gambling, 'block category gambling casino.test'],
    ['to a blocked domain', 'a.test', 'b.test', { blockedDomains: ['b.test'] }, 'block district-block b.test'],
    ['to an open name', 'a.test', 'b.test', gambling, undefined],
    ['to an allowed name', 'a.test', 'casino.test', { ...gambling, allowedDomains: ['casino.test'] }, undefined],
    ['to a canary', 'a.test', 'mask.icloud.com', {}, undefined],
    ['from an allowed name', 'a.test', 'casino.test', { ...gambling, allowedDomains: ['a.test'] }, undefined],
    [
      'from an allowed name to the locked minimum',
      'a.test',
      'adult.test',
      { ...locked, allowedDomains: ['a.test'] },
      'block locked-minimum adult adult.test',
    ],
    [
      'from a name that staff opened',
      'a.test',
      'casino.test',
      { ...gambling, overrides: [override('allow', ['a.test'])] },
      undefined,
    ],
    [
      'from a name that a schedule opens',
      'a.test',
      'casino.test',
      { ...gambling, held: [schedule('allow', ['a.test'])] },
      undefined,
    ],
    [
      'from an essential to the locked minimum',
      'a.test',
      'adult.test',
      { ...locked, essentials: ['a.test'] },
      undefined,
    ],
    [
      'to what staff closed',
      'a.test',
      'b.test',
      { overrides: [override('block', ['b.test'])] },
      'block override b.test Ms Lee until 100',
    ],
    ['from the only open site to its host', 'a.test', 'cdn.test', only, undefined],
    [
      'from the only open site to a blocked category',
      'a.test',
      'casino.test',
      { ...gambling, ...only },
      'block category gambling casino.test',
    ],
    ['to a search engine', 'a.test', 'www.google.com', { safeSearch: true }, undefined],
  ];
  it.each(cases)('%s', (_where, name, target, world, expected) => {
    const policy = policyOf(world);
    const asked = decideName(name, policy);
    expect(asked.action).toBe('pass');
    const block = decideTarget(target, asked, policy);
    expect(block && words(block)).toBe(expected);
  });
});

describe('the explanation of a decision', () => {
  const labels = ['a', 'b', 'casino', 'adult', 'games'];
  const name = fc.array(fc.constantFrom(...labels), { maxLength: 3 }).map((parts) => [...parts, 'test'].join('.'));
  const asked = fc.oneof(
    { weight: 6, arbitrary: name },
    fc.constantFrom(...canaries.keys(), 'www.google.com', 'm.youtube.com'),
  );
  const pattern = fc.tuple(fc.constantFrom('', '', '=', '*.'), asked).map(([prefix, domain]) => prefix + domain);
  const patterns = fc.array(pattern, { maxLength: 4 });
  const ids = fc.subarray(categories.map(({ id }) => id));
  const anOverride = fc.record({
    kind: fc.constantFrom('allow', 'block', 'only'),
    domains: patterns,
    categories: ids,
    until: fc.constantFrom(10, 20),
    everything: fc.boolean(),
  });
  const aSchedule = fc.record({ action: fc.constantFrom('allow', 'block'), domains: patterns, categories: ids });
  const world = fc.record({
    lockedCategories: ids,
    blockedCategories: ids,
    blockedDomains: patterns,
    allowedDomains: patterns,
    essentials: patterns,
    safeSearch: fc.boolean(),
    youtube: fc.constantFrom('off', 'strict'),
    overrides: fc.array(
      anOverride.map((some) => override(some.kind, some.domains, some)),
      { maxLength: 3 },
    ),
    held: fc.array(
      aSchedule.map((some) => schedule(some.action, some.domains, some.categories)),
      { maxLength: 3 },
    ),
  }) as fc.Arbitrary<World>;

  it('has every layer in order, and exactly the one that decides says what decideName says', () => {
    fc.assert(
      fc.property(world, asked, (made, host) => {
        const policy = policyOf(made);
        const views = explainName(host, policy);
        expect(views.map(({ layer }) => layer)).toEqual([...layers]);
        expect(views.filter(({ decides }) => decides).map(({ says }) => says)).toEqual([decideName(host, policy)]);
        for (const { layer, says } of views) expect(says?.layer ?? layer).toBe(layer);
      }),
      { numRuns: 1000 },
    );
  });

  it('is decided by the first layer that speaks, unless it passes and safe search speaks', () => {
    fc.assert(
      fc.property(world, asked, (made, host) => {
        const views = explainName(host, policyOf(made));
        const first = views.find(({ says }) => says);
        const rewrite = views.find(({ layer, says }) => layer === 'safe-search' && says);
        const deciding = views.find(({ decides }) => decides);
        expect(deciding).toBe(first?.says?.action === 'pass' && rewrite ? rewrite : first);
      }),
      { numRuns: 300 },
    );
  });

  it('never lets anything but an essential open the locked minimum', () => {
    fc.assert(
      fc.property(world, asked, (made, host) => {
        const policy = policyOf({ ...made, essentials: [] });
        const held = explainName(host, policy).some(({ layer, says }) => layer === 'locked-minimum' && says);
        if (held && !canaries.has(host)) expect(decideName(host, policy).layer).toBe('locked-minimum');
      }),
      { numRuns: 500 },
    );
  });
});
