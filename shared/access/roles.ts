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

/** For people who choose. */
export const roleWords: Record<Role, { title: string; words: string }> = {
  owner: { title: 'Owner', words: 'Everything, with staff, roles and the settings of the district' },
  'policy-author': { title: 'Policy author', words: 'Drafts and proposes policy; changes filter lists and calendars' },
  approver: { title: 'Approver', words: 'Approves and publishes policy; signs dangerous commands' },
  helpdesk: {
    title: 'Helpdesk',
    words: 'Tickets, devices, diagnoses, harmless actions, unblock requests and overrides',
  },
  principal: { title: 'Principal', words: 'Looks at people, devices, compliance, tickets and reports of their school' },
  teacher: { title: 'Teacher', words: 'Their own classes: overrides, who has a device ready; their own tickets' },
  auditor: { title: 'Auditor', words: 'Reads everything with the audit, and changes nothing' },
  reader: { title: 'Read-only API', words: 'Makes API tokens that read what lies in their units' },
};
