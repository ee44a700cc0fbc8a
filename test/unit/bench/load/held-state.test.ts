import { expect, it } from 'vitest';
import type { Manifest } from '../../../../shared/protocol/messages.ts';
import { HeldState } from '../../../bench/load/held-state.ts';

const manifest = (generation: number, sections: Manifest['sections']): Manifest => {
  return { format: 1, audience: 'a', generation, issuedAt: 1, sections };
};

it('asks for what is not held by content, and reports what differs once it has all of it', () => {
  const state = new HeldState();
  expect(state.lackingOf(manifest(2, { dns: 'd1', webFilter: 'w1' }))).toEqual(['d1', 'w1']);
  expect([state.got('d1'), state.got('d1'), state.got('w1')]).toEqual([false, false, true]);
  expect(state.apply()).toMatchObject([{ section: 'dns' }, { section: 'webFilter' }]);
  expect(state.lackingOf(manifest(3, { dns: 'd1', webFilter: 'w2' }))).toEqual(['w2']);
  expect(state.got('w2')).toBe(true);
  expect(state.apply()).toMatchObject([{ section: 'webFilter', hash: 'w2', generation: 3, status: 'verified' }]);
});

it('does not say that it holds what had not arrived when the connection broke', () => {
  const state = new HeldState();
  state.lackingOf(manifest(2, { dns: 'd1' }));
  state.forgetNext();
  expect(state).toMatchObject({ generation: 0, sections: {}, isComplete: true });
  expect(state.lackingOf(manifest(2, { dns: 'd1' }))).toEqual(['d1']);
});

it('leaves a manifest alone that is older than what it holds', () => {
  const state = new HeldState();
  state.lackingOf(manifest(2, {}));
  state.apply();
  expect(state.lackingOf(manifest(1, { dns: 'd1' }))).toBeUndefined();
});
