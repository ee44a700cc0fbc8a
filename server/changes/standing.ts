import type { PublishingSettings, Requirement } from '../../shared/api/schemas.ts';
import type { SchoolCalendar } from '../../shared/calendar/calendar.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { ChangeRecord, DecisionRecord, FrozenItem } from '../store/change-records.ts';
import type { ChangeStore, PublishedAlone } from '../store/changes.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { GroupStore } from '../store/groups.ts';
import type { ProfileStore } from '../store/profiles.ts';
import type { RolloutStore } from '../store/rollouts.ts';
import { underWayWords } from './freeze-drafts.ts';
import { type Freeze, freezeAt } from './freezes.ts';
import { readPublishing } from './publishing-settings.ts';
import { needsOf, requirementsOf } from './requirements.ts';

export interface StandingStores {
  profiles: ProfileStore;
  groups: GroupStore;
  rollouts: RolloutStore;
  calendars: CalendarStore;
  documents: DocumentStore;
  changes: Pick<ChangeStore, 'alone'>;
}

/** Where a live change stands: what it has, and what hinders it now. */
export interface Standing {
  requirements: Requirement[];
  /** A second person has approved exactly this, asked for or not. */
  isSeconded: boolean;
  freeze: Freeze | undefined;
  /** What else stands in the way, one sentence each: a rollout at work, an item that is otherwise by now, or gone. */
  obstacles: string[];
}

/** What all changes are judged by, read once. */
export interface Rules {
  settings: PublishingSettings;
  calendars: ReadonlyMap<string | null, SchoolCalendar>;
  /** `kind id` of what is in rings. */
  underWay: ReadonlySet<string>;
  /** `kind id` → the published revision; absent: there is no such item. */
  published: ReadonlyMap<string, number | null>;
  /** What was published within a day without a second person. */
  alone: readonly PublishedAlone[];
  now: number;
}

/** Changes of one person are counted together for so long: many small ones are a large one. */
const togetherMs = 86_400_000;

export async function readRules(stores: StandingStores, now: number): Promise<Rules> {
  const { settings } = await readPublishing(stores.documents);
  const calendars = new Map((await stores.calendars.list()).map(({ orgId, calendar }) => [orgId, calendar]));
  const underWay = new Set((await stores.rollouts.underWay()).map(({ kind, id }) => `${kind} ${id}`));
  const profiles = (await stores.profiles.list()).map((one) => [`profile ${one.id}`, one] as const);
  const groups = (await stores.groups.list()).map((one) => [`group ${one.id}`, one] as const);
  const published = new Map([...profiles, ...groups].map(([key, one]) => [key, one.published?.number ?? null]));
  const alone = await stores.changes.alone(now - togetherMs);
  return { settings, calendars, underWay, published, alone, now };
}

/** Pure. */
export function standingOf(change: ChangeRecord, decisions: readonly DecisionRecord[], rules: Rules): Standing {
  const { items, preview, fingerprint } = change;
  const approvals = decisions.filter(({ decision }) => decision === 'approved');
  const touched = change.calendars.flatMap((unit) => rules.calendars.get(unit) ?? []);
  const earlier = rules.alone.filter(({ staff, by }) => (staff ?? by) === (change.staff ?? change.by));
  const alone = touchedAlone(earlier, items);
  return {
    requirements: requirementsOf(needsOf({ items, preview, alone, settings: rules.settings }), approvals, fingerprint),
    isSeconded: approvals.some((one) => one.side === 'second-person' && one.fingerprint === fingerprint),
    freeze: freezeAt(rules.settings, touched, rules.now),
    obstacles: items.flatMap((item) => obstaclesOf(item, rules)),
  };
}

function obstaclesOf(item: ChangeRecord['items'][number], { underWay, published }: Rules): string[] {
  const key = `${item.kind} ${item.id}`;
  const revision = published.get(key);
  if (revision === undefined) return [`The ${item.kind} “${item.name}” was deleted meanwhile. Withdraw the change.`];
  if (underWay.has(key)) return [underWayWords(item)];
  if (revision === item.fromRevision) return [];
  return [`Another revision of “${item.name}” is published by now. Withdraw the change and propose it anew.`];
}

export const isMet = ({ requirements }: Standing) => requirements.every(({ metBy }) => metBy !== null);

const missingWords: Record<Requirement['kind'], string> = {
  'second-person': 'A second person has not approved it.',
  it: 'IT has not signed it.',
  curriculum: 'Curriculum has not signed it.',
};

/** What is missing, one sentence each. */
export function missingApprovals({ requirements }: Standing): string[] {
  return requirements.filter(({ metBy }) => metBy === null).map(({ kind, why }) => `${missingWords[kind]} ${why}`);
}

export function freezeWords({ title, until }: Freeze): string {
  const end = Number.isFinite(until)
    ? ` before ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : '';
  return `Freeze “${title}”: nothing is published${end}.`;
}

/** Everything that hinders publication now, one sentence each. */
export function hindrancesOf(standing: Standing): string[] {
  const { freeze, obstacles } = standing;
  return [...missingApprovals(standing), ...(freeze ? [freezeWords(freeze)] : []), ...obstacles].map((words) =>
    words.slice(0, 400),
  );
}

/** Devices that earlier changes touched beside this one. Who edits the same for the same audience again touches the same. */
function touchedAlone(earlier: readonly PublishedAlone[], items: readonly FrozenItem[]): number {
  const byAudience = Map.groupBy(earlier, (one) => audienceOf(one.items));
  byAudience.delete(audienceOf(items));
  return byAudience.values().reduce((sum, same) => sum + Math.max(...same.map(({ devices }) => devices)), 0);
}

const audienceOf = (items: readonly FrozenItem[]) =>
  canonicalJson(
    items.map((item) => [item.kind, item.id, item.kind === 'profile' ? item.content.assignments : item.content]),
  );
