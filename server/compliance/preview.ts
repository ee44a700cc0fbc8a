import { setImmediate } from 'node:timers/promises';
import type { PolicyPreview } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { foldPerson } from '../../shared/compliance/fold.ts';
import { overdueAt } from '../../shared/compliance/person-timeline.ts';
import { type CompliancePolicy, parametersOf } from '../../shared/compliance/policy.ts';
import { checks } from '../../shared/compliance/registry.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { ObligationStore } from '../store/obligations.ts';
import type { PostureStore } from '../store/posture.ts';
import type { PeopleNamesView } from '../store/views/people-names.ts';
import type { OpenCase } from './cases.ts';
import { type ComplianceParameters, judgeUnderBoth, type PolicyChange } from './judge.ts';
import { type Change, CheckTally, countsOf, type Standing, summary } from './preview-sums.ts';

export interface PreviewParts {
  stores: { posture: PostureStore; obligations: ObligationStore };
  names: PeopleNamesView;
  clock: Clock;
  parameters: ComplianceParameters;
  cases(ids: readonly string[]): Promise<Map<string, OpenCase>>;
}

/** Devices judged, or people folded, between two looks at the sockets. */
const atOnce = 100;

type Named = Standing & { name: string };

/** Judges everybody by a policy that is not in force, and keeps nothing. One at a time: it reads the whole district. */
export class PolicyPreviews {
  readonly #parts: PreviewParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: PreviewParts) {
    this.#parts = parts;
  }

  /** Ends with `bad-request` soon after `gone` aborts, for then nobody waits for it any more. */
  preview(inForce: CompliancePolicy, proposed: CompliancePolicy, gone?: AbortSignal): Promise<PolicyPreview> {
    const change = { inForce, proposed, reparametrised: differing(inForce, proposed) };
    const result = this.#turn.then(() => this.#judge(change, gone));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #judge(change: PolicyChange, gone: AbortSignal | undefined): Promise<PolicyPreview> {
    const tally = new CheckTally(change.inForce, change.proposed);
    const devices = new Map<string, Named>();
    const held = new Map<string, Named[]>();
    for await (const ids of inTurns(await this.#parts.stores.posture.deviceIds(), gone)) {
      for (const [id, facts] of await this.#parts.cases(ids)) {
        const { before, after } = judgeUnderBoth(facts, this.#parts.parameters, facts.now, change);
        tally.add(before.findings, after.findings);
        const standing = { name: facts.posture.name, before: before.verdict, after: after.verdict };
        devices.set(id, standing);
        const holder = facts.holdings.at(-1)?.personId;
        if (holder) held.set(holder, [...(held.get(holder) ?? []), standing]);
      }
    }
    return {
      ...summary(await this.#people(held, gone)),
      devices: countsOf([...devices.values()]),
      checks: tally.rows(),
    };
  }

  /** Everybody who holds a device in service. */
  async #people(held: ReadonlyMap<string, readonly Named[]>, gone: AbortSignal | undefined): Promise<Change[]> {
    const changes: Change[] = [];
    const now = this.#parts.clock.now();
    for await (const ids of inTurns([...held.keys()], gone)) {
      const people = await this.#parts.names.of(ids);
      const obligations = await this.#parts.stores.obligations.everOf(ids);
      for (const id of ids) {
        const owes = overdueAt(obligations.get(id) ?? [], now);
        const standings = held.get(id) ?? [];
        const under = (policy: 'before' | 'after') =>
          foldPerson(
            standings.map((one) => ({ ...one[policy], name: one.name })),
            owes,
          );
        const { name = id, orgId = '', orgName = '' } = people.get(id) ?? {};
        changes.push({ person: { id, name }, orgId, orgName, before: under('before'), after: under('after') });
      }
    }
    return changes;
  }
}

/** Some after others; between them the server looks at its sockets. */
async function* inTurns(ids: readonly string[], gone: AbortSignal | undefined): AsyncGenerator<string[]> {
  for (let start = 0; start < ids.length; start += atOnce) {
    if (gone?.aborted) throw new CodedError('bad-request', 'The request was withdrawn before it was answered.');
    yield ids.slice(start, start + atOnce);
    await setImmediate();
  }
}

function differing(inForce: CompliancePolicy, proposed: CompliancePolicy): Set<string> {
  const written = (policy: CompliancePolicy, check: string) => canonicalJson(parametersOf(policy, check));
  const names = checks.map(({ check }) => check);
  return new Set(names.filter((check) => written(inForce, check) !== written(proposed, check)));
}
