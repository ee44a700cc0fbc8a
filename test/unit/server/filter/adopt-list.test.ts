import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { compiledFrom, demandArtifact, subscriptionFrom } from '../../../../server/filter/adopt-list.ts';
import type { ListRecord } from '../../../../server/store/lists.ts';
import { compileNames } from '../../../../shared/filter/compiled.ts';

const artifact = compileNames(['games.example', 'play.example']);
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const list = {
  ...{ category: 'games', title: 'Games', source: '', licence: 'CC0', subscription: null, exceptions: [] },
  ...{ ownExceptions: [], artifact: sha(artifact), format: 'plain', skipped: 1, canary: 'games.example' },
};

describe('compiled names that are handed in', () => {
  it('are counted when they are whole and of our format', () => {
    expect(demandArtifact(sha(artifact), artifact)).toBe(2);
  });

  it('are refused when they are not those of the hash', () => {
    expect(() => demandArtifact('0'.repeat(64), artifact)).toThrow(/not the one of this SHA-256/);
  });

  it.each([
    ['cut short', artifact.slice(0, -4)],
    ['with a bit turned', artifact.map((byte, index) => (index === 20 ? byte ^ 1 : byte))],
    ['of another format', new TextEncoder().encode('games.example\n    ')],
  ])('are refused when they are %s, though the hash fits', (_, bytes) => {
    expect(() => demandArtifact(sha(bytes), bytes)).toThrow(/compiled list cannot be used/);
  });

  it('make a list with what its document says', () => {
    expect(compiledFrom(list, artifact)).toMatchObject({ names: 2, skipped: 1, canary: 'games.example', problems: [] });
  });

  it.each([
    ['is not listed', { canary: 'chess.example' }],
    ['is taken out', { ownExceptions: ['games.example'] }],
  ])('are refused with a canary that %s: devices would report leaks', (_, own) => {
    expect(() => compiledFrom({ ...list, ...own }, artifact)).toThrow(/does not block its canary/);
  });
});

describe('the address of a list', () => {
  const subscription = { url: 'https://lists.example/', refreshHours: 12 };
  const heard = {
    url: subscription.url,
    refreshHours: 24,
    etag: '"1"',
    lastModified: null,
    refreshedAt: 5,
    problem: null,
  };
  const earlier = { subscription: heard } as ListRecord;

  it('keeps what was heard there while it is the same', () => {
    expect(subscriptionFrom({ ...list, subscription }, earlier, 9)).toEqual({ ...heard, refreshHours: 12 });
  });

  it('is asked when its hours are over, not at once', () => {
    expect(subscriptionFrom({ ...list, subscription }, undefined, 9)).toMatchObject({ etag: null, refreshedAt: 9 });
  });

  it('may be none', () => {
    expect(subscriptionFrom(list, earlier, 9)).toBeNull();
  });
});
