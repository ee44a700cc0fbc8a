import type { UpdatesSettings } from '../../../shared/profile/updates.ts';

const hoursOfDay = 24;
/** Windows takes no longer one. */
const longest = 18;

/** The hours of the device's clock without a restart: from the first to just before the second, which may be after midnight. */
export function schoolDay({ schoolDayFrom = 7, schoolDayUntil = 17 }: UpdatesSettings): {
  from: number;
  until: number;
} {
  const length = (schoolDayUntil - schoolDayFrom + hoursOfDay) % hoursOfDay || longest;
  return { from: schoolDayFrom, until: (schoolDayFrom + Math.min(length, longest)) % hoursOfDay };
}
