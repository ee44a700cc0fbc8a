import type {
  ChangeView,
  FilterSettings,
  PolicyCalendar,
  PolicyCompliance,
  PolicyKind,
  PolicyList,
  PolicyPlan,
  PolicyStep,
  PublishingSettings,
} from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { Changes, ProposedItem, Publishing } from '../policy-service-types.ts';
import type { Actor, Calendars, CompliancePolicies, FilterSettingsService, Lists, PolicyAuthor } from '../services.ts';
import type { PeopleStore } from '../store/people.ts';
import type { FolderMemory } from './folder-memory.ts';
import { compliancePolicyOf } from './live-policy.ts';
import { districtCalendar, fingerprintOf, keyOf } from './objects.ts';
import type { PlannedStep } from './plan.ts';
import { type ItemParts, itemsFor } from './proposed-items.ts';

export interface ApplyParts extends ItemParts {
  stores: ItemParts['stores'] & { people: PeopleStore };
  /** The district's name. */
  districtName: string;
  lists: Pick<Lists, 'adopt' | 'delete'>;
  filterSettings: Pick<FilterSettingsService, 'read' | 'save'>;
  calendars: Pick<Calendars, 'save' | 'delete'>;
  compliancePolicy: Pick<CompliancePolicies, 'read' | 'save'>;
  publishing: Pick<Publishing, 'read' | 'save'>;
  groups: ItemParts['groups'] & { delete(id: string, actor: Actor): Promise<void> };
  changes: Pick<Changes, 'publishAtOnce' | 'publish' | 'read' | 'withdraw'>;
}

type Change = NonNullable<PolicyPlan['change']>;
type Step = { kind: PolicyKind; action: PolicyStep['action'] };

export interface Applied {
  change: Change | null;
  /** What stays as it is until the change is published. */
  waits: (kind: PolicyKind, action: PolicyStep['action']) => boolean;
}

/**
 * Takes the steps of a plan. Lists, filter settings and calendars first; then profiles and groups as one change; what may
 * only follow its publication last: the compliance policy and publishing settings, by which the change itself must not be
 * judged, and what is taken away.
 */
export class PolicyApplier {
  readonly #parts: ApplyParts;

  constructor(parts: ApplyParts) {
    this.#parts = parts;
  }

  /** `waiting`: the change that an earlier application of the same folder left open. */
  async apply(
    steps: readonly PlannedStep[],
    waiting: FolderMemory['waiting'],
    note: string,
    by: PolicyAuthor,
  ): Promise<Applied> {
    const due = steps.filter(({ action }) => action !== 'unchanged');
    for (const step of due) if (!isLast(viewOf(step)) && !isOfChange(viewOf(step))) await this.#take(step, by);
    const change = await this.#change(due, waiting, note, by);
    const isHeld = change !== null && !change.published;
    const waits = (kind: PolicyKind, action: PolicyStep['action']) =>
      isHeld && (isLast({ kind, action }) || isOfChange({ kind, action }));
    if (!isHeld) for (const step of due) if (isLast(viewOf(step))) await this.#take(step, by);
    return { change, waits };
  }

  /** Key → fingerprint of what a change of these steps would carry. */
  itemsOf(steps: readonly PlannedStep[]): Record<string, string> {
    const carried = steps.filter((step) => step.action !== 'unchanged' && isOfChange(viewOf(step)));
    return Object.fromEntries(
      carried.map(({ object, action }) => [keyOf(object), action === 'remove' ? action : fingerprintOf(object)]),
    );
  }

  /** What the unit of a calendar is called in the events. */
  async unitName(unit: string): Promise<string> {
    if (unit === districtCalendar) return this.#parts.districtName;
    return (await this.#parts.stores.people.orgs()).find(({ sourcedId }) => sourcedId === unit)?.name ?? unit;
  }

  async #change(
    due: readonly PlannedStep[],
    waiting: FolderMemory['waiting'],
    note: string,
    by: PolicyAuthor,
  ): Promise<Change | null> {
    const steps = due.filter((step) => isOfChange(viewOf(step)));
    if (waiting) {
      const earlier = await this.#earlier(waiting.change, by);
      const isSame = canonicalJson(waiting.items) === canonicalJson(this.itemsOf(steps));
      if (earlier && isSame && steps.length > 0) return await this.#goOn(earlier, by);
      if (earlier) await this.#parts.changes.withdraw(waiting.change, by);
    }
    const items: ProposedItem[] = [];
    for (const step of steps) items.push(...(await itemsFor(step, this.#parts, by.actor)));
    if (items.length === 0) return null;
    const title = `Policy as code: ${items.length === 1 ? '1 item' : `${items.length} items`}`;
    return await published(() => this.#parts.changes.publishAtOnce({ title, note, items }, by), this.#read(by));
  }

  async #earlier(id: string, by: PolicyAuthor): Promise<ChangeView | undefined> {
    const view = await this.#parts.changes.read(id, by).catch(unlessMissing);
    return view?.change.state === 'open' || view?.change.state === 'scheduled' ? view : undefined;
  }

  async #goOn(view: ChangeView, by: PolicyAuthor): Promise<Change> {
    if (!view.change.ready || view.hindrances.length > 0) return waitingChange(view);
    return await published(() => this.#parts.changes.publish(view.change.id, undefined, by), this.#read(by));
  }

  #read(by: PolicyAuthor): (id: string) => Promise<ChangeView> {
    return (id) => this.#parts.changes.read(id, by);
  }

  async #take({ object, action }: PlannedStep, by: PolicyAuthor): Promise<void> {
    const { lists, filterSettings, calendars, publishing, groups } = this.#parts;
    const { kind, name, document } = object;
    if (kind === 'list')
      await (action === 'remove' ? lists.delete(name, by.actor) : lists.adopt(document as PolicyList, by.actor));
    else if (kind === 'filter')
      await filterSettings.save(document as FilterSettings, (await filterSettings.read()).version, by.actor);
    else if (kind === 'calendar' && action === 'remove') await calendars.delete(await this.#unit(name), by.actor);
    else if (kind === 'calendar') {
      const { unit: _, ...calendar } = document as PolicyCalendar;
      await calendars.save(await this.#unit(name), calendar, by.actor);
    } else if (kind === 'compliance') await this.#saveCompliance(document as PolicyCompliance, by.actor);
    else if (kind === 'publishing')
      await publishing.save(document as PublishingSettings, (await publishing.read()).version, by);
    else if (kind === 'group') {
      const id = (await this.#parts.stores.groups.findByName(name))?.id;
      if (id !== undefined) await groups.delete(id, by.actor);
    }
  }

  async #saveCompliance(document: PolicyCompliance, actor: Actor): Promise<void> {
    const { compliancePolicy, stores } = this.#parts;
    const ids = new Map((await stores.profiles.list()).map(({ id, name }) => [name, id]));
    const policy = compliancePolicyOf(document, (profile) => ids.get(profile));
    if (!policy)
      throw new CodedError('bad-policy', 'compliance compliance: there is no such profile to restrict with.');
    await compliancePolicy.save(policy, (await compliancePolicy.read()).version, actor);
  }

  async #unit(name: string): Promise<string> {
    if (name === districtCalendar) return name;
    const unit = (await this.#parts.stores.people.orgs()).find(({ sourcedId }) => sourcedId === name);
    if (!unit) throw new CodedError('bad-policy', `calendar ${name}: the roster has no unit ${name}.`);
    return unit.id;
  }
}

const viewOf = ({ object, action }: PlannedStep): Step => ({ kind: object.kind, action });

function isOfChange({ kind, action }: Step): boolean {
  return kind === 'profile' || (kind === 'group' && action !== 'remove');
}

function isLast({ kind, action }: Step): boolean {
  return kind === 'compliance' || kind === 'publishing' || (action === 'remove' && kind !== 'profile');
}

/** What cannot go out yet waits as a change: the error's first detail is its id. */
async function published(
  publish: () => Promise<ChangeView>,
  read: (id: string) => Promise<ChangeView>,
): Promise<Change> {
  try {
    const { change } = await publish();
    return { id: change.id, published: true, needs: [] };
  } catch (error) {
    const isHeld = error instanceof CodedError && (error.code === 'approval-needed' || error.code === 'in-freeze');
    const [id] = isHeld ? error.details : [];
    if (id === undefined) throw error;
    return waitingChange(await read(id));
  }
}

function waitingChange({ change, requirements, hindrances }: ChangeView): Change {
  const needs = requirements.flatMap(({ metBy, why }) => (metBy === null ? [why] : []));
  const others = hindrances.filter((words) => !needs.some((need) => words.includes(need)));
  return { id: change.id, published: false, needs: [...needs, ...others] };
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof CodedError) || error.code !== 'not-found') throw error;
}
