import { describe, expect, it } from 'vitest';
import { askedSetting } from '../../../../server/explain/asked-setting.ts';
import { setSince } from '../../../../server/explain/since.ts';
import type { RevisionRecord } from '../../../../server/store/profiles.ts';

const about = { capability: 'screenLock', setting: 'idleMinutes' } as const;

/** Newest first, as the store gives them; `undefined`: the revision does not set it. */
function revisions(...minutes: (number | undefined)[]): RevisionRecord[] {
  return minutes
    .map((idleMinutes, index) => ({
      number: index + 1,
      settings: idleMinutes === undefined ? {} : { screenLock: { idleMinutes } },
      assignments: [],
      publishedAt: (index + 1) * 1000,
      by: `staff:${index + 1}`,
      note: '',
    }))
    .toReversed();
}

describe('since when a profile sets a value', () => {
  const cases: [string, (number | undefined)[], number, number | undefined][] = [
    ['its only revision', [5], 1, 1],
    ['the revision that brought it', [10, 5], 2, 2],
    ['back through all that kept it', [10, 5, 5, 5], 4, 2],
    ['back to the first', [5, 5], 2, 1],
    ['not the time before it was something else', [5, 10, 5], 3, 3],
    ['not the time before it was not set', [5, undefined, 5], 3, 3],
    ['of the revision a device holds, not of a later one', [5, 10], 1, 1],
    ['nothing of a revision that is not there', [5], 7, undefined],
  ];
  it.each(cases)('%s', (_, minutes, number, since) => {
    expect(setSince(revisions(...minutes), number, about)?.number).toBe(since);
  });
});

describe('which setting is asked about', () => {
  it('all, those of a capability, or one', () => {
    expect(askedSetting(undefined)('browser', 'homePage')).toBe(true);
    expect(askedSetting('browser')('browser', 'homePage')).toBe(true);
    expect(askedSetting('browser')('webFilter', 'safeSearch')).toBe(false);
    expect(askedSetting('browser.homePage')('browser', 'safeSearch')).toBe(false);
  });

  it.each([
    ['nothing.homePage', /no setting “nothing\.homePage”/],
    ['browser.wings', /“browser” has no setting “wings”/],
    ['browser.homePage.x', /no setting/],
    ['constructor', /no setting/],
    ['browser.constructor', /no setting “constructor”/],
    ['', /no setting “”/],
  ])('refuses %s', (asked, words) => {
    expect(() => askedSetting(asked)).toThrow(words);
  });
});
