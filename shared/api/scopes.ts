/** What an API token may be allowed, beside what its maker may (`access-rules.ts` names the scope of each route). None includes another: a program that writes and reads is given both. */
export const apiScopes = [
  'read',
  'policy:write',
  'people:write',
  'devices:write',
  'compliance:write',
  'helpdesk:write',
  'admin',
] as const;
export type ApiScope = (typeof apiScopes)[number];

/** For people who choose. */
export const scopeWords: Record<ApiScope, string> = {
  read: 'Look at everything but browsing records, the audit, recovery keys, tokens and webhooks',
  'policy:write': 'Change profiles, groups, filter lists, filter settings and calendars; propose and publish changes',
  'people:write': 'Import rosters, agreements to sign and devices to return',
  'devices:write': 'Give out and take back devices, tag, approve and revoke them',
  'compliance:write': 'Change the compliance policy and waivers',
  'helpdesk:write': 'Decide unblock requests, open and close sites for a time',
  admin: 'Webhooks and the key that signs desired states',
};
