/** To be filled by its owner. */
export const policyCodeRoutes = {} as const;
