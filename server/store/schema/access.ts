/** Factors, roles and sessions of staff. */
export type AccessTables = Record<never, never>;
