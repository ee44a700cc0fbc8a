import { type RecordingLevel, recordingDefaults, type WebFilterSettings } from '../profile/web-filter.ts';
import type { Place } from './place.ts';

export interface RecordingMoment {
  place: Place;
  /** Whether it is a school day between the first bell and the last. */
  schoolHours: boolean;
}

/**
 * What may be recorded of what was asked then and there. Pure. Where the place is not known it counts as off campus: a
 * doubt never records more.
 */
export function recordingLevel(
  settings: Pick<WebFilterSettings, 'recording' | 'recordingAfterHours' | 'recordingOffCampus'>,
  { place, schoolHours }: RecordingMoment,
): RecordingLevel {
  if (place !== 'on-campus') return settings.recordingOffCampus ?? recordingDefaults.recordingOffCampus;
  if (schoolHours) return settings.recording ?? recordingDefaults.recording;
  return settings.recordingAfterHours ?? recordingDefaults.recordingAfterHours;
}
