import type { Metrics } from '../metrics.ts';
import type { LifeCycle } from '../services.ts';
import type { AgentGateway } from './agent-gateway.ts';
import type { AgentSession } from './agent-session.ts';
import { AgentsListener, type AgentsListenerParts } from './agents-listener.ts';
import { Connections } from './connections.ts';
import { FrontFleet } from './front/front-fleet.ts';
import { answersOf } from './front/server-answers.ts';

export interface AgentsPortParts extends Omit<AgentsListenerParts, 'gateway' | 'reusePort' | 'metrics'> {
  gateway: AgentGateway;
  metrics: Pick<Metrics, 'handshakesRefused' | 'handshakesWaiting'>;
  heartbeatSeconds: number;
  /** Processes that hold the connections; 0: this one does. */
  processes: number;
  /** Of those processes. */
  environment: NodeJS.ProcessEnv;
}

/** A port that is open between `start` and `stop`. Call `gateway.stop()` before `stop`: it tells the agents. */
export interface AgentsPort extends LifeCycle {
  readonly port: number;
}

/** Systems whose kernel spreads the connections of one port over several listeners (nodejs.org, `server.listen`, reusePort). */
const sharing: readonly NodeJS.Platform[] = ['linux', 'freebsd', 'sunos', 'aix'];

/** The agents' port: held by this process, or by fronts. */
export function agentsPort(parts: AgentsPortParts): AgentsPort & { pids?: readonly (number | undefined)[] } {
  return parts.processes === 0 ? new OwnPort(parts) : fleet(parts);
}

/** The port held by the server's own process. */
class OwnPort implements AgentsPort {
  readonly #connections: Connections<AgentSession>;
  readonly #listener: AgentsListener;
  readonly #gateway: AgentGateway;
  #unsubscribe: () => void = () => undefined;

  constructor({ gateway, heartbeatSeconds, ...parts }: AgentsPortParts) {
    this.#gateway = gateway;
    this.#connections = new Connections({ owner: gateway, clock: parts.clock, heartbeatSeconds });
    this.#listener = new AgentsListener({ ...parts, gateway: this.#connections });
  }

  get port(): number {
    return this.#listener.port;
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#gateway.room.onTurn((isFull) => !isFull && this.#connections.resume());
    await this.#connections.start();
    await this.#listener.start();
  }

  /** What is still open is cut off. */
  async stop(): Promise<void> {
    await this.#listener.stop();
    await this.#connections.stop();
    this.#unsubscribe();
  }
}

function fleet(parts: AgentsPortParts): FrontFleet<AgentSession> {
  const { gateway, authority, metrics, log, host, port, maxConnections = 0, heartbeatSeconds } = parts;
  const { processes, environment, clock } = parts;
  const { agentsLeaf: leaf, clientCas } = authority;
  return new FrontFleet({
    ...{ owner: gateway, processes, environment, leaf, clock, log, answer: answersOf(parts) },
    canShare: sharing.includes(process.platform),
    listening: { host, port, clientCas, maxConnections, heartbeatSeconds, logLevel: log.level },
    onRefused: (reason, count) => metrics.handshakesRefused.inc({ reason }, count),
    onWaiting: (count) => metrics.handshakesWaiting.set(count),
  });
}
