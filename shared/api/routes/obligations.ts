/** What people owe: agreements to sign, devices to return. */
export const obligationRoutes = {} as const;
