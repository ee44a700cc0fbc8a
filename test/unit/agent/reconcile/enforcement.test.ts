import { describe, expect, it } from 'vitest';
import type { ArtifactCache } from '../../../../agent/connection/artifact-cache.ts';
import type { AcceptedState } from '../../../../agent/reconcile/accepted-state.ts';
import { Enforcement } from '../../../../agent/reconcile/enforcement.ts';
import type { Reconciler } from '../../../../agent/reconcile/reconciler.ts';
import { FakeLog } from '../../../fakes/log.ts';

const stateWith = (hash: string): AcceptedState => ({
  manifest: { format: 1, audience: 'a', generation: 1, issuedAt: 1, sections: {} },
  known: new Map([
    [
      'webFilter',
      {
        hash: 'h',
        generation: 1,
        desired: { settings: {}, contact: '', lists: [{ category: 'ads', title: 'Ads', hash, bytes: 1, names: 1 }] },
      },
    ],
  ]),
  unknown: [],
});

function enforcing(isSettled: boolean) {
  const pruned: string[][] = [];
  const passed = Promise.withResolvers<void>();
  const reconciler = { enforce: () => undefined, idle: () => passed.promise, isSettled } as unknown as Reconciler;
  const artifacts = { prune: async (keep: Set<string>) => void pruned.push([...keep]) } as unknown as ArtifactCache;
  const enforcement = new Enforcement(reconciler, artifacts, new FakeLog());
  const pass = async () => {
    passed.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { enforcement, pruned, pass };
}

describe('artefacts that the state in force does not name', () => {
  it('go once it is in force', async () => {
    const { enforcement, pruned, pass } = enforcing(true);
    enforcement.accept(stateWith('new'));
    expect(pruned).toEqual([]);
    await pass();
    expect(pruned).toEqual([['new']]);
  });

  it('stay while something failed: the earlier lists may be what is in force', async () => {
    const { enforcement, pruned, pass } = enforcing(false);
    enforcement.accept(stateWith('new'));
    await pass();
    expect(pruned).toEqual([]);
  });

  it('are judged by the latest state, when another came meanwhile', async () => {
    const { enforcement, pruned, pass } = enforcing(true);
    enforcement.accept(stateWith('one'));
    enforcement.accept(stateWith('two'));
    await pass();
    expect(pruned).toEqual([['two']]);
  });
});
