import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Author, Proposal } from '../policy-service-types.ts';
import type { ManagedDevice } from '../profiles/subjects.ts';
import type { CalendarStore } from '../store/calendars.ts';
import type { ChangeRecord, DecisionRecord, Effect, StoredPreview } from '../store/change-records.ts';
import type { StaffStore } from '../store/staff.ts';
import { isSame, sidesOf, signatureOf } from './authors.ts';
import { doesMore, effectOf, fingerprintOf, groupsAsked } from './effect.ts';
import { type FreezingStores, freezeItems, type ProblemsOf } from './freeze-drafts.ts';
import { calendarsOf } from './freezes.ts';
import type { ChangePreviews, PreviewedChange } from './previews.ts';
import { readPublishing } from './publishing-settings.ts';
import { readRules, type StandingStores, standingOf } from './standing.ts';
import { planOf, sidesToSign } from './views.ts';

export interface ProposalParts {
  stores: FreezingStores & StandingStores & { staff: StaffStore; calendars: CalendarStore };
  previews: ChangePreviews;
  problemsOf: ProblemsOf;
  clock: Clock;
  random: Random;
}

/** A change that is worked out and not stored yet. */
export interface Drawn {
  change: ChangeRecord;
  /** What its proposer signs by proposing. */
  decisions: DecisionRecord[];
  touched: readonly ManagedDevice[];
}

export async function drawUp(parts: ProposalParts, proposal: Proposal, author: Author): Promise<Drawn> {
  const { stores, clock, random } = parts;
  const items = await freezeItems(stores, proposal.items, parts.problemsOf);
  const previewed = await parts.previews.of(items.map(contentOfItem));
  const plan = proposal.plan === undefined ? 'usual' : proposal.plan;
  const effect = await worked(parts, { items, plan }, previewed);
  const stored = { effect, ...(await storedOf(parts, previewed)) };
  const publishAt = proposal.publishAt ? Date.parse(proposal.publishAt) : null;
  const change: ChangeRecord = {
    ...{ id: random.uuid(), title: proposal.title, note: proposal.note, items, ...stored },
    ...signatureOf(author, clock.now()),
    state: publishAt === null ? 'open' : 'scheduled',
    plan,
    fingerprint: fingerprintOf(items, stored.effect),
    ...{ publishAt, endedAt: null, rolloutId: null, held: null },
  };
  return { change, touched: previewed.touched, decisions: await ownSignatures(parts, change, author) };
}

/**
 * Worked out anew: the same fingerprint, and so the same approvals, unless it does more. `bad-profile` when something in it
 * is wrong by now: of that nothing can be worked out.
 */
export async function redraw(
  parts: ProposalParts,
  change: ChangeRecord,
): Promise<{ change: ChangeRecord; touched: readonly ManagedDevice[]; fell: boolean }> {
  const problems = await parts.problemsOf(change.items);
  if (problems.length > 0) {
    const words = `“${change.title}” has problems by now: ${problems.join(' ')} Withdraw it and propose it anew.`;
    throw new CodedError('bad-profile', words, problems);
  }
  const previewed = await parts.previews.of(change.items.map(contentOfItem));
  const now = await worked(parts, change, previewed);
  const fell = doesMore(change.effect, now);
  const effect = fell ? now : change.effect;
  const fingerprint = fell ? fingerprintOf(change.items, effect) : change.fingerprint;
  const stored = await storedOf(parts, previewed);
  return { change: { ...change, ...stored, effect, fingerprint }, touched: previewed.touched, fell };
}

async function worked(
  { stores }: ProposalParts,
  { items, plan }: Pick<ChangeRecord, 'items' | 'plan'>,
  { preview }: PreviewedChange,
): Promise<Effect> {
  const { settings } = await readPublishing(stores.documents);
  const groups = groupsAsked(items, await stores.groups.published());
  return effectOf(preview, { groups, plan: planOf({ plan, preview }, settings) });
}

async function storedOf(
  { stores }: ProposalParts,
  { preview, touched }: PreviewedChange,
): Promise<Omit<StoredPreview, 'effect'>> {
  return { preview, calendars: calendarsOf(touched, await stores.calendars.list()) };
}

function contentOfItem(item: ChangeRecord['items'][number]) {
  return item.kind === 'profile'
    ? { kind: item.kind, id: item.id, content: item.content }
    : { kind: item.kind, id: item.id, content: item.content };
}

/** Who proposes has looked for their own side. */
async function ownSignatures(
  { stores, clock }: ProposalParts,
  change: ChangeRecord,
  author: Author,
): Promise<DecisionRecord[]> {
  if (!isSame(author, change)) return [];
  const standing = standingOf(change, [], await readRules(stores, clock.now()));
  const sides = sidesToSign(change, standing, { author, sides: await sidesOf(author, stores.staff) });
  const signed = { ...signatureOf(author, clock.now()), words: 'Signed by proposing it.' };
  return sides.map((side) => ({ ...signed, decision: 'approved', side, fingerprint: change.fingerprint }));
}
