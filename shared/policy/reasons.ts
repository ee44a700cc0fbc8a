import type { MergeRule } from '../profile/keywords.ts';
import { type Assignment, decidedBy, type Nearness, rankOf } from './assignment.ts';
import { district, ownUnit } from './nearness.ts';

/** The place of an assignment in the order of precedence, in words: `locked minimum`, `own unit, priority 100`. */
export function rankWords(assignment: Assignment, near: Nearness): string {
  if (assignment.locked) return 'locked minimum';
  if (assignment.restriction) return 'restriction until put right';
  if (assignment.override) return overrideWords(assignment.override);
  return `${nearWords(near.get(assignment) ?? district)}, priority ${assignment.priority}`;
}

/** Why a value was not taken although its assignment reaches the device: one sentence. `winner` gave the value in force. */
export function beatenWords(rule: MergeRule, winner: Assignment, loser: Assignment, near: Nearness): string {
  const [name, ranks] = [`“${winner.profile}”`, [rankOf(winner), rankOf(loser)] as const];
  const setAside = ranks[0] === 2 && ranks[1] === 3;
  if (rule === 'strictest' && !setAside) return `${name} is stricter, and the strictest holds.`;
  if (rule === 'most-help' && !setAside) return `${name} helps more, and what helps most holds.`;
  switch (decidedBy(winner, loser, near)) {
    case 'rank':
      return rankSentence(name, winner);
    case 'nearness':
      return `${name} is nearer: ${nearerWords(near.get(winner) ?? district, near.get(loser) ?? district)}.`;
    case 'priority':
      return `${name} has the higher priority: ${winner.priority} comes before ${loser.priority}.`;
    case 'name':
      return `${name} comes first by name; all else is equal.`;
  }
}

function nearerWords(nearer: number, farther: number): string {
  const [one, other] = [nearWords(nearer), nearWords(farther)];
  return one === other ? 'its unit comes before the other’s' : `${one} comes before ${other}`;
}

function rankSentence(name: string, winner: Assignment): string {
  if (winner.locked) return `${name} is a locked minimum, which comes before all others.`;
  if (winner.restriction) return `${name} restricts the device until it is put right.`;
  return `${name} is an ${overrideWords(winner.override)}: ${winner.override?.reason ?? ''}`.replace(/\.?$/, '.');
}

function overrideWords(override: Assignment['override']): string {
  return override?.until === undefined
    ? 'override'
    : `override until ${override.until.slice(0, 16).replace('T', ' ')} UTC`;
}

/** How near an assignment is, in words. */
export function nearWords(near: number): string {
  if (near === 0) return 'this person, device or list';
  if (near < ownUnit) return 'the class';
  if (near === ownUnit) return 'the own unit';
  return near < district ? 'a unit above' : 'the district at large';
}
