import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Sight } from '../access/standing.ts';

/** A unit of the district, in the roster or no longer. */
export interface Unit {
  id: string;
  name: string;
  parentId: string | null;
}

/** Devices that nobody holds, and people without a unit, are counted under the empty id. */
export const noUnit: Unit = { id: '', name: 'Without a unit', parentId: null };

/**
 * A unit and every unit below it, as far as they are seen; undefined where none is chosen and all are seen. Throws
 * `not-found` for a unit there is not.
 */
export function chosenUnits(
  units: readonly Unit[],
  org: string | undefined,
  { orgs }: Pick<Sight, 'orgs'> = { orgs: 'all' },
): string[] | undefined {
  if (org === undefined) return orgs === 'all' ? undefined : [...orgs];
  if (!units.some(({ id }) => id === org)) throw new CodedError('not-found', 'There is no such unit here.');
  const chosen = new Set([org]);
  for (const id of chosen) for (const unit of units) if (unit.parentId === id) chosen.add(unit.id);
  return [...chosen].filter((id) => orgs === 'all' || orgs.includes(id));
}
