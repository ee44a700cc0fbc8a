import { choice } from '../schema.ts';
import { setting } from './keywords.ts';

export const modes = ['audit', 'enforce'] as const;
/** Whether a capability only looks, or also puts right what it finds. */
export type Mode = (typeof modes)[number];

/** The setting `mode` of a capability of the security baseline. */
export function modeSetting() {
  return choice(
    modes,
    setting({
      title: 'What the agent does',
      description: 'Only look and report, or put it right and keep it so. Unset: only look.',
      'x-merge': 'strictest',
      'x-group': 'Mode',
      'x-labels': ['Only look (audit)', 'Put it right (enforce)'],
    }),
  );
}
