import { describe, expect, test } from 'vitest';
import { abilitiesLine } from '../../../server/console/src/ability-words.ts';
import {
  asException,
  assignmentProblem,
  asUsual,
  freshAssignment,
  hasEnded,
} from '../../../server/console/src/assignment-form.ts';
import { onlyLooks } from '../../../server/console/src/content.ts';
import { fieldSchema, mergeText } from '../../../server/console/src/form-fields.ts';
import {
  entriesOf,
  freshContent,
  groupProblem,
  joined,
  listWords,
  withoutEntry,
} from '../../../server/console/src/group-form.ts';
import { reachWords } from '../../../server/console/src/reach-words.ts';
import { findSettings } from '../../../server/console/src/setting-search.ts';
import { says } from '../../../server/console/src/words.ts';
import { GroupContent } from '../../../shared/policy/group.ts';
import { AssignmentInput } from '../../../shared/policy/selector.ts';
import { capabilityNames } from '../../../shared/profile/registry.ts';
import { validator } from '../../../shared/schema.ts';

describe('settings are found by the words people use', () => {
  const names = (typed: string) => findSettings(typed).map(({ capability, field }) => `${capability}.${field.name}`);

  test.each([
    ['pen drive', 'usbStorage.access'],
    ['incognito', 'browser.blockPrivateWindows'],
    ['BitLocker', 'diskEncryption.'],
    ['shortest password', 'passwordRules.minLength'],
    ['wireless', 'wifi.'],
    ['read only', 'usbStorage.access'],
    ['screen locks minutes', 'screenLock.idleMinutes'],
    ['updates', 'updates.automatic'],
  ])('“%s” leads to %s', (typed, name) => {
    expect(names(typed).some((found) => found.startsWith(name))).toBe(true);
  });

  test('a title that says it goes before a description that does', () => {
    expect(names('safe search')[0]).toMatch(/safeSearch$/);
  });

  test('every word has to be somewhere', () => {
    expect(findSettings('usb zebra')).toEqual([]);
    expect(findSettings('  ')).toEqual([]);
  });
});

describe('a setting says what becomes of it', () => {
  test.each([
    ['browser', 'safeSearch', 'the strictest holds: on'],
    ['usbStorage', 'access', '“Blocked” before the others'],
    ['screenLock', 'idleMinutes', 'the smallest number'],
    ['browser', 'blockedUrls', 'their lists are joined'],
    ['passwordRules', 'unlockMinutes', 'the nearest to the person'],
  ])('%s.%s: %s', (capability, setting, words) => {
    expect(mergeText(fieldSchema(capability, setting) ?? {})).toContain(words);
  });

  test('of every capability something is said about every system', () => {
    for (const capability of capabilityNames)
      for (const system of ['Linux', 'Windows', 'macOS']) expect(abilitiesLine(capability)).toContain(system);
    expect(abilitiesLine('usbStorage')).toBe('Enforced on Linux and Windows; needs MDM on macOS.');
  });

  test('the baseline only looks until it is told to put right', () => {
    expect(onlyLooks({ usbStorage: { access: 'block' } }, 'usbStorage')).toBe(true);
    expect(onlyLooks({ usbStorage: { access: 'block', mode: 'enforce' } }, 'usbStorage')).toBe(false);
    expect(onlyLooks({ browser: { safeSearch: true } }, 'browser')).toBe(false);
    expect(onlyLooks({}, 'usbStorage')).toBe(false);
  });
});

describe('assignments', () => {
  const check = validator(AssignmentInput);
  const everyone: AssignmentInput = { to: { kind: 'everyone' }, priority: 100 };

  test('a fresh one asks whom it reaches', () => {
    expect(assignmentProblem(freshAssignment())).toBe('Choose a school.');
  });

  test('an exception needs a reason, may end, and can be taken back', () => {
    const exception = asException(everyone, 'State exam', '2026-12-01T12:00');
    expect(check.check(exception)).toBe(true);
    expect(assignmentProblem(exception)).toBeUndefined();
    expect(assignmentProblem(asException(everyone, ' x ', ''))).toBe('Say why it is an exception.');
    expect(asException(everyone, 'State exam', '').override).toEqual({ reason: 'State exam' });
    expect(asUsual(exception)).toEqual(everyone);
  });

  test('an exception has ended at its end, and not before', () => {
    const at = Date.parse('2026-12-01T12:00:00Z');
    const exception = { ...everyone, override: { reason: 'State exam', until: '2026-12-01T12:00:00.000Z' } };
    expect(hasEnded(exception, at - 1)).toBe(false);
    expect(hasEnded(exception, at)).toBe(true);
    expect(hasEnded(everyone, at)).toBe(false);
  });
});

describe('groups', () => {
  const list = { kind: 'list', people: ['p-1', 'p-2'], devices: ['5CG1'] } as const;
  const mutable = { kind: list.kind, people: [...list.people], devices: [...list.devices] };

  test('what a new one begins with is of the schema', () => {
    const check = validator(GroupContent);
    for (const kind of ['rule', 'list'] as const) {
      expect(check.check(freshContent(kind))).toBe(true);
      expect(groupProblem(freshContent(kind))).toBeUndefined();
    }
    expect(groupProblem({ kind: 'rule', selector: { kind: 'tag', tag: '' } })).toBe('Write the tag.');
  });

  test('lists are joined without putting anybody on them twice', () => {
    expect(joined(mutable, { kind: 'list', people: ['p-2', 'p-3'], devices: [] })).toEqual({
      ...{ kind: 'list', people: ['p-1', 'p-2', 'p-3'], devices: ['5CG1'] },
    });
  });

  test('entries are searched in any case, and taken out one by one', () => {
    expect(entriesOf(mutable, 'cg')).toEqual([{ part: 'devices', id: '5CG1' }]);
    expect(withoutEntry(mutable, { part: 'people', id: 'p-1' }).people).toEqual(['p-2']);
  });

  test.each([
    [{ people: [], devices: [] }, '0 people'],
    [{ people: ['a'], devices: [] }, '1 person'],
    [{ people: [], devices: ['x', 'y'] }, '2 devices'],
    [{ people: ['a', 'b'], devices: ['x'] }, '2 people and 1 device'],
  ])('%j is “%s”', (content, words) => {
    expect(listWords({ kind: 'list', ...content })).toBe(words);
  });
});

describe('reach in words', () => {
  test.each([
    [{ devices: 1204, people: 1180, unknown: 14 }, 'Reaches 1,204 devices of 1,180 people; 14 cannot be said'],
    [{ devices: 1, people: 1, unknown: 0 }, 'Reaches 1 device of 1 person'],
    [{ devices: 3, people: 0, unknown: 0 }, 'Reaches 3 devices'],
    [{ devices: 0, people: 0, unknown: 2 }, 'Reaches no device; 2 cannot be said'],
  ])('%j: %s', (reach, words) => {
    expect(reachWords(reach)).toBe(words);
  });

  test('a text says what was typed when it holds every word', () => {
    expect(says('maple GRADE', 'Grade 5 at Maple Elementary')).toBe(true);
    expect(says('maple cedar', 'Grade 5 at Maple Elementary')).toBe(false);
    expect(says(undefined, 'anything')).toBe(true);
  });
});
