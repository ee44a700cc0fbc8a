import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../../../server/profiles/subjects.ts';
import { matches } from '../../../../shared/policy/match.ts';
import type { Selector } from '../../../../shared/policy/selector.ts';

const record = {
  ...{ id: 'd-1', name: 'laptop', serial: null, model: null, platform: 'linux', place: null, tags: [] },
  ...{ osName: 'Debian', osVersion: '12' },
};

describe('a device as selectors see it', () => {
  const debian: Selector = { kind: 'os', name: 'Debian' };
  const recent: Selector = { kind: 'os', atLeast: '12' };
  const cases: [string, Partial<typeof record>, Selector, boolean | 'unknown'][] = [
    ['has its system', {}, debian, true],
    ['has another system', { osName: 'Arch Linux' }, debian, false],
    ['does not say its system', { osName: 'unknown' }, debian, 'unknown'],
    ['does not say its system or version', { osName: 'unknown', osVersion: 'unknown' }, debian, 'unknown'],
    ['does not say its version', { osVersion: 'unknown' }, recent, 'unknown'],
    ['says its system and no version', { osVersion: 'unknown' }, debian, true],
    ['has a version that is no number', { osVersion: 'rolling' }, recent, 'unknown'],
    ['has no serial number', {}, { kind: 'model', model: 'M1' }, 'unknown'],
    ['was seen nowhere', {}, { kind: 'place', place: 'on-campus' }, 'unknown'],
  ];
  it.each(cases)('%s', (_, told, selector, answer) => {
    expect(matches(selector, subjectOf({ ...record, ...told }, undefined, undefined))).toBe(answer);
  });
});
