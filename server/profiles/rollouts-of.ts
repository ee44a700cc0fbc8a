import type { ProfileSummary } from '../../shared/api/schemas.ts';
import type { RolloutStore } from '../store/rollouts.ts';

type Shown = NonNullable<ProfileSummary['rollout']>;
type Live = Awaited<ReturnType<RolloutStore['live']>>[number];

/** Profile → its rollout that is under way, in words; absent: everybody has the same revision. */
export async function rolloutsOf(rollouts: Pick<RolloutStore, 'live'>): Promise<ReadonlyMap<string, Shown>> {
  const live = await rollouts.live();
  return new Map(
    live.flatMap((rollout) =>
      rollout.items
        .filter(({ kind }) => kind === 'profile')
        .map(({ id }) => [id, { id: rollout.id, words: wordsOf(rollout) }] as const),
    ),
  );
}

const before = { running: 'Ring', paused: 'Paused at ring', halted: 'Halted at ring' } as const;

function wordsOf({ state, plan }: Pick<Live, 'state' | 'plan'>): string {
  return 'ring' in state ? `${before[state.kind]} ${state.ring} of ${plan.rings.length}` : 'A rollout that begins';
}
