import type { ReachCount, ReachedDevice } from '../../../shared/api/schemas.ts';
import { count } from './words.ts';

/** `reaches 1,204 devices of 1,180 people; 14 cannot be said`. */
export function reachWords({ devices, people, unknown }: ReachCount): string {
  const reached =
    devices === 0
      ? 'Reaches no device'
      : `Reaches ${count(devices, 'device')}${people === 0 ? '' : ` of ${count(people, 'person', 'people')}`}`;
  return unknown === 0 ? reached : `${reached}; ${unknown.toLocaleString('en')} cannot be said`;
}

/** What is said of a device that a selector may reach. */
export const answerWords: Record<ReachedDevice['answer'], { label: string; tone: 'good' | 'warn' | 'plain' }> = {
  yes: { label: 'Reached', tone: 'good' },
  stays: { label: 'Stays as it was', tone: 'warn' },
  unknown: { label: 'Cannot be said', tone: 'plain' },
};
