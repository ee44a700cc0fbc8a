import { describe, expect, it } from 'vitest';
import { differencesOf } from '../../../../server/policy-code/differences.ts';
import { remembering } from '../../../../server/policy-code/folder-memory.ts';
import { fingerprintOf, objectsOf, policyOf } from '../../../../server/policy-code/objects.ts';
import { gone, type LiveObject, planOf, sweepWords } from '../../../../server/policy-code/plan.ts';
import { type KnownNames, problemsBetween } from '../../../../server/policy-code/policy-problems.ts';
import type { Policy, PolicyProfile } from '../../../../shared/api/schemas.ts';

const profile = (name: string, idleMinutes = 5): LiveObject => ({
  ...{ kind: 'profile', name },
  document: { name, description: '', settings: { screenLock: { idleMinutes } }, assignments: [] },
});
const lab = profile('Lab');
const labKnown = fingerprintOf(lab);

interface Case {
  live?: LiveObject[];
  wanted?: LiveObject[];
  known?: Record<string, string[]>;
  prune?: boolean;
}

describe('the plan', () => {
  const cases: [string, Case, string[]][] = [
    ['leaves alone what is as wanted', { live: [lab], wanted: [lab] }, ['unchanged Lab']],
    ['makes what is not there', { wanted: [lab] }, ['create Lab']],
    [
      'makes what has a name and nothing published',
      { live: [{ ...lab, document: null }], wanted: [lab] },
      ['create Lab'],
    ],
    [
      'changes what the folder knows',
      { live: [lab], wanted: [profile('Lab', 9)], known: { 'profile Lab': [labKnown] } },
      ['update Lab'],
    ],
    ['minds what the folder never saw', { live: [lab], wanted: [profile('Lab', 9)] }, ['update Lab!']],
    [
      'minds what was changed since',
      { live: [lab], wanted: [profile('Lab', 9)], known: { 'profile Lab': ['another'] } },
      ['update Lab!'],
    ],
    [
      'does not mind a change to just what is wanted',
      { live: [lab], wanted: [lab], known: { 'profile Lab': ['another'] } },
      ['unchanged Lab'],
    ],
    ['minds what was deleted since', { wanted: [lab], known: { 'profile Lab': [labKnown] } }, ['create Lab!']],
    [
      'makes again what it took away itself',
      { wanted: [lab], known: { 'profile Lab': [gone, labKnown] } },
      ['create Lab'],
    ],
    [
      'changes what nobody has decided yet',
      { live: [{ ...lab, isInitial: true }], wanted: [profile('Lab', 9)] },
      ['update Lab'],
    ],
    ['keeps what is not in the folder', { live: [lab], known: { 'profile Lab': [labKnown] } }, []],
    ['takes it away when asked', { live: [lab], known: { 'profile Lab': [labKnown] }, prune: true }, ['remove Lab']],
    ['minds taking away what it never saw', { live: [lab], prune: true }, ['remove Lab!']],
    ['takes away nothing that is not published', { live: [{ ...lab, document: null }], prune: true }, []],
    [
      'takes away no settings there is one of',
      { live: [{ kind: 'filter', name: 'filter', document: {} }], prune: true },
      [],
    ],
    [
      'takes away in the opposite order, so that users go before what they use',
      {
        live: [{ kind: 'list', name: 'games', document: {} }, { kind: 'group', name: 'G', document: {} }, lab],
        prune: true,
        known: {
          'list games': [fingerprintOf({ document: {} })],
          'group G': [fingerprintOf({ document: {} })],
          'profile Lab': [labKnown],
        },
      },
      ['remove Lab', 'remove G', 'remove games'],
    ],
  ];
  it.each(cases)('%s', (_, { live = [], wanted = [], known = {}, prune = false }, planned) => {
    const steps = planOf({ live, wanted, known: (key) => known[key] ?? [], prune });
    expect(steps.map(({ object, action, changedHere }) => `${action} ${object.name}${changedHere ? '!' : ''}`)).toEqual(
      planned,
    );
  });

  it('does not compare the version of a list that is fetched, and does that of one that is not', () => {
    const list = (artifact: string, url?: string): LiveObject => {
      const subscription = url === undefined ? null : { url, refreshHours: 24 };
      return { kind: 'list', name: 'games', document: { category: 'games', artifact, subscription } };
    };
    const action = (live: LiveObject, wanted: LiveObject) =>
      planOf({ live: [live], wanted: [wanted], known: () => [], prune: false })[0]?.action;
    expect(action(list('a'), list('b'))).toBe('update');
    expect(action(list('a', 'https://x.example/'), list('b', 'https://x.example/'))).toBe('unchanged');
    expect(action(list('a', 'https://x.example/'), list('a', 'https://y.example/'))).toBe('update');
  });
});

describe('a folder that would sweep the policy away', () => {
  const live = ['A', 'B', 'C', 'D'].map((name) => profile(name));
  const filter: LiveObject = { kind: 'filter', name: 'filter', document: {} };
  const sweep = (wanted: LiveObject[], prune: boolean, there = live) =>
    sweepWords(planOf({ live: [...there, filter], wanted, known: () => [], prune }));
  it.each([
    ['takes away all', [], true, live, /4 of the 4/],
    ['takes away all and brings others', [profile('E'), profile('F'), filter], true, live, /4 of the 4/],
    ['takes away most', live.slice(0, 1), true, live, /3 of the 4/],
    ['takes away the only one', [], true, live.slice(0, 1), /1 of the 1/],
    ['takes away half', live.slice(0, 2), true, live, undefined],
    ['may not take away', [], false, live, undefined],
    ['finds nothing to take away', [filter], true, [], undefined],
  ])('%s', (_, wanted, prune, there, words) => {
    const said = sweep(wanted, prune, there);
    if (words) expect(said).toMatch(words);
    else expect(said).toBeUndefined();
  });
});

describe('what a folder is remembered by', () => {
  const step = (action: 'create' | 'update' | 'remove') => ({
    object: lab,
    action,
    differences: [],
    changedHere: false,
  });
  it.each([
    ['what it applied, before what it applied earlier', ['old'], step('update'), null, [labKnown, 'old']],
    ['that it took it away', ['old'], step('remove'), null, [gone]],
    [
      'what is still there until the change that takes it away is published, and that it is gone then',
      ['old'],
      step('remove'),
      { change: 'c', items: { 'profile Lab': 'remove' } },
      [gone, labKnown, 'old'],
    ],
    [
      'that what waits is not there yet',
      [],
      step('create'),
      { change: 'c', items: { 'profile Lab': 'x' } },
      [gone, labKnown],
    ],
    ['the last few only', ['1', '2', '3', '4', '5'], step('update'), null, [labKnown, '1', '2', '3', '4']],
  ])('%s', (_, before, taken, waiting, after) => {
    const memory = { known: { 'profile Lab': before }, waiting: null };
    expect(remembering(memory, [taken], waiting).known['profile Lab']).toEqual(after);
  });
});

describe('documents', () => {
  it('are the same whatever their order, and come back as they were', () => {
    const policy: Policy = {
      profiles: [lab.document, profile('A').document] as PolicyProfile[],
      ...{ groups: [], calendars: [], lists: [], compliance: { graceDays: 5, checks: [] } },
    };
    const turned = { ...policy, profiles: policy.profiles.toReversed() };
    expect(objectsOf(policy)).toEqual(objectsOf(turned));
    expect(policyOf(objectsOf(policy))).toEqual(turned);
  });
});

describe('differences in words', () => {
  it.each([
    ['a value', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b: 1 → 2']],
    ['what is new', {}, { a: 'x' }, ['a: nothing → x']],
    ['a list', { a: ['x', 'y'] }, { a: ['y', 'z'] }, ['a: −x, +z']],
    ['the order of a list', { a: [1, 2] }, { a: [2, 1] }, ['a: in another order']],
    ['a long list', { a: [] }, { a: [1, 2, 3, 4, 5, 6, 7] }, ['a: +1, +2, +3, +4, +5, +2 more']],
    ['nothing', { a: [1] }, { a: [1] }, []],
  ])('%s', (_, before, after, words) => {
    expect(differencesOf(before, after)).toEqual(words);
  });

  it('are at most twenty, and none is without end', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`k${index}`, 'x'.repeat(5000)]));
    const words = differencesOf({}, many);
    expect(words).toHaveLength(20);
    expect(words.at(-1)).toBe('… and 11 more');
    expect(Math.max(...words.map(({ length }) => length))).toBeLessThanOrEqual(600);
  });
});

describe('problems between documents', () => {
  const known: KnownNames = {
    ...{ orgs: new Set(['maple']), classes: new Set(['c']), people: new Set(['p']) },
    ...{ groups: new Set(['G']), profiles: new Set(['P']), categories: new Set(['games']) },
  };
  const empty: Policy = { profiles: [], groups: [], calendars: [], lists: [] };
  const withSelector = (selector: Extract<Policy['groups'][number], { kind: 'rule' }>['selector']): Policy => ({
    ...empty,
    groups: [{ name: 'G', description: '', kind: 'rule', selector }],
  });
  const restrict = (name: string): Policy => ({
    ...empty,
    compliance: { graceDays: 5, checks: [], steps: { remindDays: 1, restrict: { profile: name, afterDays: 2 } } },
  });
  const filtering = (category: string): Policy => ({
    ...empty,
    profiles: [
      { name: 'P', description: '', settings: { webFilter: { blockedCategories: [category] } }, assignments: [] },
    ],
  });
  it.each([
    [
      'a unit',
      withSelector({ kind: 'not', of: { kind: 'org', org: 'oak' } }),
      ['group G: the roster has no unit oak.'],
    ],
    [
      'a class',
      withSelector({ kind: 'all', of: [{ kind: 'class', class: 'x' }] }),
      ['group G: the roster has no class x.'],
    ],
    ['a person', withSelector({ kind: 'person', person: 'x' }), ['group G: the roster has no person x.']],
    ['a group', withSelector({ kind: 'group', group: 'H' }), ['group G: there is no group “H”.']],
    ['a list', filtering('chess'), ['profile P: there is no list for “chess”.']],
    ['a restriction', restrict('Q'), ['compliance compliance: there is no profile “Q” to restrict with.']],
    ['nothing where all is known', withSelector({ kind: 'org', org: 'maple' }), []],
    ['nothing of lists that are there', filtering('games'), []],
  ])('name %s', (_, policy, problems) => {
    expect(problemsBetween(policy, objectsOf(policy), known)).toEqual(problems);
  });

  it('name what is there twice', () => {
    const policy = { ...empty, profiles: [lab.document, lab.document] as PolicyProfile[] };
    expect(problemsBetween(policy, objectsOf(policy), known)).toEqual(['profile Lab: is there 2 times. Keep one.']);
  });
});
