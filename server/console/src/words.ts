import type { CheckSeverity, FindingStatus, VerdictState } from '../../../shared/compliance/verdict.ts';
import type { PersonRole } from '../../../shared/policy/selector.ts';
import type { SectionStatus } from '../../../shared/protocol/messages.ts';

/** Words of the console for the contract's terms. */
export const verdictWords: Record<VerdictState, { label: string; meaning: string }> = {
  compliant: { label: 'Compliant', meaning: 'Every check that counts passes, and every setting is in force.' },
  waived: { label: 'Waived', meaning: 'Something is failing, and somebody decided to let that pass for a time.' },
  'in-grace': { label: 'In grace', meaning: 'Something is failing, and there is still time to put it right.' },
  noncompliant: { label: 'Not compliant', meaning: 'Something is failing and needs a person.' },
  silent: { label: 'Silent', meaning: 'The device has not been heard from for a while.' },
  unknown: { label: 'Unknown', meaning: 'Too little has been reported to judge.' },
};

/** `until Mon 7 Dec`, the local day of the last moment before an end, with the year when it is another; `` without an end. */
export function untilDay(end: string | undefined, now: number): string {
  if (end === undefined) return '';
  const last = new Date(Date.parse(end) - 1);
  const year = last.getFullYear() === new Date(now).getFullYear() ? undefined : ('numeric' as const);
  const parts = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year,
  }).formatToParts(last);
  const words = parts.filter(({ type }) => type !== 'literal').map(({ value }) => value);
  return `until ${words.join(' ')}`;
}

export const roleWords: Record<PersonRole, { one: string; many: string }> = {
  student: { one: 'Student', many: 'Students' },
  teacher: { one: 'Teacher', many: 'Teachers' },
  staff: { one: 'Staff', many: 'Staff' },
  administrator: { one: 'Administrator', many: 'Administrators' },
  guardian: { one: 'Guardian', many: 'Guardians' },
};

/** Those of whom a district knows that they are adults: roles are on the roster, birthdays are not. */
export const isAdultStaff = (role: PersonRole) => role === 'teacher' || role === 'staff' || role === 'administrator';

export const platformWords = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' } as const;

export const deviceStatusWords = { held: 'Waiting for approval', active: 'Active', revoked: 'Revoked' } as const;

export const sectionStatusWords: Record<SectionStatus, string> = {
  verified: 'Verified',
  applied: 'Applied, not proved',
  pending: 'Pending',
  failed: 'Failed',
  unsupported: 'Not supported',
};

export const findingStatusWords: Record<FindingStatus, string> = {
  pass: 'Pass',
  fail: 'Fail',
  'not-applicable': 'Does not apply',
  unknown: 'Not known',
};

/** A minor check informs and turns no verdict. */
export const severityWords: Record<CheckSeverity, string> = {
  critical: 'Critical',
  major: 'Major',
  minor: 'For information',
};

export const tokenStatusWords = { open: 'Open', used: 'Used up', expired: 'Expired', revoked: 'Revoked' } as const;

export const custodyWords = { primary: 'Their own', loan: 'On loan' } as const;

/** `1 device`, `12,400 devices`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** Grade codes of a roster as people say them: `06` → `Grade 6`, `KG` → `Kindergarten`. */
export function gradeWords(grade: string): string {
  if (/^\d+$/.test(grade)) return `Grade ${Number(grade)}`;
  return { KG: 'Kindergarten', PK: 'Pre-kindergarten', PR: 'Preschool' }[grade.toUpperCase()] ?? `Grade ${grade}`;
}

/** Who did something, from an event's actor: `staff:Ada Byrne` → `Ada Byrne`. */
export function actorWords(actor: string): string {
  const [kind = '', name] = splitOnce(actor);
  if (kind === 'device' && name) return `Device ${name}`;
  if (kind === 'staff' && name) return name;
  if (kind === 'token' && name) return `Program ${name}`;
  return actor.charAt(0).toUpperCase() + actor.slice(1);
}

function splitOnce(text: string): [string, string?] {
  const at = text.indexOf(':');
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** `1.9 GB`, in powers of 1,000 as drives are sold. */
export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = size < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  const scaled = size / 1000 ** power;
  return `${scaled.toFixed(power === 0 || scaled >= 100 ? 0 : 1)} ${units[power]}`;
}

/** `37 %`, never `37.00000001 %`. */
export function percent(value: number): string {
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`;
}

/** `40 minutes`, `5 hours`, `2.2 days`: how long something took, from hours. */
export function hoursWords(hours: number): string {
  if (hours < 1) return count(Math.max(1, Math.round(hours * 60)), 'minute');
  if (hours < 48) return count(Math.round(hours), 'hour');
  return count(hours < 240 ? Math.round(hours / 2.4) / 10 : Math.round(hours / 24), 'day');
}

/** Whether a text holds every word that was typed, in any case; nothing typed is in every text. */
export function says(typed: string | undefined, text: string): boolean {
  const lower = text.toLowerCase();
  return (typed ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** The words as they begin a line. */
export const capital = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
