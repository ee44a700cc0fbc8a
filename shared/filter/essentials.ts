import { looksLikeAddress, normaliseName } from './name.ts';

/**
 * Where staff and students sign in to what schools use. A list that blocks one of these locks a district out of its own
 * services. From the providers' own pages on what to let through a firewall: Google "Set up a hostname allowlist" (support.google.com/chrome/a/answer/6334001),
 * Microsoft "Microsoft 365 URLs and IP address ranges", ids 56 and 59 (learn.microsoft.com), Clever "Allowlisting Clever"
 * (support.clever.com) and ClassLink "Whitelisting" (help.classlink.com).
 */
export const signInPages: readonly string[] = [
  ...['=accounts.google.com', '=accounts.youtube.com', '=oauth2.googleapis.com', '=ssl.gstatic.com'],
  ...['login.microsoftonline.com', '=login.live.com', '=login.windows.net', 'login.microsoft.com'],
  ...['aadcdn.msauth.net', 'aadcdn.msftauth.net', '=device.login.microsoftonline.com'],
  ...['clever.com', 'classlink.com', '=appleid.apple.com', '=idmsa.apple.com'],
];

/** What every device must always reach: the district's own names, the sign-in pages and the control server itself. */
export function essentialNames(own: readonly string[], serverHosts: readonly string[]): string[] {
  const hosts = serverHosts.filter((host) => host.includes('.') && !looksLikeAddress(host) && normaliseName(host));
  return [...new Set([...own, ...hosts.map((host) => `=${host}`), ...signInPages])];
}
