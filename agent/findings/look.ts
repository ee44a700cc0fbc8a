import type { Host } from '../capabilities/capability.ts';
import type { ServerAddress } from '../filter/upstream/udp.ts';

/** Signs of a way around the filter; the code of each finding. */
export const findingCodes = [
  'second-resolver',
  'tunnel-up',
  'unmanaged-browser',
  'proxy-set',
  'hosts-file',
  'name-service',
] as const;
export type FindingCode = (typeof findingCodes)[number];

export interface LookParts {
  host: Host;
  /** Where the filter listens. */
  filter: ServerAddress;
  /** Names that only the filter may answer. */
  isGuarded: (name: string) => boolean;
}

/** Looks once: words for a person when something is there, empty when nothing is. Throws when it cannot be known. */
export type Look = () => Promise<string>;
export type Looks = Readonly<Partial<Record<FindingCode, Look>>>;
