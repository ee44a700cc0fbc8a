/** Recovery keys of disks, which only a second person can open. */
export const escrowRoutes = {} as const;
