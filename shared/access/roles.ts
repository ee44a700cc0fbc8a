/** What an account may be; each grant is for one org unit and what lies below it, or for the whole district. */
export const roles = [
  'owner',
  'policy-author',
  'approver',
  'helpdesk',
  'principal',
  'teacher',
  'auditor',
  'reader',
] as const;
export type Role = (typeof roles)[number];
