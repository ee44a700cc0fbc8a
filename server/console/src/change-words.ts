import type Type from 'typebox';
import { type ChangePreview, type ChangeSummary, type Requirement, unitless } from '../../../shared/api/schemas.ts';
import { fieldSchema } from './form-fields.ts';
import { list } from './rollout-words.ts';
import { capabilityTitle } from './setting-words.ts';
import { count, percent } from './words.ts';

type RequirementKind = Type.Static<typeof Requirement>['kind'];

export const changeStateWords: Record<
  ChangeSummary['state'],
  { label: string; tone: 'good' | 'bad' | 'warn' | 'grace' | 'plain' }
> = {
  open: { label: 'Open', tone: 'warn' },
  scheduled: { label: 'Scheduled', tone: 'grace' },
  published: { label: 'Published', tone: 'good' },
  rejected: { label: 'Rejected', tone: 'bad' },
  withdrawn: { label: 'Withdrawn', tone: 'plain' },
};

export const requirementWords: Record<RequirementKind, string> = {
  'second-person': 'A second person',
  it: 'IT',
  curriculum: 'Curriculum',
};

/** What an open change waits for: `A second person and curriculum`, `Somebody to publish it`. */
export function needsWords({ state, needs, ready }: Pick<ChangeSummary, 'state' | 'needs' | 'ready'>): string {
  if (state !== 'open' && state !== 'scheduled') return '–';
  if (needs.length > 0) {
    const [first = '', ...rest] = needs.map((kind) => requirementWords[kind]);
    return list([first, ...rest.map((words) => (words === 'IT' ? words : words.toLowerCase()))]);
  }
  if (!ready) return 'Something hinders it';
  return state === 'scheduled' ? 'Nothing more' : 'Somebody to publish it';
}

type Direction = 'stricter' | 'looser' | 'other';
type Changed = Pick<ChangePreview['settings'][number], 'capability' | 'setting' | 'before' | 'after'>;

/** Whether a setting becomes stricter, where its merge rule says what is strict. */
export function directionOf({ capability, setting, before, after }: Changed): Direction {
  const schema = fieldSchema(capability, setting);
  if (schema?.['x-merge'] !== 'strictest') return 'other';
  const weight = (value: unknown): number => {
    if (value === null || value === undefined) return Number.NEGATIVE_INFINITY;
    if (schema.enum) return schema.enum.indexOf(String(value));
    return typeof value === 'number' ? -value : Number(value === true);
  };
  const step = weight(after) - weight(before);
  return step > 0 ? 'stricter' : step < 0 ? 'looser' : 'other';
}

/** What a change does, in one sentence: `1,204 devices of 1,180 people in 3 schools get stricter settings for Screen lock.` */
export function headline(preview: Pick<ChangePreview, 'devices' | 'people' | 'orgs' | 'settings'>): string {
  const { devices, people, orgs, settings } = preview;
  if (devices === 0) return 'No device changes.';
  const whose = people === 0 ? '' : ` of ${count(people, 'person', 'people')}`;
  const units = unitsOf(orgs);
  const where = units.length === 0 ? '' : ` in ${units.length === 1 ? units[0]?.org : `${units.length} schools`}`;
  return `${count(devices, 'device')}${whose}${where} ${devices === 1 ? 'gets' : 'get'} ${effectWords(settings)}.`;
}

/** Schools and offices alone, without those who have none. */
export const unitsOf = (orgs: ChangePreview['orgs']) =>
  orgs.filter(({ org }) => org !== unitless.nobody && org !== unitless.unknown);

const mostNamed = 3;

/** `stricter settings for Screen lock and other settings for Web filter` */
function effectWords(settings: ChangePreview['settings']): string {
  const byCapability = [...Map.groupBy(settings, ({ capability }) => capability)];
  const byEffect = Map.groupBy(byCapability.slice(0, mostNamed), ([, changes]) => commonDirection(changes));
  const parts = (['stricter', 'looser', 'other'] as const).flatMap((direction) => {
    const titles = (byEffect.get(direction) ?? []).map(([capability]) => capabilityTitle(capability));
    return titles.length === 0 ? [] : [`${direction} settings for ${list(titles)}`];
  });
  const rest = byCapability.length - mostNamed;
  if (parts.length === 0) return 'other settings';
  return list(rest > 0 ? [...parts, `settings for ${rest} more`] : parts);
}

/** What all changes of a capability that are strict or loose have in common. */
function commonDirection(changes: readonly Changed[]): Direction {
  const directions = new Set(changes.map(directionOf).filter((direction) => direction !== 'other'));
  return directions.size === 1 ? ([...directions][0] ?? 'other') : 'other';
}

/** `3.4 % of 62,000 devices` */
export const shareWords = ({ percent: share, of }: Pick<ChangePreview, 'percent' | 'of'>) =>
  `${percent(share)} of ${count(of, 'device')}`;

/** Approvals that were there before something was worked out anew, and are not any more. */
export function fallenApprovals(
  before: readonly Type.Static<typeof Requirement>[],
  after: readonly Type.Static<typeof Requirement>[],
): string[] {
  return before
    .filter(({ kind, metBy }) => metBy !== null && after.some((one) => one.kind === kind && one.metBy === null))
    .map(
      ({ kind, metBy }) =>
        `${requirementWords[kind]}: the approval by ${metBy} has fallen, for the change does more now.`,
    );
}
