import type { FilterSettings } from '../../shared/api/schemas.ts';
import type { PersonRole } from '../../shared/policy/selector.ts';
import {
  type RecordingLevel,
  recordingDefaults,
  recordingLevels,
  type WebFilterSettings,
} from '../../shared/profile/web-filter.ts';

/** The most that may be recorded of what a device is asked, by where and when. */
export type RecordingCap = Required<
  Pick<WebFilterSettings, 'recording' | 'recordingAfterHours' | 'recordingOffCampus'>
>;

/**
 * Minn. Stat. §13.32 subd. 14 bars a school from looking at a student's interactions with a school-issued device, browsing
 * among them: numbers without names on campus, nothing elsewhere. Counsel confirms.
 */
const minnesota: RecordingCap = { recording: 'counts', recordingAfterHours: 'counts', recordingOffCampus: 'none' };

const adults: ReadonlySet<PersonRole> = new Set(['teacher', 'staff', 'administrator']);

/** Adults who work for the district. Whose role is not known counts as a student. */
export function isAdultStaff(role: string | null | undefined): boolean {
  return adults.has(role as PersonRole);
}

/** The cap a district's preset sets for students' devices at this time; undefined: none. */
export function presetCap({ preset, presetException }: FilterSettings, now: number): RecordingCap | undefined {
  const isExcepted = presetException !== null && Date.parse(presetException.until) > now;
  return preset === 'minnesota' && !isExcepted ? minnesota : undefined;
}

/** What a preset is called. */
export const presetTitles = { minnesota: 'the Minnesota preset' } as const;

/** The cap on one device: what its custodian's role makes of the district's. */
export function capOf(cap: RecordingCap | undefined, role: string | null | undefined): RecordingCap | undefined {
  return isAdultStaff(role) ? undefined : cap;
}

/** The settings with no more recorded than the cap allows. */
export function withinCap(settings: WebFilterSettings, cap: RecordingCap): WebFilterSettings {
  const least = (name: keyof RecordingCap): RecordingLevel => {
    const wanted = settings[name] ?? recordingDefaults[name];
    return recordingLevels.indexOf(wanted) < recordingLevels.indexOf(cap[name]) ? cap[name] : wanted;
  };
  return {
    ...settings,
    recording: least('recording'),
    recordingAfterHours: least('recordingAfterHours'),
    recordingOffCampus: least('recordingOffCampus'),
  };
}
