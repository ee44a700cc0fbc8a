/** Commands, approvals, scripts. */
export type CommandTables = Record<never, never>;
