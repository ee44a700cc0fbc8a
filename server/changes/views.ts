import type { ChangeSummary, ChangeView, PublishingSettings } from '../../shared/api/schemas.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import type { Author } from '../policy-service-types.ts';
import type { ChangeRecord, CommentRecord, DecisionRecord, Side } from '../store/change-records.ts';
import { isPerson, isSame } from './authors.ts';
import { hindrancesOf, isMet, type Standing } from './standing.ts';

/** Whoever looks, and whom they sign for. */
export interface Reader {
  author: Author;
  sides: readonly Side[];
}

export interface Shown {
  change: ChangeRecord;
  /** Undefined: it is over. */
  standing: Standing | undefined;
  comments: number;
}

export function summaryOf({ change, standing, comments }: Shown, reader: Reader): ChangeSummary {
  const { id, title, state, items, by, at, preview, publishAt, endedAt, rolloutId } = change;
  return {
    ...{ id, title, state, by, rolloutId, comments },
    items: items.map(({ kind, id, name, fromRevision }) => ({ kind, id, name, fromRevision })),
    at: instant(at),
    ...{ devices: preview.devices, people: preview.people, percent: preview.percent },
    ready: standing ? isMet(standing) : state === 'published',
    needs: standing?.requirements.filter(({ metBy }) => metBy === null).map(({ kind }) => kind) ?? [],
    mayApprove: standing !== undefined && mayApprove(change, standing, reader),
    isOwn: isSame(reader.author, change),
    publishAt: publishAt === null ? null : instant(publishAt),
    publishedAt: state === 'published' && endedAt !== null ? instant(endedAt) : null,
  };
}

/** Where it is asked for; in a freeze a second person may make way. */
function mayApprove(change: ChangeRecord, standing: Standing, reader: Reader): boolean {
  const asked = standing.requirements.map(({ kind }) => kind);
  return sidesToSign(change, standing, reader).some((side) => standing.freeze !== undefined || asked.includes(side));
}

/**
 * What the reader's approval would add: whatever is open of the sides they sign for, and the second person's where they are
 * not who proposed it. A second person may approve where nothing is
 * asked, too: a freeze asks for it later.
 */
export function sidesToSign(change: ChangeRecord, standing: Standing, { author, sides }: Reader): Side[] {
  if (!isPerson(author)) return [];
  const isOwn = isSame(author, change);
  const open = standing.requirements.filter(({ metBy }) => metBy === null).map(({ kind }) => kind);
  const signing = open.filter((kind) => kind !== 'second-person' && sides.includes(kind));
  // The operator who proposed signs for nobody: only accounts belong to a side.
  if (isOwn) return author.staffId === undefined ? [] : signing;
  return standing.isSeconded ? signing : ['second-person', ...signing];
}

export function viewOf(
  shown: Omit<Shown, 'comments'> & {
    decisions: readonly DecisionRecord[];
    comments: readonly CommentRecord[];
    outdated: boolean;
    settings: PublishingSettings;
  },
  reader: Reader,
): ChangeView {
  const { change, standing, decisions, comments, outdated, settings } = shown;
  return {
    change: summaryOf({ ...shown, comments: comments.length }, reader),
    note: change.note,
    preview: change.preview,
    outdated: standing !== undefined && outdated,
    requirements: standing?.requirements ?? [],
    hindrances: standing ? hindrancesOf(standing) : [],
    inFreeze: standing?.freeze !== undefined,
    plan: planOf(change, settings),
    decisions: decisions.map(({ by, at, decision, side, words }) => ({ by, at: instant(at), decision, side, words })),
    comments: comments.map(({ by, at, words }) => ({ by, at: instant(at), words })),
  };
}

/** How it would go out: `null` to everybody at once. */
export function planOf(
  { plan, preview }: Pick<ChangeRecord, 'plan' | 'preview'>,
  settings: Pick<PublishingSettings, 'plan' | 'fewDevices'>,
): RolloutPlan | null {
  if (preview.devices === 0) return null;
  if (plan !== 'usual') return plan;
  return preview.devices < settings.fewDevices ? null : settings.plan;
}

const instant = (ms: number) => new Date(ms).toISOString();
