import { systemClock as clock } from '../../../agent/platform/clock.ts';
import type { Manifest } from '../../../shared/protocol/messages.ts';
import { ClientContext } from './client-context.ts';
import { Credentials } from './credentials.ts';
import { Moments } from './moments.ts';
import { SimulatedAgent } from './simulated-agent.ts';
import { type Acknowledged, type CrowdStats, newStats } from './stats.ts';
import type { FarEnd } from './wire.ts';

/** How a crowd behaves. Everything random in it follows from `seed`. */
export interface Behaviour {
  seed: number;
  farEnd: FarEnd;
  /** Mean time between what an agent has to report; 0: it only reports what became of its state. */
  reportEverySeconds: number;
  /** Each report also carries an event that names itself (`eventDetail`), so that rows can be counted by content. */
  events: boolean;
  /** How many of a process connect at once when they join; later each comes back by the agent's own back-off. */
  atOnce: number;
  /** Instead: each joins at a random moment within this time, as lids open. 0: as fast as `atOnce` allows. */
  spreadSeconds: number;
  /** Between pings at a bare floor, which says no cadence. */
  bareHeartbeatSeconds: number;
}

export interface CrowdOptions extends Behaviour {
  folder: string;
  /** Devices `from` to `to`, without the latter. */
  from: number;
  to: number;
}

/** As many as share a source address: a port range of 28,000 is never in sight. */
const perAddress = 1_000;
/** So that thousands of timers are few lists of Node's. */
const timerStepMs = 50;
const manifestsKept = 64;

/** The agents of one process and what they share. */
export class Crowd {
  readonly behaviour: Behaviour;
  readonly contexts: ClientContext;
  readonly stats: CrowdStats = newStats();
  readonly moments = new Moments();
  readonly #agents: SimulatedAgent[] = [];
  readonly #manifests = new Map<string, Manifest>();
  /** Those whose turn to connect has not come. */
  #joining: SimulatedAgent[] = [];

  private constructor(behaviour: Behaviour, contexts: ClientContext) {
    this.behaviour = behaviour;
    this.contexts = contexts;
  }

  static async open({ folder, from, to, ...behaviour }: CrowdOptions): Promise<Crowd> {
    const credentials = new Credentials(folder);
    const authority = await credentials.authority();
    authority.stop();
    const crowd = new Crowd(behaviour, new ClientContext(authority.rootPem));
    for (const [index, credential] of credentials.read(from, to))
      crowd.#agents.push(new SimulatedAgent(crowd, index, credential));
    crowd.stats.agents = crowd.#agents.length;
    return crowd;
  }

  /** Connects every `each`-th that has not been told to yet; who could not comes back by itself. */
  join(each: number): void {
    const { atOnce, spreadSeconds } = this.behaviour;
    const fresh = [...this.some(each)].filter((agent) => agent.begin());
    if (spreadSeconds > 0) for (const agent of fresh) agent.openWithin(spreadSeconds);
    else this.#joining.push(...fresh);
    for (let turn = 0; turn < atOnce; turn++) this.joinNext();
  }

  /** Called when one has been welcomed, or has failed, for the first time. */
  joinNext(): void {
    this.#joining.shift()?.open();
  }

  /** Everybody stops for good. */
  leave(): void {
    this.#joining = [];
    for (const agent of this.#agents) agent.end();
  }

  /** Every `each`-th agent, by its place in the crowd. */
  *some(each: number): Generator<SimulatedAgent> {
    for (const agent of this.#agents) if (agent.index % each === 0) yield agent;
  }

  /** With what is still open counted in. */
  totals(): CrowdStats {
    const bytes = this.#agents.reduce((sum, agent) => sum + agent.received, this.stats.bytes);
    return { ...this.stats, bytes, busy: this.#agents.filter((agent) => agent.isBusy).length };
  }

  acknowledged(): Acknowledged[] {
    return this.#agents.flatMap((agent) => agent.acknowledged);
  }

  after(ms: number, work: () => void): () => void {
    return clock.after(ms < timerStepMs ? ms : Math.ceil(ms / timerStepMs) * timerStepMs, work);
  }

  addressOf(index: number): string {
    const block = Math.floor(index / perAddress);
    return `127.${16 + (block >> 8)}.${block & 255}.1`;
  }

  /** One object for all who were sent the same text. */
  manifestOf(text: string): Manifest {
    const known = this.#manifests.get(text);
    if (known) return known;
    if (this.#manifests.size >= manifestsKept) this.#manifests.clear();
    const manifest = JSON.parse(text) as Manifest;
    this.#manifests.set(text, manifest);
    return manifest;
  }
}
