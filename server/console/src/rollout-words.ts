import type { RolloutSummary, RolloutView } from '../../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../../shared/calendar/calendar.ts';
import { afterSchoolHours } from '../../../shared/calendar/school-hours.ts';
import type { GateName, RolloutPlan, RolloutRing } from '../../../shared/policy/rollout-plan.ts';
import { dateOnly } from './time.ts';
import { count } from './words.ts';

export type RolloutState = RolloutSummary['state'];

export const rolloutStateWords: Record<
  RolloutState,
  { label: string; tone: 'good' | 'bad' | 'warn' | 'grace' | 'plain' }
> = {
  running: { label: 'Running', tone: 'grace' },
  paused: { label: 'Paused', tone: 'warn' },
  halted: { label: 'Halted', tone: 'bad' },
  completed: { label: 'Completed', tone: 'good' },
  'rolled-back': { label: 'Rolled back', tone: 'plain' },
};

export const rolloutKindWords: Record<RolloutSummary['kind'], string> = {
  policy: 'Policy',
  list: 'Filter list',
  agent: 'Agent',
};

export const isLive = (state: RolloutState) => state === 'running' || state === 'paused' || state === 'halted';

/** What is bad on a device, as each gate sees it. */
export const gateFaults: Record<GateName, string> = {
  'failed-sections': 'a setting cannot be brought into force',
  'lost-check-ins': 'it falls silent although others of its school are on',
  'agent-crashes': 'the agent ends unexpectedly',
  'agent-cpu': 'the agent takes much more of the processor',
  'agent-memory': 'the agent takes much more memory',
  'filter-probes': 'a blocked name can be reached, or an open one cannot',
  'boot-time': 'it takes much longer to start',
  'unblock-requests': 'its person asks for sites to be opened',
  'help-tickets': 'somebody asks the helpdesk about it',
};

export const gateVerdictWords = {
  fine: { label: 'Fine', tone: 'good' },
  watched: { label: 'Watched', tone: 'warn' },
  bad: { label: 'Bad', tone: 'bad' },
  'no-evidence': { label: 'Too little to say', tone: 'plain' },
} as const satisfies Record<RolloutView['gates'][number]['verdict'], { label: string; tone: string }>;

/** Whom a ring adds: `10 %`, `everybody`, `the group “Pilots”`. */
export function ringWords(ring: RolloutRing): string {
  if (ring.kind === 'group') return `the group “${ring.group}”`;
  return ring.percent >= 100 ? 'everybody' : `${ring.percent.toLocaleString('en')} %`;
}

/** `7 school hours` */
export const schoolHours = (hours: number) => count(Math.round(hours * 10) / 10, 'school hour');

/** What will happen and when, in plain sentences, should all go well and should it not. */
export function planWords(
  plan: RolloutPlan,
  begin: { at: number | undefined; calendar: SchoolCalendar | undefined },
): string[] {
  const [first, ...later] = plan.rings;
  if (!first) return [];
  const start = begin.at === undefined ? 'at once when it is published' : `on ${dateOnly(begin.at)}`;
  const then = later.length === 0 ? '' : `, then ${list(later.map(ringWords))}`;
  return [`${capitalised(ringWords(first))} first, ${start}${then}.`, lastWords(plan, begin), haltWords(plan)].filter(
    Boolean,
  );
}

function lastWords(
  { rings }: RolloutPlan,
  { at, calendar }: { at: number | undefined; calendar: SchoolCalendar | undefined },
) {
  if (rings.length < 2) return '';
  const hours = rings.slice(0, -1).reduce((sum, { soakHours }) => sum + soakHours, 0);
  if (hours === 0) return 'Each ring follows as soon as enough devices of the one before have answered well.';
  const from = at ?? Date.now();
  const end = afterSchoolHours(calendar, from, hours);
  const about =
    end === undefined ? `after ${schoolHours(hours)}` : `about ${dateOnly(end)}, after ${schoolHours(hours)}`;
  return `If nothing gets worse, the last ring has it ${about}.`;
}

function haltWords({ gates, onHalt }: RolloutPlan): string {
  if (gates.length === 0) return 'Nothing is watched: it does not halt by itself.';
  return onHalt === 'return'
    ? 'If something gets worse, it halts by itself, and those who have it go back to the earlier one.'
    : 'If something gets worse, it halts by itself; those who have it keep it until somebody decides.';
}

/** `a, b and c` */
export function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
