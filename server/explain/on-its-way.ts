import { onItsWayWords } from '../../shared/policy/explain.ts';
import type { Policy } from '../profiles/policy.ts';
import { type Resolved, scopeOf } from '../profiles/resolving.ts';
import type { ManagedDevice } from '../profiles/subjects.ts';
import type { ItemUnderWay } from '../rollouts/under-way.ts';
import type { Stores } from '../store/stores.ts';

type ReadStores = Pick<Stores, 'profiles' | 'groups' | 'rollouts'>;

/** What comes to the device in rings, or came to it before others; what does not concern it is left out. */
export async function rolloutWords(
  device: ManagedDevice,
  resolved: Resolved,
  policy: Policy,
  stores: ReadStores,
): Promise<string[]> {
  const live = await stores.rollouts.live();
  const words: string[] = [];
  for (const item of await stores.rollouts.underWay()) {
    const { kind, id, from, to } = item;
    const named = kind === 'profile' ? await stores.profiles.find(id) : await stores.groups.find(id);
    if (!named || !(await concerns(item, device, resolved, policy, stores))) continue;
    const rollout = live.find(({ items }) => items.some((one) => one.kind === kind && one.id === id));
    const { state } = rollout ?? {};
    const reason = state && 'reason' in state ? state.reason : '';
    const stopped = state && state.kind !== 'running' ? `It is ${state.kind}: ${reason}`.trim() : undefined;
    const about = { title: rollout?.title ?? named.name, kind, name: named.name, from, to, has: item.has(device.id) };
    words.push(onItsWayWords({ ...about, stopped }).slice(0, 600));
  }
  return words;
}

/** A group may decide about any profile; a profile concerns whom it reaches, before or after. */
async function concerns(
  { kind, id, to }: ItemUnderWay,
  device: ManagedDevice,
  { reaching, scope }: Resolved,
  policy: Policy,
  { profiles }: ReadStores,
): Promise<boolean> {
  if (kind === 'group' || reaching.some(({ profileId }) => profileId === id)) return true;
  const name = (await profiles.find(id))?.name ?? '';
  const revision = (await profiles.revisions(id)).find(({ number }) => number === to);
  if (!revision) return false;
  const { settings, assignments, locked } = revision;
  const content = { settings, assignments, ...(locked && { locked }) };
  const after = policy.with([{ kind: 'profile', id, name, content }]).of(device.id);
  return scopeOf(device, after, scope).reaching.some(({ profileId }) => profileId === id);
}
