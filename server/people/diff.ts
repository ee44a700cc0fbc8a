import type { ImportResult } from '../../shared/api/schemas.ts';
import type { KindChanges, PersonEntry, RosterChanges, StoredKind, StoredRoster } from '../store/roster-entries.ts';
import type { SettledRoster } from './resolve.ts';
import type { Stated } from './roster.ts';

export type KindCounts = ImportResult['changes'][number];

/** What an import would do, before anything is written. */
export interface RosterDiff {
  changes: RosterChanges;
  counts: KindCounts[];
  sample: string[];
}

const longestSample = 60;

/** Compares what an upload states with what is stored. `newId` names rows that are added. */
export function diffRoster(settled: SettledRoster, stored: StoredRoster, newId: () => string): RosterDiff {
  const orgs = diffKind('orgs', settled.orgs, stored.orgs, newId, (org) => org.type);
  const people = diffKind('people', settled.people, stored.people, newId, (person) => person.role);
  const classes = diffKind('classes', settled.classes, stored.classes, newId, () => 'class');
  const enrollments = diffKind('enrollments', settled.enrollments, stored.enrollments, newId, () => 'enrollment');
  const sessions = diffKind('academicSessions', settled.sessions, stored.sessions, newId, (session) => session.type);
  const kinds = [orgs, people, classes, enrollments, sessions];
  return {
    changes: {
      orgs: orgs.changes,
      people: people.changes,
      classes: classes.changes,
      enrollments: enrollments.changes,
      sessions: sessions.changes,
    },
    counts: kinds.map(({ counts }) => counts),
    sample: [people, orgs, classes, sessions, enrollments].flatMap(({ words }) => words).slice(0, longestSample),
  };
}

interface KindDiff<T> {
  changes: KindChanges<T>;
  counts: KindCounts;
  words: string[];
}

function diffKind<T extends { sourcedId: string }>(
  kind: string,
  stated: Stated<T>,
  stored: StoredKind<T>,
  newId: () => string,
  label: (entry: T) => string,
): KindDiff<T> {
  const changes: KindChanges<T> = { save: [], deactivate: [] };
  const counts: KindCounts = { kind, added: 0, changed: 0, removed: 0, unchanged: 0 };
  const words: string[] = [];
  const say = (sign: string, entry: T, rest: string) => {
    const sentence = `${sign} ${label(entry)} ${entry.sourcedId}${rest}`;
    if (words.length < longestSample) words.push(sentence.slice(0, 300));
  };
  for (const [sourcedId, { entry }] of stated.entries) {
    const known = stored.get(sourcedId);
    const difference = known && differenceOf(known.entry, entry, known.active);
    if (!known) {
      counts.added += 1;
      say('+', entry, gradeOf(entry));
    } else if (difference) {
      counts.changed += 1;
      say('~', entry, `: ${difference}`);
    } else {
      counts.unchanged += 1;
      continue;
    }
    changes.save.push({ id: known?.id ?? newId(), entry });
  }
  for (const [sourcedId, known] of leaving(stated, stored)) {
    counts.removed += 1;
    say('-', known.entry, stated.removed.has(sourcedId) ? '' : ' (no longer listed)');
    changes.deactivate.push(known.id);
  }
  return { changes, counts, words };
}

/** Marked as left, or absent from a file that lists everything and could be read to its end. */
function* leaving<T>(stated: Stated<T>, stored: StoredKind<T>) {
  const listsAll = stated.mode === 'bulk' && stated.complete;
  for (const [sourcedId, known] of stored) {
    if (!known.active || stated.entries.has(sourcedId) || stated.spared.has(sourcedId)) continue;
    if (listsAll || stated.removed.has(sourcedId)) yield [sourcedId, known] as const;
  }
}

/** Fields that hold names of people are named, never shown. */
const unshown = new Set(['givenName', 'familyName', 'username', 'email']);

/** What differs, in words; undefined when nothing does. */
function differenceOf(before: object, after: object, active: boolean): string | undefined {
  const was = new Map(Object.entries(before));
  const parts = Object.entries(after).flatMap(([field, value]) => {
    const earlier: unknown = was.get(field);
    if (same(earlier, value)) return [];
    return [
      unshown.has(field) || (typeof value === 'object' && value !== null)
        ? field
        : `${field} ${shown(earlier)} → ${shown(value)}`,
    ];
  });
  if (!active) parts.unshift('is back');
  return parts.length > 0 ? parts.join(', ') : undefined;
}

const same = (a: unknown, b: unknown) =>
  a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
const shown = (value: unknown) => (value === null || value === '' ? 'none' : String(value).slice(0, 60));

function gradeOf(entry: object): string {
  const { grade } = entry as Partial<PersonEntry>;
  return grade ? ` (grade ${grade})` : '';
}
