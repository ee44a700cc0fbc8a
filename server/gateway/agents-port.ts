import type { LifeCycle } from '../services.ts';
import type { AgentGateway } from './agent-gateway.ts';
import type { AgentSession } from './agent-session.ts';
import { AgentsListener, type AgentsListenerParts } from './agents-listener.ts';
import { Connections } from './connections.ts';

export interface AgentsPortParts extends Omit<AgentsListenerParts, 'gateway' | 'reusePort'> {
  gateway: AgentGateway;
  heartbeatSeconds: number;
}

/** The agents' port held by the server's own process. */
export class AgentsPort implements LifeCycle {
  readonly #connections: Connections<AgentSession>;
  readonly #listener: AgentsListener;

  constructor({ gateway, heartbeatSeconds, ...parts }: AgentsPortParts) {
    this.#connections = new Connections({ owner: gateway, clock: parts.clock, heartbeatSeconds });
    this.#listener = new AgentsListener({ ...parts, gateway: this.#connections });
  }

  get port(): number {
    return this.#listener.port;
  }

  async start(): Promise<void> {
    await this.#connections.start();
    await this.#listener.start();
  }

  /** Call `gateway.stop()` first: it tells the agents. What is still open after it is cut off. */
  async stop(): Promise<void> {
    await this.#listener.stop();
    await this.#connections.stop();
  }
}
