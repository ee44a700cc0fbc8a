/** Tickets. */
export type HelpdeskTables = Record<never, never>;
