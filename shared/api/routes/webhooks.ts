/** To be filled by its owner. */
export const webhookRoutes = {} as const;
