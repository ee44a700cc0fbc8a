import { setImmediate } from 'node:timers/promises';
import type { PolicyPreview } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { foldPerson, type Verdict } from '../../shared/compliance/fold.ts';
import { overdueAt } from '../../shared/compliance/person-timeline.ts';
import type { CompliancePolicy } from '../../shared/compliance/policy.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';
import type { CustodyStore } from '../store/custody.ts';
import type { ObligationStore } from '../store/obligations.ts';
import type { PostureStore } from '../store/posture.ts';
import type { PeopleNamesView } from '../store/views/people-names.ts';
import type { OpenCase } from './cases.ts';
import { type ComplianceParameters, judgeDevice, underPolicy } from './judge.ts';
import { type Change, CheckTally, countsOf, type Standing, summary } from './preview-sums.ts';

export interface PreviewParts {
  stores: { posture: PostureStore; custody: CustodyStore; obligations: ObligationStore };
  names: PeopleNamesView;
  clock: Clock;
  parameters: ComplianceParameters;
  cases(ids: readonly string[]): Promise<Map<string, OpenCase>>;
}

/** Devices judged between two looks at the sockets. */
const atOnce = 200;

/** Judges everybody by a policy that is not in force, and keeps nothing. One at a time: it reads the whole district. */
export class PolicyPreviews {
  readonly #parts: PreviewParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: PreviewParts) {
    this.#parts = parts;
  }

  preview(inForce: CompliancePolicy, proposed: CompliancePolicy): Promise<PolicyPreview> {
    const result = this.#turn.then(() => this.#judge(inForce, proposed));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #judge(inForce: CompliancePolicy, proposed: CompliancePolicy): Promise<PolicyPreview> {
    const { stores } = this.#parts;
    const tally = new CheckTally(inForce, proposed);
    const devices = new Map<string, Standing & { name: string }>();
    const ids = await stores.posture.deviceIds();
    for (let start = 0; start < ids.length; start += atOnce) {
      const cases = await this.#parts.cases(ids.slice(start, start + atOnce));
      for (const [id, facts] of cases)
        devices.set(id, { name: facts.posture.name, ...this.#both(facts, inForce, tally, proposed) });
      await setImmediate();
    }
    const changes = await this.#people(devices);
    return {
      ...summary(changes),
      devices: countsOf([...devices.values()]),
      checks: tally.rows(),
    };
  }

  #both(facts: OpenCase, inForce: CompliancePolicy, tally: CheckTally, proposed: CompliancePolicy): Standing {
    const before = this.#under(inForce, facts);
    const after = this.#under(proposed, facts);
    tally.add(before.findings, after.findings);
    return { before: before.verdict, after: after.verdict };
  }

  #under(policy: CompliancePolicy, facts: OpenCase): { findings: CheckFinding[]; verdict: Verdict } {
    return judgeDevice(underPolicy(facts, policy, facts.now), this.#parts.parameters, facts.now);
  }

  /** Everybody who holds a device in service. */
  async #people(devices: ReadonlyMap<string, Standing & { name: string }>): Promise<Change[]> {
    const custodies = await this.#parts.stores.custody.openCustodyOfDevices([...devices.keys()]);
    const held = Map.groupBy([...custodies], ([, { personId }]) => personId);
    const people = await this.#parts.names.of([...held.keys()]);
    const obligations = await this.#parts.stores.obligations.everOf([...held.keys()]);
    const now = this.#parts.clock.now();
    return [...held].map(([personId, own]) => {
      const standings = own.flatMap(([deviceId]) => devices.get(deviceId) ?? []);
      const owes = overdueAt(obligations.get(personId) ?? [], now);
      const { name = personId, orgId = '', orgName = '' } = people.get(personId) ?? {};
      return {
        person: { id: personId, name },
        ...{ orgId, orgName },
        before: foldPerson(
          standings.map((one) => ({ ...one.before, name: one.name })),
          owes,
        ),
        after: foldPerson(
          standings.map((one) => ({ ...one.after, name: one.name })),
          owes,
        ),
      };
    });
  }
}
