import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentOptions } from '../../agent/agent-options.ts';
import { writeIdentity } from '../../agent/identity/identity-files.ts';
import { createAgent } from '../../agent/main.ts';
import type { Agent } from '../../agent/running-agent.ts';
import { Home } from '../../agent/store/home.ts';
import { FakeCapability } from './capability.ts';
import type { FakeControlServer } from './control-server.ts';
import { FakeLog } from './log.ts';

/** A home enrolled at a fake control server, with an agent on it whose only capability is a fake one. */
export class AgentHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-agent-'));
  readonly home = new Home(join(this.folder, 'home'));
  readonly root = join(this.folder, 'root');
  readonly log = new FakeLog();
  /** Of the agent started last. */
  capability: FakeCapability | undefined;
  agent: Agent | undefined;

  enrolAt(server: FakeControlServer, credential = server.district.device()): void {
    writeIdentity(this.home, {
      deviceId: 'device-1',
      trust: server.district.trust,
      agents: [server.address],
      enrolment: [server.enrolmentAddress],
      credentials: [credential],
    });
  }

  /** `prepare` may order faults of the capability before anything happens. */
  async start(
    change: Partial<AgentOptions> = {},
    prepare: (capability: FakeCapability) => void = () => undefined,
  ): Promise<Agent> {
    this.agent = await createAgent({
      home: this.home,
      root: this.root,
      dnsAddress: '127.0.0.1',
      dnsPort: 5353,
      log: this.log,
      capabilities: ({ host }) => {
        this.capability = new FakeCapability(host.files);
        prepare(this.capability);
        return [this.capability];
      },
      health: () => ({ start: async () => undefined, stop: async () => undefined }),
      hardware: async () => ({ id: 'f'.repeat(64) }),
      ...change,
    });
    await this.agent.start();
    return this.agent;
  }

  async stop(): Promise<void> {
    await this.agent?.stop();
    this.agent = undefined;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }
}
