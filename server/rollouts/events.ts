import type { RolloutState } from '../../shared/policy/rollout.ts';
import type { Actor, NewEvent } from '../services.ts';
import type { RolloutRecord } from '../store/rollout-records.ts';

/** What the log says of a step of a rollout. */
export function eventOf(
  { id, kind, items, title, plan, state: before }: RolloutRecord,
  next: RolloutState,
  actor: Actor,
  words: string,
): NewEvent {
  const { code, said } = saidOf(before, next, plan.rings.length);
  const [item] = items;
  const why = before.kind === 'draft' || said.includes(words) ? '' : ` ${words}`;
  const of = `${title}: ${said}${why}`;
  if (kind === 'list' && item)
    return { actor, code: `list-${code}`, words: of, subject: { kind: 'list', id: item.id } };
  return { actor, code, words: of, subject: { kind: 'rollout', id } };
}

function saidOf(before: RolloutState, next: RolloutState, rings: number): { code: string; said: string } {
  switch (next.kind) {
    case 'paused':
      return { code: 'rollout-paused', said: 'no further ring is given it for now.' };
    case 'halted':
      return {
        code: 'rollout-halted',
        said: next.returned
          ? 'halted, and those who had it are given the earlier one.'
          : 'halted; those who have it keep it.',
      };
    case 'completed':
      return { code: 'rollout-completed', said: 'all devices are given it.' };
    case 'rolled-back':
      return { code: 'rollout-rolled-back', said: 'taken back; all devices are given the earlier one.' };
    case 'draft':
      return { code: 'rollout-planned', said: 'it will go out in rings.' };
    case 'running':
      return before.kind === 'paused' || before.kind === 'halted'
        ? { code: 'rollout-resumed', said: `it goes on with ring ${next.ring} of ${rings}.` }
        : { code: 'rollout-ring-opened', said: `ring ${next.ring} of ${rings} is given it.` };
  }
}
