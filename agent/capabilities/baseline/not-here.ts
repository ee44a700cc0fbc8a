import type { HostPart } from './baseline.ts';

/** The part of a system on which the capability cannot be had at all, with the reason. */
export function notHere(unsupportedWhy: string): HostPart<unknown> {
  return {
    unsupportedWhy,
    observe: () => Promise.resolve([]),
    apply: () => Promise.resolve(),
    holds: () => Promise.resolve(false),
    remove: () => Promise.resolve(),
    watched: () => [],
  };
}
