import { describe, expect, it } from 'vitest';
import { instantFrom, spanFrom } from '../../../../server/compliance/instants.ts';

const now = Date.UTC(2026, 10, 22, 9);
const since = Date.UTC(2026, 0, 26, 14, 58, 4, 454);

describe('an instant of the past that cannot be answered for', () => {
  it.each([
    ['lies before the records', '2025-12-01T00:00:00Z', since, 'Records begin on 26 January 2026 at 14:58 UTC.'],
    ['lies before everything', '2025-12-01T00:00:00Z', null, 'nothing is known of the past.'],
    ['is still to come', '2027-01-01T00:00:00Z', since, 'lies in the future.'],
    ['is no instant', 'yesterday', since, 'is no instant.'],
  ])('is refused in words a person reads when it %s', (_what, written, known, words) => {
    expect(() => instantFrom(written, now, known)).toThrow(words);
    expect(() => spanFrom({ to: written }, now, known)).toThrow(words);
  });
});
