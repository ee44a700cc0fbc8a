// What the sample district did with its policy in the weeks before today, through the same services as everybody.
import {
  type SampleEdit,
  sampleEdits,
  sampleGroups,
  samplePublishing,
  scopedProfiles,
} from '../server/demo/scoped-policy.ts';
import type { RunningServices } from '../server/main.ts';
import type { Author, ProposedItem } from '../server/policy-service-types.ts';
import { simulatedHealth } from './simulated-health.ts';
import { restlessModel } from './simulated-sections.ts';

const day = 86_400_000;
const server: Author = { actor: 'server' };
const helpdesk: Author = { actor: 'staff:Sample helpdesk' };
/** Nobody approves their own: the operator is the second person. */
const operator: Author = { actor: 'command line' };
/** Beside those of one model, so many others lie in the cart. */
const othersInCart = 4;

export type PastParts = Pick<RunningServices, 'services'>;
/** By the day since the beginning. */
export type Deeds = readonly (readonly [number, () => Promise<unknown>])[];

/** Groups and profiles of the school year: one change of many parts, with a locked minimum, so that a second person approves it. */
export async function publishSchoolYear(parts: PastParts, devices: number, today: number): Promise<void> {
  const { services } = parts;
  const items: ProposedItem[] = [];
  for (const group of sampleGroups(cartOf(devices, today))) {
    const { group: made, version } = await services.groups.create(group, helpdesk.actor);
    items.push({ kind: 'group', id: made.id, version });
  }
  const until = `${new Date(today + 21 * day).toISOString().slice(0, 10)}T21:00:00Z`;
  for (const { name, description, content } of scopedProfiles(until)) {
    const { profile, version } = await services.profiles.create(name, description, helpdesk.actor);
    items.push({ kind: 'profile', id: profile.id, version, content });
  }
  const title = 'Policy of the school year';
  const { change } = await services.changes.propose({ title, note: '', items, plan: null }, helpdesk);
  await approve(parts, change.id, 'Read with the principals of the three schools.');
  await services.changes.publish(change.id, undefined, helpdesk);
  const { version } = await services.publishing.read();
  await services.publishing.save(samplePublishing, version, helpdesk);
}

/** Serial numbers of the cart: every device of the model that will not take what is halted, and some others. */
function cartOf(devices: number, today: number): string[] {
  const fleet = Array.from({ length: devices }, (_, seed) => simulatedHealth(seed, today).hardware);
  const alike = fleet.filter(({ model }) => model === restlessModel);
  const others = fleet.filter(({ model }, seed) => model !== restlessModel && seed % 7 === 5).slice(0, othersInCart);
  return [...alike, ...others].flatMap(({ serial }) => serial ?? []);
}

/**
 * Edits of the last weeks, each at another stage of its life. `days`: those on which policy may be published, school days
 * without a freeze. A past without enough of them, as in the summer, has what is still to be decided alone.
 */
export function policyDeeds(parts: PastParts, days: readonly number[], today: number): Deeds {
  const ago = (back: number, deed: () => Promise<unknown>): Deeds => {
    const at = days.at(-back);
    return at === undefined ? [] : [[at, deed]];
  };
  const later = `${new Date(today + 3 * day).toISOString().slice(0, 10)}T12:00:00Z`;
  return [
    ...ago(22, () => publish(parts, sampleEdits.completed, 'Checked on my own laptop: lessons still open.')),
    ...ago(11, () => publish(parts, sampleEdits.halted, 'The librarian knows that her cart goes first.')),
    ...ago(10, () => rollBackHalted(parts)),
    ...ago(3, () => publish(parts, sampleEdits.underWay, 'Fine, as long as it is only looked at.')),
    ...ago(2, () => propose(parts, sampleEdits.scheduled, helpdesk, later)),
    ...ago(1, () => ask(parts)),
  ];
}

async function publish(parts: PastParts, edit: SampleEdit, approval: string): Promise<void> {
  const { change, requirements } = await propose(parts, edit, helpdesk);
  if (requirements.some(({ metBy }) => metBy === null)) await approve(parts, change.id, approval);
  await parts.services.changes.publish(change.id, undefined, helpdesk);
}

async function propose(
  { services }: PastParts,
  { profile, title, note, edit }: SampleEdit,
  by: Author,
  publishAt?: string,
) {
  const found = (await services.profiles.list()).find(({ name }) => name === profile);
  if (!found) throw new Error(`The sample district has no profile “${profile}”.`);
  const { content, version } = await services.profiles.read(found.id);
  const items: ProposedItem[] = [{ kind: 'profile', id: found.id, version, content: edit(content) }];
  return await services.changes.propose({ title, note, items, ...(publishAt && { publishAt }) }, by);
}

async function approve({ services }: PastParts, id: string, words: string): Promise<void> {
  await services.changes.decide(id, { decision: 'approved', words }, operator);
}

/** Left open, by nobody who has an account: whoever sets the server up may be the second person. */
async function ask(parts: PastParts): Promise<void> {
  const { change } = await propose(parts, sampleEdits.waiting, server);
  const words = 'Please look whether the film project of grade 6 keeps its exception. The preview says yes.';
  await parts.services.changes.comment(change.id, words, helpdesk);
}

async function rollBackHalted({ services }: PastParts): Promise<void> {
  const { items } = await services.rollouts.list({ live: true });
  for (const { id, state } of items) {
    if (state !== 'halted') continue;
    const reason = 'An older management tool on the image of the cart sets the policy back. New image after the break.';
    await services.rollouts.act(id, 'roll-back', reason, helpdesk.actor);
  }
}
