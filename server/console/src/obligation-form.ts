import type { Audience, ObligationInput, ObligationKind, ObligationPreview } from '../../../shared/api/schemas.ts';
import { plainDate } from './time.ts';
import { count } from './words.ts';

const dayMs = 86_400_000;
const longestDays = 365;
const shortestTitle = 3;

export const obligationWords: Record<ObligationKind, string> = {
  agreement: 'Agreement to sign',
  'device-return': 'Device to bring back',
};

export const usualTitles: Record<ObligationKind, string> = {
  agreement: 'Device agreement',
  'device-return': 'Bring back the device',
};

export const audienceKinds = {
  everybody: 'Everybody on the roster',
  role: 'Everyone of a role',
  org: 'A school or unit',
  grade: 'A grade',
  class: 'The students of a class',
  person: 'One person',
} as const;
export type AudienceKind = keyof typeof audienceKinds;

/** The days something may be due on, as a form's `date` values. */
export function dueDays(now: number): { first: string; usual: string; last: string } {
  return { first: plainDate(now), usual: plainDate(now + 14 * dayMs), last: plainDate(now + longestDays * dayMs) };
}

/** What keeps it from being asked, in words; undefined when the server can be asked for whom it would be. */
export function obligationProblem(input: ObligationInput, chosen: AudienceKind, now: number): string | undefined {
  const { first, last } = dueDays(now);
  if (input.title.trim().length < shortestTitle) return 'Say what is owed, in a few words.';
  if (chosen !== 'everybody' && input.to[chosen] === undefined) return 'Choose whom to ask.';
  if (input.dueOn === '') return 'Say by which day.';
  if (input.dueOn < first) return 'That day is over.';
  return input.dueOn > last ? 'It is due within a year at most.' : undefined;
}

/** The audience of one kind, with the value still to be chosen. */
export function audienceOf(kind: AudienceKind): Audience {
  return kind === 'role' ? { role: 'student' } : {};
}

/** For how many it would be made, and for whom not. */
export function previewWords({ obligations, people, owing, withoutDevice }: ObligationPreview): string {
  const devices = obligations === people ? '' : `, ${count(obligations, 'device')} in all`;
  return [
    obligations === 0 ? 'Nobody would be asked' : `${count(people, 'person', 'people')} will be asked${devices}`,
    ...(owing > 0 ? [`${count(owing, 'owes', 'owe')} it already`] : []),
    ...(withoutDevice > 0 ? [`${count(withoutDevice, 'holds', 'hold')} no device`] : []),
  ].join('; ');
}
