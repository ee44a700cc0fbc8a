import type { Generated } from 'kysely';

/** Roster, custody, staff and what is about the whole district. */
export interface PeopleTables {
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
  /** JSON documents with a version that changes at each save. Rows: `filter-settings`, `compliance-policy`. */
  document: { name: string; content: string; version: number; updated_at: number };
  /** `org_id` is empty for the district's own. */
  calendar: { org_id: string; content: string; updated_at: number };
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
}
