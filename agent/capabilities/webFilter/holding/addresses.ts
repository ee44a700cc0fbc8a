import { isIP } from 'node:net';
import { dohAddresses } from '../../../../shared/filter/doh-addresses.ts';

export interface Addresses {
  v4: string[];
  v6: string[];
  /** Texts that are no address and no range. */
  unclear: string[];
}

/** The well-known resolvers with those the district adds, by family, each once, in order. */
export function resolverAddresses(more: readonly string[]): Addresses {
  const all = [...new Set([...dohAddresses, ...more])].sort();
  const of = (family: 0 | 4 | 6) => all.filter((text) => familyOf(text) === family);
  return { v4: of(4), v6: of(6), unclear: of(0) };
}

/** 4 or 6 for an address or a range of that family; 0 for anything else, as everything becomes part of a rule. */
export function familyOf(text: string): 0 | 4 | 6 {
  const [, address = '', length] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const family = isIP(address);
  if (family !== 4 && family !== 6) return 0;
  const longest = family === 4 ? 32 : 128;
  // A range of everything would close the web rather than resolvers.
  const isRange = length === undefined || (Number(length) >= shortestPrefix[family] && Number(length) <= longest);
  return isRange ? family : 0;
}

const shortestPrefix = { 4: 8, 6: 16 } as const;
