import type { Generated } from 'kysely';

/** Verdicts, what they were made from, and what follows from them. */
export interface ComplianceTables {
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
}
