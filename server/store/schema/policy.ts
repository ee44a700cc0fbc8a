import type { Generated } from 'kysely';

/** Profiles, groups, changes, rollouts, and the states devices should hold by them. */
export interface PolicyTables {
  profile: {
    id: string;
    name: string;
    description: string;
    draft: string | null;
    version: number;
    published_revision: number | null;
    created_at: number;
  };
  profile_revision: {
    profile_id: string;
    number: number;
    settings: string;
    assignments: string;
    /** 1: a locked minimum. */
    locked: Generated<number>;
    published_at: number;
    by_actor: string;
    note: string;
  };
  /** Saved groups; like profiles, a draft and immutable revisions. `draft` and `content` are JSON (`GroupContent`). */
  policy_group: {
    id: string;
    name: string;
    description: string;
    draft: string | null;
    version: number;
    published_revision: number | null;
    created_at: number;
  };
  policy_group_revision: {
    group_id: string;
    number: number;
    content: string;
    published_at: number;
    by_actor: string;
    note: string;
  };
  /** Drafts frozen together to be reviewed and published. `items`, `plan`, `preview` are JSON. */
  policy_change: {
    id: string;
    title: string;
    note: string;
    state: string;
    /** `{kind, id, name, fromRevision, version, content}` of each. */
    items: string;
    /** Null: to everybody at once; `"usual"`: as the district's settings say. */
    plan: string | null;
    /** `{preview, effect, calendars}`. */
    preview: string;
    /** Of items and effect: what somebody approved. */
    fingerprint: string;
    /** Staff id; empty for the command line and API tokens. */
    by_staff: string;
    by_actor: string;
    at: number;
    publish_at: number | null;
    ended_at: number | null;
    rollout_id: string | null;
    /** Why it was not published when it was due, as last said. */
    held: string | null;
  };
  /** Which profiles and groups a change is about; `revision` is what they became. */
  policy_change_item: { change_id: string; kind: string; item_id: string; revision: number | null };
  policy_change_decision: {
    id: Generated<number>;
    change_id: string;
    decision: string;
    side: string;
    by_staff: string;
    by_actor: string;
    at: number;
    words: string;
    fingerprint: string;
  };
  policy_change_comment: { id: Generated<number>; change_id: string; by_actor: string; at: number; words: string };
  /** Something new on its way in rings. `kind`: `policy` (profiles and groups), `list`, `agent`. */
  rollout: {
    id: string;
    kind: string;
    title: string;
    /** JSON: `{kind, id, from, to}` of each; `from` null: there was none. */
    items: string;
    plan: string;
    state: string;
    /** How many rings have it. */
    ring: number;
    since: number;
    reason: string | null;
    /** 1: halted, and those who had it were given the earlier one again. */
    returned: number;
    /** JSON: how many devices each ring adds, and last how many are in none. */
    ring_sizes: string;
    started_at: number;
    ended_at: number | null;
    by_actor: string;
    change_id: string | null;
  };
  /** Which ring a device is in (from 1), fixed when the rollout begins; who comes later is in the last. */
  rollout_device: {
    rollout_id: string;
    device_id: string;
    ring: number;
    /** When its ring opened. */
    given_at: number | null;
    /** JSON: how it was just before, for each gate. */
    before: string | null;
  };
  /** Every decision with the numbers it was made on. */
  rollout_decision: {
    id: Generated<number>;
    rollout_id: string;
    at: number;
    by_actor: string;
    from_state: string;
    to_state: string;
    ring: number;
    words: string;
    evidence: string;
  };
  /** One distinct desired state that was signed: many devices may hold the same row. */
  desired_state: {
    generation: number;
    content_hash: string;
    manifest: string;
    signature: string;
    key_id: string;
    created_at: number;
  };
  desired_section: { hash: string; content: string };
  /**
   * What each device should hold now and since when, and the selectors that reach it as a JSON list of their keys
   * (see `shared/policy/match.ts`): the last known scope, which stays while an attribute is unknown.
   */
  device_desired: {
    device_id: string;
    generation: number;
    content_hash: string;
    scope: string;
    since: number;
    /** JSON: section → since when its content is desired (epoch ms). */
    section_since: Generated<string>;
  };
}
