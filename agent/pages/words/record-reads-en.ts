/** Who looked at records of the person, in the office. `roles`: by what the server calls them. */
export const recordReads = {
  heading: 'Who looked at what is recorded of you',
  lead: 'In the last 30 days, the newest first. Your school can tell you more.',
  nobody: 'Nobody in the last 30 days.',
  reason: (reason: string) => `What for: ${reason}`,
  roles: {
    owner: 'owner',
    'policy-author': 'policy author',
    approver: 'approver',
    helpdesk: 'helpdesk',
    principal: 'principal',
    teacher: 'teacher',
    auditor: 'auditor',
    reader: 'a program of the district',
  } as Readonly<Record<string, string>>,
};

export type RecordReadWords = typeof recordReads;
