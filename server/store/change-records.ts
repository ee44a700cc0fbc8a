import type { Selectable } from 'kysely';
import type { ChangePreview, ChangeSummary, ProfileContent, Requirement } from '../../shared/api/schemas.ts';
import type { GroupContent } from '../../shared/policy/group.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import type { Database } from './schema.ts';

interface ItemOf<K extends 'profile' | 'group', C> {
  kind: K;
  id: string;
  name: string;
  /** The revision that was published when it was frozen; `null`: none. */
  fromRevision: number | null;
  /** Of the profile or group, when it was frozen. */
  version: number;
  content: C;
  /** The content was the draft, which goes with the publication. */
  fromDraft: boolean;
  /** What was published then. */
  before: C | null;
}

/** A draft as a change froze it, with what it would replace. */
export type FrozenItem = ItemOf<'profile', ProfileContent> | ItemOf<'group', GroupContent>;

/** What somebody approves: how many devices change, and how. */
export interface Effect {
  devices: number;
  people: number;
  /** Distinct changes of settings, before and after, sorted. */
  settings: string[];
  /** Settings of locked minimums that change, sorted. */
  locked: string[];
  /** Published groups that it asks for, each with its revision, sorted: who edits one says of whom the change speaks. */
  groups: string[];
  /** How it would go out; `null`: to everybody at once. */
  plan: RolloutPlan | null;
}

/** What a change does, as last worked out. */
export interface StoredPreview {
  preview: ChangePreview;
  /** What the fingerprint names; the same until the change does more. */
  effect: Effect;
  /** Units (`null`: the district) whose calendars the touched devices go by. */
  calendars: (string | null)[];
}

export type ChangeState = ChangeSummary['state'];
export type Side = Requirement['kind'];

/** Who acts: the id of an account where it is one, else the actor's name says it. */
export interface Signature {
  staff: string | undefined;
  by: string;
  at: number;
}

export interface ChangeRecord extends Signature, StoredPreview {
  id: string;
  title: string;
  note: string;
  state: ChangeState;
  items: FrozenItem[];
  /** `null`: to everybody at once. `usual`: as the district's settings say when it is published. */
  plan: RolloutPlan | null | 'usual';
  fingerprint: string;
  publishAt: number | null;
  endedAt: number | null;
  rolloutId: string | null;
  /** Why it was not published when it was due, as last said. */
  held: string | null;
}

export interface DecisionRecord extends Signature {
  decision: 'approved' | 'rejected';
  side: Side;
  words: string;
  fingerprint: string;
}

export interface CommentRecord {
  by: string;
  at: number;
  words: string;
}

export type ChangeRow = Selectable<Database['policy_change']>;

export function changeOf(row: ChangeRow): ChangeRecord {
  return {
    ...{ id: row.id, title: row.title, note: row.note, fingerprint: row.fingerprint, held: row.held },
    state: row.state as ChangeState,
    items: JSON.parse(row.items) as FrozenItem[],
    plan: row.plan === null ? null : (JSON.parse(row.plan) as RolloutPlan | 'usual'),
    ...(JSON.parse(row.preview) as StoredPreview),
    ...{ staff: row.by_staff || undefined, by: row.by_actor, at: row.at },
    ...{ publishAt: row.publish_at, endedAt: row.ended_at, rolloutId: row.rollout_id },
  };
}

export function rowOf(change: ChangeRecord): ChangeRow {
  const { id, title, note, state, items, plan, fingerprint, held } = change;
  return {
    ...{ id, title, note, state, fingerprint, held },
    items: JSON.stringify(items),
    plan: plan === null ? null : JSON.stringify(plan),
    preview: previewText(change),
    ...{ by_staff: change.staff ?? '', by_actor: change.by, at: change.at },
    ...{ publish_at: change.publishAt, ended_at: change.endedAt, rollout_id: change.rolloutId },
  };
}

export function previewText({ preview, effect, calendars }: StoredPreview): string {
  return JSON.stringify({ preview, effect, calendars } satisfies StoredPreview);
}

export function decisionOf(row: Selectable<Database['policy_change_decision']>): DecisionRecord {
  return {
    decision: row.decision as DecisionRecord['decision'],
    side: row.side as Side,
    ...{ words: row.words, fingerprint: row.fingerprint },
    ...{ staff: row.by_staff || undefined, by: row.by_actor, at: row.at },
  };
}
