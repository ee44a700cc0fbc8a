import type { CommandInput } from '../../shared/api/schemas.ts';
import { dangerousActions } from '../../shared/commands/action.ts';
import { dayOf, type Slot } from '../../shared/commands/budget.ts';
import { type Command, needsApproval } from '../../shared/commands/command.ts';
import type { Roster } from '../../shared/commands/roster.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';

export interface TextParts {
  audience: string;
  id: string;
  now: number;
  /** Whoever must sign; undefined: nobody. */
  roster: Roster | undefined;
  slot: Slot | undefined;
}

/** The exact text of a command, as it is signed. */
export function commandText(
  { action, deviceIds, expiresInMinutes }: CommandInput,
  { audience, id, now, roster, slot }: TextParts,
): string {
  return canonicalJson({
    ...{ format: 1, kind: 'command', audience, id, action, devices: [...deviceIds].sort() },
    ...{ issuedAt: now, expiresAt: now + expiresInMinutes * 60_000 },
    ...(roster && { roster: roster.version }),
    ...(slot && { slot }),
  } satisfies Command);
}

export function isDangerous({ action }: Pick<CommandInput, 'action'>): boolean {
  return dangerousActions.has(action.kind);
}

export function mustBeSigned({ action, deviceIds }: CommandInput): boolean {
  return needsApproval(action.kind, deviceIds.length);
}

/** The first place of today's budget that is free; undefined: the day is full. */
export function freeSlot(
  taken: readonly number[],
  { commandsPerDay }: Roster['budget'],
  now: number,
): Slot | undefined {
  const slot = Array.from({ length: commandsPerDay }, (_, index) => index).find((index) => !taken.includes(index));
  return slot === undefined ? undefined : { day: dayOf(now), slot };
}
