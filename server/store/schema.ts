import type { Generated } from 'kysely';

/**
 * The tables, as Kysely sees them. Times are milliseconds since 1970 (integer); booleans are 0 or 1; JSON is text.
 * SQLite and PostgreSQL hold the same columns.
 */
export interface Database {
  setting: { name: string; value: string };
  org: {
    id: string;
    sourced_id: string;
    name: string;
    type: string;
    parent_id: string | null;
    identifier: string | null;
    active: number;
  };
  person: {
    id: string;
    sourced_id: string;
    role: string;
    given_name: string;
    family_name: string;
    username: string;
    email: string | null;
    org_id: string | null;
    grade: string | null;
    active: number;
    updated_at: number;
  };
  person_org: { person_id: string; org_id: string; role: string; is_primary: number };
  class: { id: string; sourced_id: string; title: string; org_id: string | null; grades: string; active: number };
  enrollment: {
    id: string;
    sourced_id: string;
    class_id: string;
    person_id: string;
    role: string;
    begins_on: string | null;
    ends_on: string | null;
    active: Generated<number>;
  };
  academic_session: {
    id: string;
    sourced_id: string;
    title: string;
    type: string;
    start_date: string;
    end_date: string;
    parent_sourced_id: string | null;
    school_year: string;
    active: Generated<number>;
  };
  device: {
    id: string;
    name: string;
    serial: string | null;
    maker: string | null;
    model: string | null;
    hardware_id: string;
    platform: string;
    os_name: string;
    os_version: string;
    agent_version: string;
    status: string;
    simulated: number;
    token_id: string | null;
    enrolled_at: number;
    last_seen_at: number | null;
    spool_epoch: string | null;
    spool_sequence: number;
    /** `on-campus` or `off-campus`, as its last address said; null: never seen, or no campus networks are given. */
    place: string | null;
  };
  device_tag: { device_id: string; tag: string };
  certificate: {
    serial: string;
    device_id: string;
    fingerprint: string;
    /** SHA-256 of the public key (SPKI DER): tells a repeated request from another device with the same key. */
    key_hash: string | null;
    status: string;
    not_before: number;
    not_after: number;
    issued_at: number;
    ended_at: number | null;
    end_reason: string | null;
  };
  enrolment_token: {
    id: string;
    secret_hash: string;
    label: string;
    max_uses: number;
    uses: number;
    expires_at: number;
    org_id: string | null;
    platform: string | null;
    approval: string;
    person_id: string | null;
    tags: string;
    simulated: number;
    created_at: number;
    created_by: string;
    revoked_at: number | null;
  };
  custody: {
    id: string;
    device_id: string;
    person_id: string;
    kind: string;
    starts_at: number;
    ended_at: number | null;
    end_reason: string | null;
    by_actor: string;
  };
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
  api_token: {
    id: string;
    name: string;
    secret_hash: string;
    /** JSON list. */
    scopes: string;
    created_at: number;
    created_by: string;
    /** Id of the account of staff that made it; null: the operator did. */
    created_by_staff: string | null;
    expires_at: number;
    last_used_at: number | null;
    revoked_at: number | null;
  };
  /** Answers to repeat for a request that comes again with the same key; kept for a day. */
  idempotency: {
    caller: string;
    key: string;
    request_hash: string;
    status: number;
    answer: string;
    at: number;
  };
  webhook: {
    id: string;
    name: string;
    url: string;
    secret: string;
    /** JSON list. */
    events: string;
    active: number;
    created_at: number;
    created_by: string;
    /** Signs beside `secret` until then, so that receivers can change over. */
    old_secret: string | null;
    old_secret_until: number | null;
    /** Since when nothing could be delivered; null: the last try worked, or there was none. */
    failing_since: number | null;
    /** Why the server turned it off. */
    problem: string | null;
  };
  /** Up to which row of each source webhooks were told. */
  webhook_cursor: {
    source: string;
    up_to: number;
  };
  webhook_delivery: {
    number: Generated<number>;
    id: string;
    webhook_id: string;
    event: string;
    body: string;
    at: number;
    /** When it was queued, or queued again by hand: it is given up a day later. */
    queued_at: number;
    /** `waiting`, `delivered` or `dead`. */
    state: string;
    attempts: number;
    next_at: number | null;
    last_at: number | null;
    last_status: number | null;
    last_problem: string | null;
  };
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
  /** JSON documents with a version that changes at each save. Rows: `filter-settings`, `compliance-policy`. */
  document: { name: string; content: string; version: number; updated_at: number };
  /** `org_id` is empty for the district's own. */
  calendar: { org_id: string; content: string; updated_at: number };
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
  reported_section: {
    device_id: string;
    section: string;
    generation: number;
    hash: string | null;
    status: string;
    failure: string | null;
    evidence: string;
    at: number;
  };
  health: { device_id: string; collector: string; value: string; at: number };
  observation: { device_id: string; name: string; value: string; at: number };
  finding: {
    id: Generated<number>;
    device_id: string;
    code: string;
    detail: string;
    opened_at: number;
    closed_at: number | null;
  };
  /** Intervals that never overlap: one open row per subject. */
  verdict: {
    id: Generated<number>;
    subject_kind: string;
    subject_id: string;
    state: string;
    reasons: string;
    from_at: number;
    to_at: number | null;
    custody_id: string | null;
    /** In grace and waived: until when. */
    until_at: Generated<number | null>;
    /** Primary unit of the person, or of the device's custodian; empty when unknown. */
    org_id: Generated<string>;
  };
  /**
   * Check × device as intervals: one check's never overlap and leave no gap from the first on; the open one has no end.
   * Another status, custody or unit ends one and begins the next. `check_name` is that of the library, or
   * `policy-verified:SECTION`, or `contact` (pass: heard of lately; fail: silent; unknown: never heard of).
   */
  check_interval: {
    id: Generated<number>;
    device_id: string;
    check_name: string;
    status: string;
    /** What was seen, in words, at the last outcome of this status (`CheckFinding.actual`). */
    seen: string;
    from_at: number;
    to_at: number | null;
    /** Since when it fails in this custody; also while it is unknown after a failure. Null: it does not. */
    failing_since: number | null;
    /** Begin of the failure that goes on here or ended where this begins, whoever held the device. Null: there is none. */
    failure_from: number | null;
    custody_id: string | null;
    /** Primary unit of the custodian; empty when nobody holds it, or nothing is known. */
    org_id: string;
  };
  /**
   * What a device said that checks read, in the order it came, until it is judged: so that a report that comes late moves
   * the intervals of the time it speaks of. `fact` is `observation:NAME`, `health:COLLECTOR`, `section:NAME` or `finding`.
   */
  judgement_input: {
    id: Generated<number>;
    device_id: string;
    at: number;
    received_at: number;
    fact: string;
    value: string;
  };
  /**
   * Up to when what a device said is judged: a report that comes late and speaks of earlier is taken for then, so that no
   * clock rewrites what was. The row of `''`: when all devices were last judged.
   */
  judged_up_to: { device_id: string; at: number };
  /**
   * Net change of how many intervals are open, by UTC day (days since 1970) in which they begin or end: the sum over all
   * days up to one is the count at its end. `subject` is `device`, `person` or a check's name; `state` its state or status.
   * `moment` is the sum of each change × the ms of its day that had passed, from which follows how long all were open
   * together; kept for people, 0 for all else. Written in the transaction that writes the intervals.
   */
  compliance_change: {
    day: number;
    org_id: string;
    subject: string;
    state: string;
    change: number;
    moment: number;
  };
  compliance_policy_revision: { version: number; content: string; from_at: number; by_actor: string };
  /** What a person owes. `kind` is `agreement` or `device-return`; `outcome` is `met` or `cancelled`. */
  obligation: {
    id: string;
    person_id: string;
    kind: string;
    title: string;
    device_id: string | null;
    from_at: number;
    due_at: number;
    by_actor: string;
    ended_at: number | null;
    outcome: string | null;
    ended_by: string | null;
  };
  /** A device that holds the restriction's profile, since when, and why; open while `ended_at` is null. */
  restriction: {
    id: string;
    device_id: string;
    person_id: string | null;
    profile_id: string;
    reason: string;
    from_at: number;
    ended_at: number | null;
    end_reason: string | null;
  };
  /** Key pairs that recovery keys are sealed for; the private half is wrapped by the approvers' passphrase. */
  escrow_key: {
    id: string;
    public_key: string;
    wrapped_key: string;
    created_at: number;
    by_actor: string;
    retired_at: number | null;
  };
  /** Recovery keys that devices handed in, sealed. One of a volume is in use: that with no `superseded_at`. */
  recovery_key: {
    id: string;
    device_id: string;
    volume: string;
    protector: string;
    escrow_key_id: string;
    sealed: string;
    reported_at: number;
    superseded_at: number | null;
  };
  /**
   * Somebody asks to read a recovery key; `outcome` is `approved` or `refused`, by another person, or `expired`. Both are
   * ids of staff: names are not unique, and nobody may approve their own.
   */
  recovery_request: {
    id: string;
    recovery_key_id: string;
    reason: string;
    asked_by: string;
    asked_at: number;
    expires_at: number;
    outcome: string | null;
    decided_by: string | null;
    decided_at: number | null;
    /** When the asker saw the key. */
    shown_at: number | null;
  };
  /** `check_name` is null for all checks. */
  waiver: {
    id: string;
    check_name: string | null;
    target_kind: string;
    target_id: string;
    reason: string;
    by_actor: string;
    from_at: number;
    until_at: number;
    ended_at: number | null;
  };
  event: {
    id: Generated<number>;
    at: number;
    actor: string;
    code: string;
    words: string;
    subject_kind: string | null;
    subject_id: string | null;
  };
  staff: {
    id: string;
    name: string;
    email: string;
    password_hash: string;
    created_at: number;
    disabled_at: number | null;
    /** JSON list of the sides it signs policy changes for: `it`, `curriculum`. */
    signs_for: Generated<string>;
  };
  staff_session: { token_hash: string; staff_id: string; created_at: number; expires_at: number };
}
