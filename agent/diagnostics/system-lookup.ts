import { lookup } from 'node:dns/promises';

/** As programs on this host look a name up (getaddrinfo). Rejects with the system's code, such as ENOTFOUND. */
export async function systemLookup(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}
