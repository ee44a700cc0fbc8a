import { connectivityChecks } from '../../shared/filter/captive.ts';
import { ownPagesName } from '../filter/special-names.ts';

/** Names that are never recorded, because nobody at the device asked for them; `ownHosts` are the agent's servers. */
export function notThePersons(ownHosts: readonly string[]): ReadonlySet<string> {
  return new Set([ownPagesName, ...connectivityChecks, ...ownHosts]);
}
