import { connectivityChecks } from '../../shared/filter/captive.ts';

/** The name under which a device's own pages answer. */
export const ownPagesName = 'rollcall.internal';

/**
 * Names that are never recorded, because nobody at the device asked for them: systems and browsers do, to learn whether a
 * network wants a sign-in. `ownHosts` are the agent's servers.
 */
export function notThePersons(ownHosts: readonly string[]): ReadonlySet<string> {
  return new Set([ownPagesName, ...connectivityChecks, ...ownHosts]);
}
