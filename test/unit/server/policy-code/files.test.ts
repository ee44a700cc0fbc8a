import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sampleCalendar } from '../../../../server/demo/filter.ts';
import { sampleProfiles } from '../../../../server/demo/policy.ts';
import { pathsOf, slugOf } from '../../../../server/policy-code/file-names.ts';
import { policySchemas, schemaOf } from '../../../../server/policy-code/json-schemas.ts';
import { keyOf, type PolicyObject } from '../../../../server/policy-code/objects.ts';
import { documentIn } from '../../../../server/policy-code/read-yaml.ts';
import { yamlOf } from '../../../../server/policy-code/yaml-text.ts';
import { filterSettingsDefaults, type PolicyKind, publishingDefaults } from '../../../../shared/api/schemas.ts';
import type { Selector } from '../../../../shared/policy/selector.ts';

const composed: Selector = {
  kind: 'all',
  of: [
    { kind: 'org', org: 'maple' },
    {
      kind: 'not',
      of: {
        kind: 'any',
        of: [
          { kind: 'class', class: 'c-1' },
          { kind: 'grade', grade: '01' },
        ],
      },
    },
  ],
};
const hash = 'a'.repeat(64);
const list = {
  ...{ category: 'games', title: 'Games', source: 'ours', licence: 'CC0', subscription: null, artifact: hash },
  ...{ exceptions: ['a.example'], ownExceptions: [], format: 'plain', skipped: 0, canary: null },
};
const objects: PolicyObject[] = [
  ...sampleProfiles.map(({ name, description, content }) => {
    return { kind: 'profile' as const, name, document: { name, description, ...content } };
  }),
  { kind: 'group', name: 'Loaners', document: { name: 'Loaners', description: '', kind: 'rule', selector: composed } },
  {
    kind: 'group',
    name: 'Few',
    document: { name: 'Few', description: '', kind: 'list', people: ['s-1'], devices: [] },
  },
  { kind: 'calendar', name: 'maple', document: { unit: 'maple', ...sampleCalendar('2026-10-05') } },
  { kind: 'list', name: 'games', document: list },
  { kind: 'compliance', name: 'compliance', document: { graceDays: 5, checks: [] } },
  { kind: 'filter', name: 'filter', document: filterSettingsDefaults },
  { kind: 'publishing', name: 'publishing', document: publishingDefaults },
];
const names = new Map([
  ['maple', 'Maple\nSchool'],
  ['c-1', 'Mathematics'],
]);

describe('a document as a file', () => {
  it.each(objects.map((object) => [keyOf(object), object] as const))('is the same when it is read: %s', (_, object) => {
    const text = yamlOf(object, 'folder/x.yaml', names);
    expect(documentIn('x.yaml', text, object.kind)).toEqual(object.document);
  });

  it.each(objects.map((object) => [keyOf(object), object] as const))(
    'fits the schema an editor is given: %s',
    (_, object) => {
      const check = new Ajv2020({ strict: false }).compile(schemaOf(object.kind));
      const value: unknown = parse(yamlOf(object, 'x.yaml', names));
      expect(check(value), JSON.stringify(check.errors)).toBe(true);
      expect(check({ ...(value as object), wings: 2 })).toBe(false);
    },
  );

  it('has the same bytes whatever the order of its keys', () => {
    const [first] = objects as [PolicyObject];
    const turned = Object.fromEntries(Object.entries(first.document as object).toReversed());
    expect(yamlOf({ ...first, document: turned }, 'x.yaml', names)).toBe(yamlOf(first, 'x.yaml', names));
  });

  it('names its schema, says what it is about, and names units and classes but not people', () => {
    const group = objects.find(({ name }) => name === 'Loaners') as PolicyObject;
    const text = yamlOf(group, 'groups/loaners.yaml', new Map([...names, ['s-1', 'Ada Byrne']]));
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/group\.schema\.json\n# A saved group/);
    expect(text).toContain('org: maple # Maple School\n');
    expect(text).toContain('class: c-1 # Mathematics\n');
    expect(text).not.toContain('Ada');
    expect(yamlOf(objects.at(-1) as PolicyObject, 'publishing.yaml', names)).toContain('$schema=schemas/publishing');
  });
});

describe('schemas for editors', () => {
  it('are one of each kind, of draft 2020-12, without our own keywords, and refer only to what they hold', () => {
    const schemas = [...policySchemas()];
    expect(schemas.map(([name]) => name).toSorted()).toEqual(
      ['calendar', 'compliance', 'filter', 'group', 'list', 'profile', 'publishing'].map(
        (kind) => `${kind}.schema.json`,
      ),
    );
    for (const [, text] of schemas) {
      const schema = JSON.parse(text) as { $schema: string };
      expect(new Ajv2020({ strict: false }).validateSchema(schema)).toBe(true);
      expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect(text).not.toMatch(/"x-/);
      const references = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, reference]) => reference);
      expect(references.every((one) => one === '#/$defs/Selector')).toBe(true);
    }
  });

  it('know selectors within selectors', () => {
    const check = new Ajv2020({ strict: false }).compile(schemaOf('group'));
    const group = (selector: unknown) => ({ name: 'x', description: '', kind: 'rule', selector });
    expect(check(group(composed))).toBe(true);
    expect(check(group({ kind: 'not', of: { kind: 'all', of: [{ kind: 'wings' }] } }))).toBe(false);
  });
});

describe('what is wrong in a file', () => {
  const profile = (settings: string) => `name: x\ndescription: ''\nassignments: []\nsettings:\n${settings}`;
  const wrong: [string, PolicyKind, string, RegExp][] = [
    ['no YAML', 'profile', 'name: x\nassignments: [', /^x\.yaml, line [23]: .+\.$/],
    ['a key twice', 'profile', 'name: x\nname: y\n', /^x\.yaml, line 2: .*unique/i],
    ['a second document', 'profile', `${profile('  {}')}\n---\nname: y\n`, /^x\.yaml, line [67]: a second document/],
    ['nothing', 'profile', '', /^x\.yaml is empty\.$/],
    ['a number where a text belongs', 'profile', 'name: 5\n', /^x\.yaml, line 1: /],
    [
      'an unknown setting',
      'profile',
      profile('  browser:\n    safeSearch: true\n    wings: 2\n'),
      /^x\.yaml, line [67]: \/settings\/browser.*wings/,
    ],
    [
      'a value out of range',
      'profile',
      profile('  screenLock:\n    idleMinutes: 1\n'),
      /^x\.yaml, line 6: \/settings\/screenLock\/idleMinutes must be >= 2\.$/,
    ],
    ['a list in place of a document', 'list', '- a\n- b\n', /^x\.yaml, line 1: \/ must be object/],
    ['a hash that is none', 'list', 'artifact: ../../etc/passwd\n', /^x\.yaml, line 1: /],
  ];
  it.each(wrong)('is named with its line: %s', (_, kind, text, words) => {
    expect(() => documentIn('x.yaml', text, kind)).toThrow(words);
  });

  it('is a small text that would be a huge value', () => {
    const levels = Array.from({ length: 12 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x, x, x, x]'
        : `a${level}: &a${level} [${Array(9)
            .fill(`*a${level - 1}`)
            .join(', ')}]`,
    );
    expect(() => documentIn('x.yaml', levels.join('\n'), 'profile')).toThrow(/^x\.yaml: .*alias/i);
  });
});

describe('names of files', () => {
  it.each([
    ['Student web filter', 'student-web-filter'],
    ['Größe & Form', 'grosse-form'],
    ['../../etc/passwd', 'etc-passwd'],
    ['日本', 'unnamed'],
    ['CON', 'con-'],
    ['-', 'unnamed'],
    ['x'.repeat(200), 'x'.repeat(60)],
  ])('%s becomes %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  it('differ where names would share one, and stay what they are whatever else is there', () => {
    const profiles = (...given: string[]) => given.map((name) => ({ kind: 'profile' as const, name }));
    const both = pathsOf(profiles('Lab A', 'lab-a', 'Other'));
    const paths = [...both.values()];
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(3);
    expect(both.get('profile Other')).toBe('profiles/other.yaml');
    expect(both).toEqual(new Map([...pathsOf(profiles('Other', 'lab-a', 'Lab A'))].toReversed()));
    expect(pathsOf([{ kind: 'filter', name: 'filter' }]).get('filter filter')).toBe('filter.yaml');
  });
});
