import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import type { Contact } from '../../shared/compliance/fold.ts';
import { type CompliancePolicy, compliancePolicyDefaults, countsByDefault } from '../../shared/compliance/policy.ts';
import { checks } from '../../shared/compliance/registry.ts';
import type { CheckFinding } from '../../shared/compliance/verdict.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import { Deadlines } from '../deadlines.ts';
import { sectionsByGeneration } from '../profiles/device-views.ts';
import type { Compliance, LifeCycle } from '../services.ts';
import type { DeviceDesired } from '../store/desired.ts';
import type { DocumentStore } from '../store/documents.ts';
import type { Posture, PostureStore } from '../store/posture.ts';
import type { Judgement } from '../store/verdicts.ts';
import { demandedChecks } from './demand.ts';
import type { Judged } from './device-verdicts.ts';
import { type Case, type ComplianceParameters, type DeviceJudgement, judgeDevice } from './judge.ts';
import { type LeniencyStores, readLeniencies } from './leniencies.ts';
import { judgePeople } from './people.ts';
import { readCompliancePolicy } from './policy.ts';

export interface ComplianceParts {
  stores: LeniencyStores & { posture: PostureStore; documents: DocumentStore };
  bus: Bus;
  clock: Clock;
  isConnected: (deviceId: string) => boolean;
  parameters: ComplianceParameters;
  onError: (error: unknown) => void;
}

/** A device that reports ten times in a second is judged at once, and once more when the second is over. */
const gapMs = 1_000;
/** Devices judged between two looks at the sockets. */
const atOnce = 500;
/** Kinds of records that the checks of the library's own demand look at, and those that others look at besides. */
const judgedKinds: ReadonlySet<string> = new Set(['reported', 'observation']);
const conditionKinds: ReadonlySet<string> = new Set(['health', 'finding']);

/** Keeps verdicts in step with what devices report; acts when an input changes or a deadline passes, never by polling. */
export class ComplianceService implements Compliance, LifeCycle {
  readonly #parts: ComplianceParts;
  readonly #queue: ChangeQueue;
  readonly #deadlines: Deadlines;
  /** Device → the generation it waits for, and since when it could have applied it. */
  readonly #waiting = new Map<string, { generation: number; at: number }>();
  /** When a device was last seen to leave: the store may learn it later. */
  readonly #left = new Map<string, number>();
  /** As of the last time everything was judged. */
  #policy: CompliancePolicy = compliancePolicyDefaults;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: ComplianceParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#recompute(ids), clock, onError, gapMs });
    this.#deadlines = new Deadlines(clock, (ids) => this.#queue.add(ids));
  }

  /** Judges everything once, for deadlines may have passed while the server was down; then follows the bus. */
  async start(): Promise<void> {
    const { bus } = this.#parts;
    const some = ({ deviceIds }: { deviceIds: readonly string[] }) => this.#queue.add(deviceIds);
    const all = () => this.#queue.add('all');
    const one = ({ deviceId }: { deviceId: string }) => this.#queue.add([deviceId]);
    this.#unsubscribe = [
      bus.subscribe('reported', (report) => this.#reported(report)),
      bus.subscribe('device-revoked', one),
      bus.subscribe('device-changed', some),
      bus.subscribe('desired-changed', some),
      bus.subscribe('waivers-changed', some),
      bus.subscribe('roster-changed', all),
      bus.subscribe('calendars-changed', all),
      bus.subscribe('compliance-policy-changed', all),
      bus.subscribe('presence-changed', (presence) => this.#presence(presence)),
    ];
    this.#queue.add('all');
    await this.#queue.settled();
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    this.#deadlines.disarm();
    await this.#queue.stop();
    this.#deadlines.disarm();
  }

  /** Resolves when everything published so far has been judged. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  /** The whole library, also what only informs. */
  async checksOfDevice(deviceId: string): Promise<CheckFinding[]> {
    const { clock, parameters, stores } = this.#parts;
    const conditionOf = await stores.posture.conditions([deviceId]);
    const facts = (await this.cases([deviceId])).get(deviceId);
    if (!facts) return [];
    return judgeDevice({ ...facts, condition: conditionOf(deviceId) }, parameters, clock.now(), checks).findings;
  }

  /** Those of these devices that are in service, by the checks that count. */
  async judged(ids: readonly string[]): Promise<Map<string, Judged>> {
    const { parameters, clock } = this.#parts;
    const cases = await this.cases(ids);
    return new Map(
      [...cases].map(([id, facts]) => [id, { ...judgeDevice(facts, parameters, clock.now()), ...facts.leniency }]),
    );
  }

  #reported({ deviceId, kinds }: { deviceId: string; kinds: readonly string[] }): void {
    const wide = looksAtCondition(this.#policy);
    if (kinds.some((kind) => judgedKinds.has(kind) || (wide && conditionKinds.has(kind))))
      this.#queue.add([deviceId]);
  }

  #presence({ deviceId, connected }: { deviceId: string; connected: boolean }): void {
    if (!connected) this.#left.set(deviceId, this.#parts.clock.now());
    this.#queue.add([deviceId]);
  }

  async #recompute(ids: readonly string[] | 'all'): Promise<void> {
    const { stores, bus } = this.#parts;
    if (ids === 'all') this.#policy = (await readCompliancePolicy(stores.documents)).policy;
    const devices = ids === 'all' ? await stores.posture.deviceIds() : ids;
    const changed: { deviceIds: string[]; personIds: string[] } = { deviceIds: [], personIds: [] };
    for (let start = 0; start < devices.length; start += atOnce) {
      changed.deviceIds.push(...(await this.#recordDevices(devices.slice(start, start + atOnce))));
      await setImmediate();
    }
    const people = await stores.posture.everHolding(ids === 'all' ? undefined : ids);
    for (let start = 0; start < people.length; start += atOnce) {
      changed.personIds.push(...(await this.#recordPeople(people.slice(start, start + atOnce))));
      await setImmediate();
    }
    this.#deadlines.arm();
    bus.publish('devices-judged', { deviceIds: devices });
    if (changed.deviceIds.length + changed.personIds.length > 0) bus.publish('verdict-changed', changed);
  }

  async #recordDevices(ids: readonly string[]): Promise<string[]> {
    const { stores, clock } = this.#parts;
    const judged = await this.#judge(ids);
    const custodies = await stores.custody.openCustodyOfDevices(ids);
    for (const id of ids) this.#deadlines.set(id, judged.get(id)?.deadline ?? null);
    const judgements = ids.map((subjectId): Judgement => {
      const { verdict, failures } = judged.get(subjectId) ?? { failures: new Map<string, number>() };
      const custodyId = custodies.get(subjectId)?.id ?? null;
      return { subjectId, verdict: verdict ? { ...verdict, custodyId } : null, failures };
    });
    return await stores.verdicts.record('device', judgements, clock.now());
  }

  async #recordPeople(ids: readonly string[]): Promise<string[]> {
    const { stores, clock } = this.#parts;
    return await stores.verdicts.record('person', await judgePeople(ids, stores), clock.now());
  }

  async #judge(ids: readonly string[]): Promise<Map<string, DeviceJudgement>> {
    const { parameters, clock } = this.#parts;
    const cases = await this.cases(ids);
    return new Map([...cases].map(([id, facts]) => [id, judgeDevice(facts, parameters, clock.now())]));
  }

  /** What is known of those of these devices that are in service, to be judged by a policy. */
  async cases(ids: readonly string[], policy = this.#policy): Promise<Map<string, Case>> {
    const { stores, clock } = this.#parts;
    const now = clock.now();
    const postures = await stores.posture.ofDevices(ids);
    const desired = await stores.desired.ofDevices(ids);
    const open = await stores.verdicts.open('device', ids);
    const leniencies = await readLeniencies(stores, policy, ids, now);
    const conditionOf = looksAtCondition(policy) ? await stores.posture.conditions(ids) : undefined;
    const sections = await sectionsByGeneration(
      stores.desired,
      [...desired.values()].map(({ generation }) => generation),
    );
    return new Map(
      postures.flatMap((posture) => {
        const leniency = leniencies.get(posture.id);
        if (!leniency) return [];
        const row = desired.get(posture.id);
        const named = Object.entries(row ? (sections.get(row.generation) ?? {}) : {});
        const facts = {
          posture,
          desired: named.map(([section, hash]) => ({ section, hash, generation: row?.generation ?? 0 })),
          contact: this.#contact(posture),
          waitingSince: this.#waitingSince(posture.id, row, now),
          earlierReasons: open.get(posture.id)?.reasons ?? [],
          leniency,
          ...(conditionOf && { condition: conditionOf(posture.id) }),
        };
        return [[posture.id, facts] as const];
      }),
    );
  }

  #contact({ id, lastSeenAt }: Posture): Contact {
    if (this.#parts.isConnected(id)) return 'now';
    const left = this.#left.get(id);
    if (lastSeenAt === null || left === undefined) return lastSeenAt ?? left ?? null;
    return Math.max(lastSeenAt, left);
  }

  #waitingSince(id: string, desired: DeviceDesired | undefined, now: number): number | null {
    if (!desired || !this.#parts.isConnected(id)) return null;
    const known = this.#waiting.get(id);
    if (known?.generation === desired.generation) return known.at;
    this.#waiting.set(id, { generation: desired.generation, at: now });
    return now;
  }
}

/** Whether a policy counts a check beyond the library's own demand. */
function looksAtCondition(policy: CompliancePolicy): boolean {
  return demandedChecks(policy).some(({ check }) => !countsByDefault.has(check));
}
