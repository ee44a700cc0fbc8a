import { type Kysely, sql } from 'kysely';

/** What the lists of staff are read by: who sees what by their units, in the order it is shown. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const indexes = {
    // What lies in a unit, and who somebody is in the roster.
    person_org_by_org: 'person_org (org_id, person_id)',
    person_by_email: 'person (lower(email)) where active = 1',
    custody_open_of_person: 'custody (person_id, device_id) where ended_at is null',
    device_by_token: 'device (token_id)',
    class_by_org: 'class (org_id, id)',
    // In the order of the page.
    approval_by_age: 'approval (at, id)',
    filter_override_by_age: 'filter_override (from_at, id)',
    restriction_by_age: 'restriction (from_at, id)',
    unblock_request_by_due: 'unblock_request (due_at, id)',
    waiver_by_age: 'waiver (from_at, id)',
    // How a profile is landing, without the evidence.
    reported_section_standing: 'reported_section (section, device_id, generation, hash, status)',
    // By what something is about. Of overrides, waivers and requests few are open.
    approval_by_subject: 'approval (kind, subject_id, at, id)',
    filter_override_open: 'filter_override (id) where ended_at is null',
    filter_override_open_for: 'filter_override (target_kind, target_id) where ended_at is null',
    unblock_request_alike: `unblock_request (name) where state = 'open'`,
    waiver_by_target: 'waiver (target_id)',
    waiver_open: 'waiver (id) where ended_at is null',
  };
  for (const [name, on] of Object.entries(indexes)) await sql.raw(`create index ${name} on ${on}`).execute(db);
}
