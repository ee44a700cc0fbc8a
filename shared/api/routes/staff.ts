/** Accounts of staff and what they may do. */
export const staffRoutes = {} as const;
