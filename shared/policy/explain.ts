import type { CapabilityName } from '../profile/registry.ts';
import { type Assignment, decidedBy, type Nearness, rankOf } from './assignment.ts';
import { type SettingSchema, settingSchemas } from './merge.ts';
import { district, ownUnit } from './nearness.ts';

/** What an assignment wants of a setting. */
export interface Wish {
  assignment: Assignment;
  value: unknown;
}

interface LabelledSchema extends SettingSchema {
  'x-labels'?: readonly string[];
  'x-secret'?: true;
}

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

/** An assignment's place in the order, in words: `locked minimum`, `override until 3 May 2027`, `2 units up`. */
export function rankWords(assignment: Assignment, near: number): string {
  const { override } = assignment;
  switch (rankOf(assignment)) {
    case 0:
      return 'locked minimum';
    case 1:
      return 'restriction until it is put right';
    case 2:
      return override?.until === undefined ? 'override' : `override until ${date.format(Date.parse(override.until))}`;
    default:
      return nearWords(near);
  }
}

function nearWords(near: number): string {
  if (near === 0) return 'names the person or the device';
  if (near === 1) return 'a class of the person';
  if (near === ownUnit) return 'the person’s own unit';
  if (near >= district) return 'names nothing near it';
  const up = near - ownUnit;
  return up === 1 ? '1 unit up' : `${up} units up`;
}

/**
 * Why a wish lost to the one that holds, as one sentence's words: `strictest wins: 5 minutes is stricter than 15`.
 * `near`: how near each assignment is (`Resolution.near`).
 */
export function whyBeaten(
  { capability, setting }: { capability: CapabilityName; setting: string },
  winner: Wish,
  loser: Wish,
  near: Nearness,
): string {
  const schema = settingSchemas(capability)[setting] as LabelledSchema | undefined;
  const rule = schema?.['x-merge'];
  const stronger = rankOf(winner.assignment) < rankOf(loser.assignment);
  // An override sets aside what comes after it, whatever the rule.
  if (stronger && rankOf(winner.assignment) === 2) return strongerWords(winner.assignment);
  const words = { winner: valueWords(winner.value, setting, schema), loser: bareWords(loser.value, schema) };
  if (rule === 'strictest') return `strictest wins: ${words.winner} is stricter than ${words.loser}${locked(winner)}`;
  if (rule === 'most-help') return `what helps most wins: ${words.winner} is more help than ${words.loser}`;
  return precedenceWords(winner.assignment, loser.assignment, near);
}

const locked = ({ assignment }: Wish) => (assignment.locked ? ' (locked minimum)' : '');

function precedenceWords(winner: Assignment, loser: Assignment, near: Nearness): string {
  switch (decidedBy(winner, loser, near)) {
    case 'rank':
      return strongerWords(winner);
    case 'nearness':
      return nearerWords(near.get(winner) ?? district, near.get(loser) ?? district);
    case 'priority':
      return `higher priority: ${winner.priority} goes before ${loser.priority}`;
    case 'name':
      return winner.profileId === loser.profileId
        ? 'another assignment of the same profile'
        : `by name: “${winner.profile}” comes before “${loser.profile}”`;
  }
}

function strongerWords({ profile, override, ...assignment }: Assignment): string {
  if (assignment.locked) return `locked minimum: nothing weakens “${profile}”`;
  if (assignment.restriction) return `restriction: “${profile}” holds until the device is put right`;
  return `override: “${profile}” goes before all but locked minimums${override ? ` (${override.reason})` : ''}`;
}

function nearerWords(winner: number, loser: number): string {
  if (winner === 0) return 'nearer: it names the person or the device';
  if (winner === 1) return 'nearer: it names a class of the person';
  return loser >= district ? 'nearer: it names a unit of the person' : 'a nearer unit';
}

const units: readonly [RegExp, string][] = [
  [/Minutes$/, 'minutes'],
  [/Seconds$/, 'seconds'],
  [/Hours$/, 'hours'],
  [/Days$/, 'days'],
  [/Percent$/, '%'],
];

/** A value as people read it; secrets stay secret. */
export function valueWords(value: unknown, setting: string, schema: LabelledSchema | undefined): string {
  const unit = typeof value === 'number' ? units.find(([pattern]) => pattern.test(setting))?.[1] : undefined;
  const words = bareWords(value, schema);
  return unit === undefined ? words : `${words} ${unit}`;
}

const longest = 100;

function bareWords(value: unknown, schema: LabelledSchema | undefined): string {
  if (schema?.['x-secret']) return 'a secret';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.length === 1 ? '1 entry' : `${value.length} entries`;
  if (typeof value !== 'string') return cut(JSON.stringify(value) ?? 'nothing');
  const label = schema?.['x-labels']?.[schema.enum?.indexOf(value) ?? -1];
  return `“${cut(label ?? value)}”`;
}

const cut = (words: string) => (words.length > longest ? `${words.slice(0, longest - 1)}…` : words);

/** Why what profiles want gives way to what the law of the state allows. */
export function presetWords(preset: string, value: unknown): string {
  return `${preset} allows no more than ${bareWords(value, undefined)}`;
}

/** What is on its way to a device in rings. */
export interface OnItsWay {
  title: string;
  kind: 'profile' | 'group';
  name: string;
  /** `null`: there was none. */
  from: number | null;
  to: number;
  /** The device is given `to`. */
  has: boolean;
  /** In words: it goes on no further. */
  stopped: string | undefined;
}

export function onItsWayWords({ title, kind, name, from, to, has, stopped }: OnItsWay): string {
  const what = `revision ${to} of ${kind === 'group' ? 'the group ' : ''}“${name}”`;
  const until = from === null ? 'it has none of it until then' : `it holds revision ${from} until then`;
  const said = has ? `this device already has ${what}` : `${what} comes to this device with a later ring; ${until}`;
  return `Rollout “${title}”: ${said}.${stopped === undefined ? '' : ` ${stopped}`}`;
}
