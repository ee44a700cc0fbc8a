import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { ComplianceCountsView } from './compliance-counts.ts';
import { ComplianceEvidenceView } from './compliance-evidence.ts';
import { ComplianceHistoriesView } from './compliance-histories.ts';
import { ComplianceSubjectsView } from './compliance-subjects.ts';
import { ComplianceSumsView } from './compliance-sums.ts';
import { PeopleNamesView } from './people-names.ts';

/** Everything that reads compliance over time, on one database. */
export function complianceViews(db: Kysely<Database>) {
  const counts = new ComplianceCountsView(db);
  return {
    counts,
    evidence: new ComplianceEvidenceView(db),
    histories: new ComplianceHistoriesView(db),
    names: new PeopleNamesView(db),
    subjects: new ComplianceSubjectsView(db),
    sums: new ComplianceSumsView(db, counts),
  };
}
export type ComplianceViews = ReturnType<typeof complianceViews>;
