import type { OverrideTarget, OverrideView } from '../../shared/api/schemas.ts';
import type { OverrideTargets } from '../store/override-targets.ts';
import type { OverrideRecord } from '../store/overrides.ts';
import { iso, isoOrNull } from '../store/views/rows.ts';

/** An override as people see it, with whom it reaches now. */
export async function overrideView(
  { from, until, endedAt, ...rest }: OverrideRecord,
  targets: OverrideTargets,
  now: number,
): Promise<OverrideView> {
  return {
    ...rest,
    targetName: await targetName(rest.target, targets),
    from: iso(from),
    until: iso(until),
    endedAt: isoOrNull(endedAt),
    inForce: endedAt === null && until > now,
    devices: (await targets.devicesOf(rest.target)).length,
  };
}

/** The id where there is no such thing any more. */
export async function targetName(target: OverrideTarget, targets: OverrideTargets): Promise<string> {
  return (await targets.nameOf(target)) ?? target.id;
}
