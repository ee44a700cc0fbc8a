import Type from 'typebox';
import { strictObject } from '../schema.ts';
import type { Refused } from './approval.ts';
import type { Roster } from './roster.ts';

/** The place of a dangerous command among those of its day (UTC): people sign it with the command, so it cannot be had twice. */
export const Slot = strictObject({
  day: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
  slot: Type.Integer({ minimum: 0, maximum: 99 }),
});
export type Slot = Type.Static<typeof Slot>;

export type BudgetProblem = 'no-slot' | 'wrong-day' | 'over-budget' | 'too-many-devices' | 'slot-taken';

/** The day of a moment, in UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export interface Spending {
  slot: Slot | undefined;
  issuedAt: number;
  devices: number;
}

/** Why a dangerous command is more than the district takes; `holder` is the command that had the slot before, if any. */
export function problemOfSpending(
  { slot, issuedAt, devices }: Spending,
  { commandsPerDay, devicesPerCommand }: Roster['budget'],
  isTaken: (slot: Slot) => boolean,
): Refused<BudgetProblem> | undefined {
  if (!slot) return { code: 'no-slot', words: 'it has no place among the dangerous commands of its day' };
  if (slot.day !== dayOf(issuedAt)) return { code: 'wrong-day', words: 'its day is not the day it was given' };
  if (slot.slot >= commandsPerDay)
    return { code: 'over-budget', words: `more than ${commandsPerDay} dangerous commands in one day` };
  if (devices > devicesPerCommand)
    return { code: 'too-many-devices', words: `${devices} devices; a dangerous command may name ${devicesPerCommand}` };
  if (isTaken(slot)) return { code: 'slot-taken', words: 'another command has its place in that day already' };
  return undefined;
}
