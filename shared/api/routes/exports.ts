/** Files to take away: CSV, PDF, the evidence pack. */
export const exportRoutes = {} as const;
