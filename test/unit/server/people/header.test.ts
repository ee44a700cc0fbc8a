import { describe, expect, it } from 'vitest';
import { matchHeader } from '../../../../server/people/header.ts';
import { ProblemLog } from '../../../../server/people/problems.ts';
import type { TableSpec } from '../../../../server/people/table.ts';

const spec: TableSpec = {
  columns: ['sourcedId', 'dateLastModified', 'role', 'preferredGivenName', 'password'],
  kept: ['sourcedId', 'role', 'preferredGivenName'],
  required: ['sourcedId', 'dateLastModified', 'role'],
  essential: ['sourcedId', 'role'],
};
const right = ['sourcedId', 'dateLastModified', 'role'];

const cases: [string, string[], { strict: number; lenient: number | 'unreadable'; warnings: number }][] = [
  ['accepts what the standard says', right, { strict: 0, lenient: 0, warnings: 0 }],
  ['accepts another order', ['role', 'sourcedId', 'dateLastModified'], { strict: 0, lenient: 0, warnings: 0 }],
  ['accepts extension columns', [...right, 'metadata.homeroom'], { strict: 0, lenient: 0, warnings: 0 }],
  ['forgives case', ['SourcedID', 'datelastmodified', 'Role'], { strict: 3, lenient: 0, warnings: 3 }],
  ['forgives spaces', [' sourcedId', 'date last modified', 'role '], { strict: 3, lenient: 0, warnings: 3 }],
  [
    'forgives known misspellings',
    ['sourceId', 'dataLastModified', 'role', 'prefferedGivenName'],
    { strict: 3, lenient: 0, warnings: 3 },
  ],
  ['forgives columns it does not know', [...right, 'ext:shoeSize'], { strict: 1, lenient: 0, warnings: 1 }],
  ['forgives a column that appears twice', [...right, 'role'], { strict: 1, lenient: 0, warnings: 1 }],
  ['forgives a column it can do without', ['sourcedId', 'role'], { strict: 1, lenient: 0, warnings: 1 }],
  ['does not do without the essential', ['sourcedId'], { strict: 2, lenient: 'unreadable', warnings: 1 }],
  [
    'takes words of JavaScript for unknown columns',
    [...right, 'constructor', '__proto__'],
    { strict: 2, lenient: 0, warnings: 2 },
  ],
  [
    'refuses hundreds of columns',
    Array.from({ length: 501 }, (_, i) => `c${i}`),
    { strict: 1, lenient: 'unreadable', warnings: 0 },
  ],
];

describe('a header', () => {
  it.each(cases)('%s', (_, cells, expected) => {
    const strict = new ProblemLog('strict');
    matchHeader('users.csv', cells, spec, strict);
    expect(strict.errorCount).toBe(expected.strict);

    const lenient = new ProblemLog('lenient');
    const columns = matchHeader('users.csv', cells, spec, lenient);
    if (expected.lenient === 'unreadable') expect(columns).toBeUndefined();
    else expect(lenient.errorCount).toBe(expected.lenient);
    expect(lenient.list().filter((problem) => problem.severity === 'warning').length).toBe(expected.warnings);
  });

  it('drops every column that is not kept', () => {
    const columns = matchHeader('users.csv', [...right, 'password'], spec, new ProblemLog('strict'));
    expect([...(columns?.keys() ?? [])]).toEqual(['sourcedId', 'role']);
  });
});
