/** The chain of events. */
export type AuditTables = Record<never, never>;
