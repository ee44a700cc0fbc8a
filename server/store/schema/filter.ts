import type { Generated } from 'kysely';

/** Lists, exceptions, requests, and what devices recorded. */
export interface FilterTables {
  list: {
    category: string;
    title: string;
    source: string;
    licence: string;
    hash: string;
    bytes: number;
    names: number;
    skipped: number;
    canary: string | null;
    updated_at: number;
    format: Generated<string>;
    /** Where it is fetched from; null: it was uploaded. */
    url: string | null;
    refresh_hours: number | null;
    /** Validators of the last answer (RFC 9110 section 13). */
    etag: string | null;
    last_modified: string | null;
    refreshed_at: number | null;
    refresh_problem: string | null;
    /** JSON list of names: what the district takes out, and what the list itself does. */
    exceptions: Generated<string>;
    own_exceptions: Generated<string>;
  };
  /** A version of a list on its way to the devices, beside the earlier one that `list` no longer names. */
  list_rollout: {
    category: string;
    from_hash: string;
    /** JSON: what else is known of the earlier version. */
    from_version: string;
    to_hash: string;
    added: number;
    removed: number;
    state: string;
    ring: number;
    ring_since: number;
    started_at: number;
    reason: string | null;
    /** The rollout that decides; null: from before lists had one. */
    rollout_id: string | null;
  };
  filter_override: {
    id: string;
    target_kind: string;
    target_id: string;
    kind: string;
    domains: string;
    categories: string;
    everything: number;
    reason: string;
    by_actor: string;
    from_at: number;
    until_at: number;
    ended_at: number | null;
    request_id: string | null;
  };
  unblock_request: {
    id: string;
    device_id: string;
    /** The id the device gave it, which only means something beside the device. */
    reported_id: string;
    /** Who had the device in custody when it was asked. */
    person_id: string | null;
    org_id: string | null;
    name: string;
    category: string | null;
    rule: string | null;
    words: string;
    asked_at: number;
    due_at: number;
    state: string;
    outcome: string;
    decided_at: number | null;
    decided_by: string | null;
    override_id: string | null;
  };
  /** Sums of a day (UTC date) by device, place and category; an empty category is all of them. No names. */
  activity_count: {
    day: string;
    device_id: string;
    org_id: string;
    place: string;
    category: string;
    asked: number;
    blocked: number;
  };
  activity_name: {
    id: Generated<number>;
    at: number;
    device_id: string;
    person_id: string | null;
    name: string;
    outcome: string;
    category: string | null;
    place: string;
    count: number;
  };
  deletion: { id: Generated<number>; at: number; what: string; older_than: number; rows: number; digest: string };
}
