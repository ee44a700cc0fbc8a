import type { RolloutView } from '../../../../../shared/api/schemas.ts';
import type { Input } from '../../request.ts';
import { count } from '../../words.ts';

export type RolloutAction = Input<'actOnRollout'>['body']['action'];

interface ActionWords {
  button: string;
  title: string;
  done: string;
  /** What it does to the devices. */
  effect: (view: RolloutView) => string;
}

export const actionWords: Record<RolloutAction, ActionWords> = {
  stop: {
    button: 'Stop',
    title: 'Stop the rollout now',
    done: 'The rollout is stopped.',
    effect: ({ plan, rollout }) =>
      plan.onHalt === 'return'
        ? `Nobody else is given it, and the ${count(rollout.given, 'device')} that have it are given the earlier one again.`
        : `Nobody else is given it. The ${count(rollout.given, 'device')} that have it keep it until somebody decides.`,
  },
  pause: {
    button: 'Pause',
    title: 'Pause the rollout',
    done: 'The rollout is paused.',
    effect: () => 'No further ring opens until somebody lets it go on. Devices that have it keep it.',
  },
  resume: {
    button: 'Go on',
    title: 'Let the rollout go on',
    done: 'The rollout goes on.',
    effect: () => 'It goes on where it stood; gates are judged anew and may halt it again.',
  },
  finish: {
    button: 'Give to everybody',
    title: 'Give it to everybody now',
    done: 'Everybody is given it.',
    effect: ({ rollout }) =>
      `The other ${count(Math.max(0, rollout.devices - rollout.given), 'device')} are given it at once. Nothing is watched any more, and nothing halts it.`,
  },
  'roll-back': {
    button: 'Return to the earlier one',
    title: 'Return everybody to the earlier one',
    done: 'The earlier one holds again.',
    effect: ({ rollout }) =>
      `All ${count(rollout.given, 'device')} that have it are given the earlier one again, and the rollout ends. To publish it later, propose it anew.`,
  },
};
