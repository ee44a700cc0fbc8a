/** One's own sign-in: second factors, passkeys, sessions. */
export const securityRoutes = {} as const;
