import { describe, expect, test } from 'vitest';
import {
  contentProblems,
  sameContent,
  settingOf,
  valueProblem,
  withSetting,
} from '../../../server/console/src/content.ts';
import {
  type FieldSchema,
  fieldGroups,
  fieldSchema,
  kindOf,
  lengthProblem,
  lineProblems,
  linesOf,
} from '../../../server/console/src/form-fields.ts';
import { ProfileSettings } from '../../../shared/profile/registry.ts';
import { validator } from '../../../shared/schema.ts';

const settingsCheck = validator(ProfileSettings);
const schema = (name: string): FieldSchema => fieldSchema('webFilter', name) ?? {};

describe('fields come from the schema', () => {
  test.each([
    ['safeSearch', 'switch'],
    ['youtube', 'choice'],
    ['blockedCategories', 'categories'],
    ['blockedDomains', 'lines'],
    ['upstream', 'variants'],
  ])('%s is edited as %s', (name, kind) => {
    expect(kindOf(schema(name))).toBe(kind);
  });

  test.each([
    ['firewall', 'mode', 'choice'],
    ['firewall', 'allowedPorts', 'lines'],
    ['usbStorage', 'access', 'choice'],
    ['guestAccount', 'disabled', 'switch'],
  ])('%s: %s is edited as %s', (capability, name, kind) => {
    expect(kindOf(fieldSchema(capability, name) ?? {})).toBe(kind);
  });

  test('every setting of every capability is in exactly one group', () => {
    const names = fieldGroups('browser').flatMap(({ fields }) => fields.map(({ name }) => name));
    expect(names).toContain('homePage');
    expect(new Set(names).size).toBe(names.length);
  });

  test('the baseline is edited by the fields everything else has, its mode first', () => {
    for (const capability of ['screenLock', 'updates', 'timeSync'] as const) {
      const [first, ...others] = fieldGroups(capability).flatMap(({ fields }) => fields);
      expect(first).toMatchObject({ name: 'mode', kind: 'choice' });
      for (const { kind } of others) expect(['number', 'switch', 'choice', 'lines']).toContain(kind);
    }
  });

  test('an unknown capability or setting has no schema', () => {
    expect(fieldSchema('teleport', 'blockedUrls')).toBeUndefined();
    expect(fieldSchema('browser', 'teleport')).toBeUndefined();
  });
});

describe('pasted lists', () => {
  test.each([
    ['blank lines and spaces are dropped', ' a.example \n\n\r\n b.example', ['a.example', 'b.example']],
    ['repetitions are dropped', 'a.example\na.example', ['a.example']],
    [
      'commas, semicolons and tabs part entries too',
      'a.example, b.example;c.example\td.example',
      ['a.example', 'b.example', 'c.example', 'd.example'],
    ],
  ])('%s', (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  test('a port that does not exist is named before it is saved', () => {
    const ports = fieldSchema('firewall', 'allowedPorts') ?? {};
    expect(lineProblems(ports, '22/tcp\n99999/udp')).toEqual([
      { line: 2, text: '99999/udp', words: 'is not of the expected form' },
    ]);
  });

  test('a bad line is named with its place', () => {
    expect(lineProblems(schema('blockedDomains'), 'good.example\nhttps://bad.example/x\n\n*.fine.example')).toEqual([
      { line: 2, text: 'https://bad.example/x', words: 'is not of the expected form' },
    ]);
  });

  test('too many entries are said in words', () => {
    expect(lengthProblem({ maxItems: 2 }, 3)).toBe('At most 2 entries; there are 3.');
  });
});

describe('settings are set, changed and left alone', () => {
  const set = withSetting({}, 'webFilter', 'safeSearch', false);

  test('false is a value, not an absence', () => {
    expect(settingOf(set, 'webFilter', 'safeSearch')).toBe(false);
  });

  test.each([
    ['undefined', undefined],
    ['an empty text', ''],
    ['an empty list', []],
  ])('%s leaves the setting alone, and the capability with it', (_, nothing) => {
    expect(withSetting(set, 'webFilter', 'safeSearch', nothing)).toEqual({});
  });

  test('other settings and the earlier value object stay as they were', () => {
    const more = withSetting(set, 'webFilter', 'youtube', 'strict');
    expect(more).toEqual({ webFilter: { safeSearch: false, youtube: 'strict' } });
    expect(set).toEqual({ webFilter: { safeSearch: false } });
  });

  test('the order of keys is no difference, the order of assignments is', () => {
    const a = { settings: { webFilter: { safeSearch: true, youtube: 'off' as const } }, assignments: [] };
    const b = { settings: { webFilter: { youtube: 'off' as const, safeSearch: true } }, assignments: [] };
    expect(sameContent(a, b)).toBe(true);
    expect(sameContent(a, { ...b, settings: {} })).toBe(false);
  });
});

describe('the form and the server agree on what is wrong', () => {
  const upstreams: [string, unknown][] = [
    ['the system resolver', { kind: 'system' }],
    ['DNS over TLS, complete', { kind: 'dot', servers: ['9.9.9.9'], serverName: 'dns.example' }],
    ['DNS over TLS without servers', { kind: 'dot', servers: [], serverName: 'dns.example' }],
    ['DNS over HTTPS without TLS', { kind: 'doh', url: 'http://dns.example', addresses: ['9.9.9.9'] }],
    ['plain DNS with five servers', { kind: 'plain', servers: ['1', '2', '3', '4', '5'] }],
    ['a kind that does not exist', { kind: 'carrier-pigeon' }],
  ];
  const lists: [string, unknown][] = [
    ['good domains', ['a.example', '*.b.example', '=c.example']],
    ['an address instead of a domain', ['http://a.example']],
  ];
  test.each([
    ...upstreams.map(([name, value]) => [name, 'upstream', value] as const),
    ...lists.map(([name, value]) => [name, 'blockedDomains', value] as const),
  ])('%s', (_, setting, value) => {
    const settings = { webFilter: { [setting]: value } };
    const refused = valueProblem(schema(setting), value) !== undefined;
    expect(refused).toBe(!settingsCheck.check(settings));
    expect(contentProblems(settings as never).length > 0).toBe(refused);
  });

  test.each<[string, number, string | undefined]>([
    ['ten minutes', 10, undefined],
    ['half a minute more', 10.5, 'A whole number.'],
    ['too few', 1, 'At least 2.'],
    ['too many', 61, 'At most 60.'],
  ])('minutes of the screen lock: %s', (_, idleMinutes, words) => {
    expect(valueProblem(fieldSchema('screenLock', 'idleMinutes') ?? {}, idleMinutes)).toBe(words);
    expect(settingsCheck.check({ screenLock: { idleMinutes } })).toBe(words === undefined);
  });

  test('a problem names its setting and quotes what is wrong', () => {
    const [problem] = contentProblems({ browser: { homePage: 'example.org' } });
    expect(problem).toMatchObject({ place: 'Browser: Home page', words: '“example.org” is not of the expected form.' });
  });
});
