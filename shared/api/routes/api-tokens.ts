/** To be filled by its owner. */
export const apiTokenRoutes = {} as const;
