import type { OverrideInput } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { heldWebFilter } from '../profiles/held-section.ts';
import type { DesiredStore } from '../store/desired.ts';
import type { ListStore } from '../store/lists.ts';
import type { OverrideTargets } from '../store/override-targets.ts';
import type { OverrideStore } from '../store/overrides.ts';
import { overrideProblems, unliftable } from './override-rules.ts';

export interface AdmissionStores {
  overrides: OverrideStore;
  overrideTargets: OverrideTargets;
  lists: ListStore;
  desired: DesiredStore;
}

/** Beyond these a section would have to leave some out. */
const mostPerTarget = 50;
const mostEntriesPerTarget = 1_000;
const nothingThere = {
  person: 'There is no such person in the roster.',
  device: 'There is no such device.',
  class: 'There is no such class in the roster.',
  org: 'There is no such school or unit in the roster.',
} as const;

/** Throws `not-found`, `bad-override` or `not-liftable` when there may not be such an override now. */
export async function admitOverride(input: OverrideInput, stores: AdmissionStores, now: number): Promise<void> {
  if ((await stores.overrideTargets.nameOf(input.target)) === undefined)
    throw new CodedError('not-found', nothingThere[input.target.kind]);
  await demandSound(input, stores);
  await demandRoom(input, stores.overrides, now);
  if (input.kind === 'allow') await demandLiftable(input, stores);
}

async function demandSound(input: OverrideInput, { lists, overrideTargets }: AdmissionStores): Promise<void> {
  const role = await overrideTargets.roleOf(input.target);
  const problems = overrideProblems(input, { role, knownCategories: await lists.known(input.categories) });
  if (problems.length > 0) throw new CodedError('bad-override', problems[0], problems);
}

async function demandRoom(input: OverrideInput, overrides: OverrideStore, now: number): Promise<void> {
  const inForce = await overrides.inForce(now, { kind: input.target.kind, ids: [input.target.id] });
  if (inForce.length >= mostPerTarget)
    throw new CodedError('bad-override', `There are ${mostPerTarget} overrides in force here. End one first.`);
  const entries = [input, ...inForce].reduce((sum, one) => sum + one.domains.length + one.categories.length, 0);
  if (entries > mostEntriesPerTarget)
    throw new CodedError('bad-override', 'The overrides in force here name too many sites. End one first.');
}

/** Judged by the device of the person where there is one; a class or a unit may hold devices of many policies. */
async function demandLiftable(input: OverrideInput, { overrideTargets, desired }: AdmissionStores): Promise<void> {
  if (input.target.kind !== 'person' && input.target.kind !== 'device') return;
  const [deviceId] = await overrideTargets.devicesOf(input.target);
  const section = deviceId === undefined ? undefined : await heldWebFilter(desired, deviceId);
  const forbidden = section ? unliftable(section.settings, input) : [];
  if (forbidden.length > 0) throw new CodedError('not-liftable', undefined, forbidden);
}
