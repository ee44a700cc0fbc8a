import type { Query } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type {
  CheckSubject,
  ComplianceMap,
  ComplianceMeasures,
  ComplianceTrend,
  LibraryCheck,
  PolicyPreview,
} from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { contactCheck } from '../../shared/compliance/described.ts';
import { type CompliancePolicy, compliancePolicyDefaults } from '../../shared/compliance/policy.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Seen, Sight } from '../access/standing.ts';
import type { ComplianceHistory, Page } from '../services.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { GroupStore } from '../store/groups.ts';
import type { ProfileStore } from '../store/profiles.ts';
import type { ComplianceViews } from '../store/views/compliance.ts';
import { SubjectHistories } from './histories.ts';
import { instantFrom, spanFrom } from './instants.ts';
import { libraryChecks } from './library.ts';
import { complianceMap, statusCounts, storedChecks, storedNames, weightOf } from './map.ts';
import { measuresOf } from './measures.ts';
import { policyProblems, readCompliancePolicy } from './policy.ts';
import type { PolicyPreviews } from './preview.ts';
import { trendOf } from './trend.ts';
import { chosenUnits } from './units.ts';

export interface HistoryParts {
  stores: { documents: DocumentStore; profiles: ProfileStore; groups: GroupStore; history: ComplianceViews };
  previews: PolicyPreviews;
  clock: Clock;
  /** Parameters this server sets itself, by check. */
  serverSays: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const usualLimit = 50;

/** Reads the intervals that `ComplianceService` writes; changes nothing. */
export class ComplianceHistoryService implements ComplianceHistory {
  readonly #parts: HistoryParts;
  readonly #histories: SubjectHistories;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.#histories = new SubjectHistories(parts.stores.history.histories);
  }

  async instant(at: string): Promise<number> {
    return instantFrom(at, this.#parts.clock.now(), await this.#parts.stores.history.counts.since());
  }

  async map({ at: asked, org, sight }: Seen<Query<Routes['readComplianceMap']>>): Promise<ComplianceMap> {
    const { counts } = this.#parts.stores.history;
    const since = await counts.since();
    const at = instantFrom(asked, this.#parts.clock.now(), since);
    const units = await counts.units();
    const open = await counts.at(at, inUnits(chosenUnits(units, org, sight)));
    return {
      at: new Date(at).toISOString(),
      since: since === null ? null : new Date(since).toISOString(),
      ...complianceMap(open, units, await this.#policyAt(at)),
    };
  }

  async trend(query: Seen<Query<Routes['readComplianceTrend']>>): Promise<ComplianceTrend> {
    const { from, to, org, of = 'people', sight } = query;
    const { counts } = this.#parts.stores.history;
    const span = spanFrom(given({ from, to }), this.#parts.clock.now(), await counts.since());
    const subjects = trendSubjects[of] ?? knownCheck(of);
    const lastDay = Math.floor(span.to / 86_400_000);
    const changes = await counts.changes(subjects, lastDay, chosenUnits(await counts.units(), org, sight));
    return { of, days: trendOf(changes, span, of in trendSubjects) };
  }

  async measures({ from, to, org, sight }: Seen<Query<Routes['readComplianceMeasures']>>): Promise<ComplianceMeasures> {
    const { counts, sums } = this.#parts.stores.history;
    const span = spanFrom(given({ from, to }), this.#parts.clock.now(), await counts.since());
    const orgs = chosenUnits(await counts.units(), org, sight);
    const { ms, ...failures } = await sums.failures(await this.#countingAt(span.to), span, orgs);
    return measuresOf(span, await sums.timeInStates(span, orgs), { ...failures, hours: ms / 3_600_000 });
  }

  async checks(sight?: Sight): Promise<LibraryCheck[]> {
    const { stores, clock, serverSays } = this.#parts;
    const { policy } = await readCompliancePolicy(stores.documents);
    const counts = await stores.history.counts.at(clock.now(), inUnits(chosenUnits([], undefined, sight)));
    const names = await stores.profiles.namesOf(policy.checks.flatMap(({ binds = [] }) => binds));
    const found = { org: (id: string) => names.orgs.get(id), person: (id: string) => names.people.get(id) };
    return libraryChecks(policy, counts, found, serverSays);
  }

  async checkSubjects(check: string, query: Seen<Query<Routes['listCheckSubjects']>>): Promise<Page<CheckSubject>> {
    const { counts, subjects } = this.#parts.stores.history;
    const { at: asked, org, status, cursor, limit = usualLimit, sight } = query;
    const at = instantFrom(asked, this.#parts.clock.now(), await counts.since());
    const checks = knownCheck(check);
    const units = inUnits(chosenUnits(await counts.units(), org, sight));
    const open = statusCounts(await counts.at(at, { subjects: checks, ...units }), checks);
    const total = status ? open[status] : Object.values(open).reduce((sum, count) => sum + count, 0);
    const page = await subjects.page({ checks, at, limit, sight, ...units, ...given({ status, cursor }) });
    return { ...page, total };
  }

  async ofDevice(id: string, asked: { from?: string; to?: string }) {
    const { counts } = this.#parts.stores.history;
    const span = spanFrom(asked, this.#parts.clock.now(), await counts.since());
    return await this.#histories.ofDevice(id, span, await this.#countingAt(span.to));
  }

  async ofPerson(id: string, asked: { from?: string; to?: string }) {
    const { counts } = this.#parts.stores.history;
    const span = spanFrom(asked, this.#parts.clock.now(), await counts.since());
    return await this.#histories.ofPerson(id, span, await this.#countingAt(span.to));
  }

  async preview(policy: CompliancePolicy, gone?: AbortSignal): Promise<PolicyPreview> {
    const problems = await policyProblems(policy, this.#parts.stores);
    if (problems.length > 0) throw new CodedError('bad-compliance-policy', undefined, problems);
    const inForce = await readCompliancePolicy(this.#parts.stores.documents);
    return await this.#parts.previews.preview(inForce.policy, policy, gone);
  }

  /** Checks whose failure turned a verdict at an instant. */
  async #countingAt(at: number): Promise<string[]> {
    const policy = await this.#policyAt(at);
    return storedChecks.filter((check) => check !== contactCheck && weightOf(check, policy).counts);
  }

  async #policyAt(at: number): Promise<CompliancePolicy> {
    const revision = await this.#parts.stores.history.histories.policyAt(at);
    return revision ? (JSON.parse(revision.content) as CompliancePolicy) : compliancePolicyDefaults;
  }
}

const trendSubjects: Readonly<Record<string, string[]>> = { people: ['person'], devices: ['device'] };

function knownCheck(check: string): string[] {
  const names = storedNames(check);
  if (names.length === 0) throw new CodedError('not-found', 'There is no such check in the library.');
  return names;
}

function inUnits(orgs: string[] | undefined): { orgs?: string[] } {
  return orgs ? { orgs } : {};
}

/** Without what was not asked. */
function given<T extends object>(asked: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as never;
}
