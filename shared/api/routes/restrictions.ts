/** What is narrowed on a device until it is put right. */
export const restrictionRoutes = {} as const;
