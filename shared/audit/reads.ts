/** The event of a look that changed nothing (`reads` in `shared/api/access-rules.ts`). */
export const lookCode = 'record-read';

/** All codes by which somebody saw records of people: some looks say more than the usual one. */
export const readCodes: readonly string[] = [
  lookCode,
  'activity-viewed',
  'compliance-exported',
  'audit-exported',
  'evidence-pack-made',
  'recovery-shown',
];
