import type { Policy, PolicyKind, PolicyPlan, PolicyStep, PolicyWish } from '../../shared/api/schemas.ts';
import { calendarProblems } from '../../shared/calendar/problems.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Selector } from '../../shared/policy/selector.ts';
import { readPublishing } from '../changes/publishing-settings.ts';
import { readCompliancePolicy } from '../compliance/policy.ts';
import { filterSettingsProblems } from '../filter/filter-settings-problems.ts';
import { Serial } from '../filter/serial.ts';
import { readFilterSettings } from '../profiles/filter-context.ts';
import type { PolicyAuthor, PolicyCode } from '../services.ts';
import type { Stores } from '../store/stores.ts';
import { type ApplyParts, PolicyApplier } from './applier.ts';
import { changedBy } from './changed-by.ts';
import { FolderMemories, type FolderMemory, remembering } from './folder-memory.ts';
import { liveObjects } from './live-policy.ts';
import { keyOf, objectsOf, policyOf } from './objects.ts';
import { type LiveObject, type PlannedStep, planOf, sweepWords } from './plan.ts';
import { type PreviewedPlan, type PreviewParts, previewOf } from './policy-preview.ts';
import { type KnownNames, problemsBetween, selectorsOf } from './policy-problems.ts';

export interface PolicyCodeParts extends Omit<ApplyParts, 'stores'>, PreviewParts {
  stores: Stores;
  /** The district's fingerprint: SHA-256 of its root certificate. */
  district: string;
  clock: Clock;
  random: Random;
}

/** A wish beside what there is. */
interface Compared {
  steps: PlannedStep[];
  problems: string[];
  memory: FolderMemory;
}

/** The whole policy as documents: had, compared, and applied through the doors that the console uses. */
export class PolicyCodeService implements PolicyCode {
  readonly #parts: PolicyCodeParts;
  readonly #memories: FolderMemories;
  readonly #applier: PolicyApplier;
  readonly #serial = new Serial();

  constructor(parts: PolicyCodeParts) {
    this.#parts = parts;
    this.#memories = new FolderMemories(parts.stores.documents);
    this.#applier = new PolicyApplier(parts);
  }

  async export() {
    const live = await this.#live();
    const policy = policyOf(objectsOf(policyOf(live.filter(({ document }) => document !== null))));
    const { orgs, classes } = await this.#parts.stores.profiles.namesOf(askedBy(policy));
    const names = Object.fromEntries([...classes, ...orgs]);
    return { policy, district: this.#parts.district, folder: this.#parts.random.uuid(), names };
  }

  async diff(wish: PolicyWish): Promise<PolicyPlan> {
    const { steps, problems } = await this.#compare(wish);
    const { counts, ...found } = problems.length > 0 ? nothing : await previewOf(steps, this.#parts);
    return {
      steps: await this.#views(steps, () => 'planned'),
      preview: counts,
      problems: [...problems, ...found.problems].map(short),
      warnings: [...found.warnings, ...[sweepWords(steps) ?? []].flat()].map(short),
      change: null,
      folder: this.#folder(wish),
    };
  }

  #folder({ folder }: PolicyWish): PolicyPlan['folder'] {
    return { id: folder.id ?? this.#parts.random.uuid(), district: this.#parts.district };
  }

  async apply(wish: Parameters<PolicyCode['apply']>[0], by: PolicyAuthor): Promise<PolicyPlan> {
    return await this.#serial.run(() => this.#apply(wish, by));
  }

  async #apply(wish: Parameters<PolicyCode['apply']>[0], by: PolicyAuthor): Promise<PolicyPlan> {
    const { steps, problems, memory } = await this.#compare(wish);
    const all = problems.length > 0 ? problems : (await previewOf(steps, this.#parts)).problems;
    if (all.length > 0) throw new CodedError('bad-policy', undefined, all.slice(0, 50).map(short));
    if (!wish.overwrite) await this.#demandUnchanged(steps);
    demandAllowed(steps, by);
    const sweep = wish.confirm ? undefined : sweepWords(steps);
    if (sweep !== undefined) throw new CodedError('bad-policy', `Nothing was applied. ${sweep}`);
    const { change, waits } = await this.#applier.apply(steps, memory.waiting, wish.note, by);
    const waiting = change && !change.published ? { change: change.id, items: this.#applier.itemsOf(steps) } : null;
    const folder = this.#folder(wish);
    await this.#memories.save(folder.id, remembering(memory, steps, waiting), this.#parts.clock.now());
    return {
      steps: await this.#views(steps, ({ kind, action }) =>
        action !== 'unchanged' && waits(kind, action) ? 'waits' : 'done',
      ),
      preview: null,
      problems: [],
      warnings: [],
      change,
      folder,
    };
  }

  async #compare({ policy, folder, prune }: PolicyWish): Promise<Compared> {
    const [live, memory] = [await this.#live(), await this.#memories.read(folder.id)];
    const wanted = objectsOf(policy);
    const inStep = folder.district === this.#parts.district ? folder.known : {};
    const known = (key: string) => [...(inStep[key] ? [inStep[key]] : []), ...(memory.known[key] ?? [])];
    const between = problemsBetween(policy, wanted, await this.#known(policy, live, prune));
    const steps = planOf({ live, wanted, known, prune });
    return { steps, memory, problems: [...between, ...this.#ownProblems(policy)] };
  }

  /** What the schemas cannot say of single documents. */
  #ownProblems({ calendars, filter }: Policy): string[] {
    return [
      ...calendars.flatMap(({ unit, ...calendar }) =>
        calendarProblems(calendar).map((words) => `calendar ${unit ?? 'district'}: ${words}`),
      ),
      ...(filter ? filterSettingsProblems(filter, this.#parts.clock.now()) : []).map(
        (words) => `filter filter: ${words}`,
      ),
    ];
  }

  async #live(): Promise<LiveObject[]> {
    const { profiles, groups, calendars, lists, documents } = this.#parts.stores;
    return liveObjects({
      profiles: await profiles.list(),
      groups: await groups.list(),
      calendars: await calendars.list(),
      lists: await lists.list(),
      compliance: await readCompliancePolicy(documents),
      filter: await readFilterSettings(documents),
      publishing: await readPublishing(documents),
    });
  }

  /** What will be there once the wish is applied, and whom the roster knows. */
  async #known(policy: Policy, live: readonly LiveObject[], prune: boolean): Promise<KnownNames> {
    const kept = prune ? [] : live.filter(({ document }) => document !== null);
    const all = (kind: PolicyKind, own: readonly string[]) =>
      new Set([...own, ...kept.flatMap((object) => (object.kind === kind ? [object.name] : []))]);
    const { orgs, people, classes } = await this.#parts.stores.profiles.namesOf(askedBy(policy));
    return {
      ...{ orgs: new Set(orgs.keys()), people: new Set(people.keys()), classes: new Set(classes.keys()) },
      groups: all(
        'group',
        policy.groups.map(({ name }) => name),
      ),
      profiles: all(
        'profile',
        policy.profiles.map(({ name }) => name),
      ),
      categories: all(
        'list',
        policy.lists.map(({ category }) => category),
      ),
    };
  }

  async #demandUnchanged(steps: readonly PlannedStep[]): Promise<void> {
    const views = await this.#views(
      steps.filter(({ changedHere }) => changedHere),
      () => 'planned',
    );
    if (views.length === 0) return;
    throw new CodedError(
      'changed-meanwhile',
      'Nothing was applied: this was changed here since the folder was exported or last applied. Export it again, or replace what is here with --overwrite.',
      views.slice(0, 50).map(({ kind, name, changedHere }) => `${kind} ${name}: ${changedWords(changedHere)}`),
    );
  }

  async #views(
    steps: readonly PlannedStep[],
    stateOf: (step: { kind: PolicyKind; action: PolicyStep['action'] }) => PolicyStep['state'],
  ): Promise<PolicyStep[]> {
    const views: PolicyStep[] = [];
    for (const { object, action, differences, changedHere } of steps) {
      const { kind, name } = object;
      const by = changedHere ? await this.#changedBy(kind, name) : null;
      views.push({ kind, name, action, differences, changedHere: by, state: stateOf({ kind, action }) });
    }
    return views;
  }

  async #changedBy(kind: PolicyKind, name: string): Promise<PolicyStep['changedHere']> {
    const { profiles, groups, events } = this.#parts.stores;
    const unit = kind === 'calendar' ? await this.#applier.unitName(name) : undefined;
    const record = kind === 'profile' ? await profiles.findByName(name) : undefined;
    const id = record?.id ?? (kind === 'group' ? (await groups.findByName(name))?.id : undefined);
    return await changedBy(events, { kind, name }, { id, unit });
  }
}

const nothing: PreviewedPlan = { counts: null, problems: [], warnings: [] };
const short = (words: string) => words.slice(0, 700);

/** Whom documents speak of. */
function askedBy(policy: Policy): Selector[] {
  const units = policy.calendars.flatMap(({ unit }) => (unit === null ? [] : [unit]));
  return [
    ...selectorsOf(policy).map(({ selector }) => selector),
    ...units.map((org) => ({ kind: 'org' as const, org })),
  ];
}

export function changedWords(changed: PolicyStep['changedHere']): string {
  if (!changed) return 'changed here';
  return changed.at === null ? `changed here by ${changed.by}` : `changed here by ${changed.by} on ${changed.at}`;
}

function demandAllowed(steps: readonly PlannedStep[], { may }: PolicyAuthor): void {
  const refused = steps.filter(
    ({ object: { kind }, action }) =>
      action !== 'unchanged' &&
      ((kind === 'compliance' && !may.compliance) || (kind === 'publishing' && !may.publishing)),
  );
  if (refused.length === 0) return;
  throw new CodedError(
    'forbidden',
    'Nothing was applied: this API token may not write all of it. Publishing settings are for people; the compliance policy needs the scope compliance:write.',
    refused.map(({ object }) => keyOf(object)),
  );
}
