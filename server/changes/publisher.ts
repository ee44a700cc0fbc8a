import { CodedError } from '../../shared/errors/catalogue.ts';
import { matches } from '../../shared/policy/match.ts';
import { ringsOf } from '../../shared/policy/rings.ts';
import type { RolloutPlan } from '../../shared/policy/rollout-plan.ts';
import type { Bus } from '../bus.ts';
import type { ManagedDevice } from '../profiles/subjects.ts';
import type { Actor, EventLog } from '../services.ts';
import type { ChangeRecord, DecisionRecord } from '../store/change-records.ts';
import type { Publication } from '../store/changes.ts';
import type { RevisionRecord } from '../store/profiles.ts';
import type { Drawn, ProposalParts } from './proposals.ts';
import { freezeWords, missingApprovals, readRules, type Standing, standingOf } from './standing.ts';
import { planOf } from './views.ts';

export interface PublisherParts extends ProposalParts {
  events: EventLog;
  bus: Bus;
}

interface Wish {
  drawn: Drawn;
  isNew: boolean;
  by: Actor;
  /** Why it goes out in a freeze all the same. */
  despiteFreeze?: string | undefined;
}

/** Puts a change that has all it needs in force, or on its way. */
export class Publisher {
  readonly #parts: PublisherParts;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** `approval-needed`, `in-freeze`, `conflict` when it may not be now; nothing is changed then. */
  async publish({ drawn, isNew, by, despiteFreeze }: Wish, decisions: readonly DecisionRecord[]): Promise<void> {
    const { stores, clock } = this.#parts;
    const { change, touched } = drawn;
    const rules = await readRules(stores, clock.now());
    demandReady(standingOf(change, decisions, rules), despiteFreeze);
    const plan = planOf(change, rules.settings);
    const rollout = plan ? await this.#rolloutOf(change, plan, touched) : undefined;
    const publication = { change: { ...change, plan }, isNew, at: clock.now(), rollout };
    await stores.changes.publish(publication, isNew ? drawn.decisions : []);
    const approved = decisions.filter(({ decision }) => decision === 'approved').map((one) => one.by);
    await this.#tell(publication, by, despiteFreeze, approved.join(', ') || undefined);
  }

  async #rolloutOf(
    { id, title, by }: ChangeRecord,
    plan: RolloutPlan,
    touched: readonly ManagedDevice[],
  ): Promise<Publication['rollout']> {
    const { stores, clock, random } = this.#parts;
    const groups = await stores.groups.published();
    const named = plan.rings.flatMap((ring) => (ring.kind === 'group' ? [ring.group] : []));
    const members = (group: string) =>
      touched.filter(({ subject }) => matches({ kind: 'group', group }, subject, groups) === true).map((one) => one.id);
    const pilots = new Map(named.map((group) => [group, new Set(members(group))]));
    const devices = touched.map(({ id: device, subject }) => ({
      ...{ id: device, school: subject.custodian?.orgs[0] ?? null, model: subject.model },
    }));
    return {
      ...{ id: random.uuid(), kind: 'policy', title, plan, startedAt: clock.now(), by, changeId: id },
      devices: ringsOf(plan, devices, pilots),
    };
  }

  async #tell(
    { change, isNew, rollout }: Publication,
    by: Actor,
    despiteFreeze: string | undefined,
    approver: string | undefined,
  ): Promise<void> {
    const { events, bus } = this.#parts;
    for (const { kind, id, name } of change.items) {
      const { number, ...contents } = await this.#contents(kind, id);
      const words = `Revision ${number} of “${name}” was published${rollout ? ', in rings' : ''}.`;
      await events.add({ actor: by, code: `${kind}-published`, words, ...contents, approver, subject: { kind, id } });
    }
    const subject = { kind: 'change' as const, id: change.id };
    if (!isNew)
      await events.add({
        actor: by,
        code: 'change-published',
        words: `“${change.title}” was published.`,
        approver,
        subject,
      });
    if (despiteFreeze !== undefined) {
      const words = `“${change.title}” was published in a freeze: ${despiteFreeze}`;
      const why = { reason: despiteFreeze, approver };
      await events.add({ actor: by, code: 'published-in-freeze', words, ...why, subject });
    }
    if (change.items.some(({ kind }) => kind === 'group')) bus.publish('groups-changed', {});
    bus.publish('policy-changed', {});
    bus.publish('changes-changed', { changeIds: [change.id] });
    if (rollout) bus.publish('rollouts-changed', { rolloutIds: [rollout.id] });
  }

  /** The revision that is published now, and the one before. */
  async #contents(kind: 'profile' | 'group', id: string) {
    const { profiles, groups } = this.#parts.stores;
    const number = (await (kind === 'profile' ? profiles.find(id) : groups.find(id)))?.published?.number ?? 0;
    if (kind === 'group')
      return { number, before: await groups.contents(id, number - 1), after: await groups.contents(id, number) };
    const [before, after] = [await profiles.revision(id, number - 1), await profiles.revision(id, number)];
    return { number, before: policyOf(before), after: policyOf(after) };
  }
}

/** What of a revision is policy. */
function policyOf(revision: RevisionRecord | undefined) {
  return revision ? { settings: revision.settings, assignments: revision.assignments, locked: revision.locked } : {};
}

function demandReady(standing: Standing, despiteFreeze: string | undefined): void {
  const { freeze, isSeconded, obstacles } = standing;
  const missing = missingApprovals(standing);
  if (missing.length > 0) throw new CodedError('approval-needed', missing.join(' '), missing);
  if (obstacles.length > 0) throw new CodedError('conflict', obstacles.join(' '), obstacles);
  if (!freeze) return;
  if (despiteFreeze === undefined) throw new CodedError('in-freeze', freezeWords(freeze), [freezeWords(freeze)]);
  const words = `${freezeWords(freeze)} A second person has to approve what goes out all the same.`;
  if (!isSeconded) throw new CodedError('approval-needed', words, [words]);
}
