/** What the routes answer, by page of the console. */

export * from './schemas/api-tokens.ts';
export * from './schemas/audit.ts';
export * from './schemas/changes.ts';
export * from './schemas/commands.ts';
export * from './schemas/compliance.ts';
export * from './schemas/details.ts';
export * from './schemas/diagnoses.ts';
export * from './schemas/escrow.ts';
export * from './schemas/explain.ts';
export * from './schemas/filter.ts';
export * from './schemas/groups.ts';
export * from './schemas/history.ts';
export * from './schemas/imports.ts';
export * from './schemas/obligations.ts';
export * from './schemas/overview.ts';
export * from './schemas/policy-code.ts';
export * from './schemas/profiles.ts';
export * from './schemas/restrictions.ts';
export * from './schemas/rollouts.ts';
export * from './schemas/security.ts';
export * from './schemas/staff.ts';
export * from './schemas/summaries.ts';
export * from './schemas/tickets.ts';
export * from './schemas/webhooks.ts';
