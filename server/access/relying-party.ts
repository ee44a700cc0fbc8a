import { isIP } from 'node:net';

/** Whom passkeys are for (WebAuthn Level 3, section 4): the name of a host, and the exact origins they are used at. */
export interface RelyingParty {
  /** Another one makes every passkey of the district useless. */
  id: string;
  name: string;
  origins: string[];
}

/**
 * Passkeys are bound to a name, never to an address: the first name among the console's further origins, then among the
 * hosts, else `localhost`. `origins` are all a browser may name; only those of the name and below it take passkeys.
 */
export function relyingPartyOf(
  config: { district: string; hosts: readonly string[]; origins: readonly string[] },
  origins: readonly string[],
): RelyingParty {
  const names = [...config.origins.map((origin) => URL.parse(origin)?.hostname ?? ''), ...config.hosts];
  const id = (
    names.find((name) => name !== '' && isIP(name.replace(/^\[|\]$/g, '')) === 0) ?? 'localhost'
  ).toLowerCase();
  const canonical = origins.map((origin) => URL.parse(origin)).filter((url) => url !== null);
  const own = canonical.filter(({ hostname }) => hostname === id || hostname.endsWith(`.${id}`));
  return { id, name: config.district, origins: own.map(({ origin }) => origin) };
}
