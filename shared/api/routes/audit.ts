/** What happened and who looked. */
export const auditRoutes = {} as const;
