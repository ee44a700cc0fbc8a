import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import serverEnvironment from '../../installers/server-environment.json' with { type: 'json' };
import serverNodeFlags from '../../installers/server-node-flags.json' with { type: 'json' };
import { publishingDocument } from '../../server/changes/publishing-settings.ts';
import { OperatorClient } from '../../server/commands/client.ts';
import type { ReadyMessage } from '../../server/commands/serve.ts';
import { type Ports, readRemembered } from '../../server/ports.ts';
import { openStores } from '../../server/store/stores.ts';
import { publishingDefaults } from '../../shared/api/schemas.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { repository } from '../fakes/running-server.ts';
import { atRest, familyOf } from './process-use.ts';
import { type Program, startProgram } from './programs.ts';
import type { Scope } from './scope.ts';

/** Node looks at the loop's delay by a timer of so long, which counts in what it finds. */
const loopResolutionMs = 10;

/** `rollcall serve` in a process of its own, on loopback, on a home that lasts as long as the scope. */
export class BenchServer {
  readonly home: string;
  readonly client: OperatorClient;
  readonly #scope: Scope;
  readonly #flags: readonly string[];
  readonly #trusting: Agent;
  #program: Program<ReadyMessage>;

  private constructor(scope: Scope, home: string, flags: readonly string[], program: Program<ReadyMessage>) {
    this.#scope = scope;
    this.#flags = flags;
    this.#program = program;
    this.home = home;
    this.client = new OperatorClient(home);
    this.#trusting = new Agent({
      connect: { ca: readFileSync(join(home, 'console-ca.pem')), servername: 'localhost' },
    });
    scope.defer(() => this.client.close());
    scope.defer(() => this.#trusting.close());
  }

  /** `home`: one that was prepared; else an empty one. `gatewayProcesses`: how many hold the agents' connections. */
  static async start(
    scope: Scope,
    { home = scope.folder('server'), gatewayProcesses = 0 }: { home?: string; gatewayProcesses?: number } = {},
  ): Promise<BenchServer> {
    await publishAlone(home);
    const flags = gatewayProcesses > 0 ? ['--gateway-processes', String(gatewayProcesses)] : [];
    const program = await serve(scope, home, '--console-port', '0', '--agent-port', '0', ...flags);
    return new BenchServer(scope, home, flags, program);
  }

  get pid(): number {
    return this.#program.pid;
  }

  /** All its processes: its own, and those that hold connections. */
  get pids(): number[] {
    return familyOf(this.pid);
  }

  /** Waits until what it had to do is done: whoever came in is judged some time afterwards. */
  async atRest(): Promise<void> {
    await atRest(() => this.pids);
  }

  get ports(): Ports {
    const ports = readRemembered(this.home);
    if (!ports) throw new Error(`no ports.json in ${this.home}`);
    return ports;
  }

  /** A fresh process on the same home: what enrolment left in memory is gone. */
  async restart(): Promise<void> {
    await this.stop();
    await this.serve();
  }

  /** Planned: agents are told, and what they reported is on disk. */
  async stop(): Promise<void> {
    await this.#program.stop();
  }

  /** As a power cut does. */
  async kill(): Promise<void> {
    await this.#program.kill();
  }

  /** Starts it again on the same home and ports; resolves when it is ready. */
  async serve(): Promise<void> {
    this.#program = await serve(this.#scope, this.home, ...this.#flags);
  }

  /** Figures without labels as `/metrics` has them, by name. Those of the loop's delay are since this was asked last. */
  async metrics(): Promise<Map<string, number>> {
    const answer = await request(`https://localhost:${this.ports.console}/metrics`, {
      dispatcher: this.#trusting,
      headers: { authorization: `Bearer ${readFileSync(join(this.home, 'operator.key'), 'utf8').trim()}` },
    });
    const lines = (await answer.body.text()).matchAll(/^(\w+) ([\d.e+-]+)$/gm);
    return new Map([...lines].map(([, name = '', value]) => [name, Number(value)]));
  }

  /** Milliseconds by which its loop was late, in 99 of 100 looks since it was asked last: one look each 10 ms. */
  async loopDelay(): Promise<number> {
    const metrics = await this.metrics();
    return Math.max(0, (metrics.get('nodejs_eventloop_lag_p99_seconds') ?? Number.NaN) * 1_000 - loopResolutionMs);
  }

  async token(maxUses: number): Promise<string> {
    return (await this.client.call('createToken', { body: { maxUses, expiresInSeconds: 3600 } })).token;
  }

  /** Publishes a profile for everyone. */
  async publish(settings: ProfileSettings): Promise<void> {
    const assignments = [{ to: { kind: 'everyone' as const }, priority: 100 }];
    const content = { settings, assignments };
    await this.client.call('applyProfile', { body: { name: 'Bench', description: '', content } });
  }

  /** Publishes it in rings, as a district does: the rollout is under way when this resolves. */
  async rollOut(settings: ProfileSettings): Promise<void> {
    const { version } = await this.client.call('readPublishing');
    const settingsOfAll = { ...publishingDefaults, approvalPercent: 100 };
    await this.client.call('savePublishing', { body: { version, settings: settingsOfAll } });
    await this.publish(settings);
  }
}

/** Its own single member of staff publishes to every device at once: no second person, no rollout in rings. */
async function publishAlone(home: string): Promise<void> {
  const stores = await openStores(join(home, 'rollcall.db'));
  const settings = { ...publishingDefaults, approvalPercent: 100, fewDevices: 1_000_000 };
  await stores.documents.save(publishingDocument, settings, 0, Date.now());
  await stores.close();
}

/** By the flags and the environment that `rollcall` gives it. */
function serve(scope: Scope, home: string, ...flags: string[]): Promise<Program<ReadyMessage>> {
  const args = [
    ...serverNodeFlags,
    join(repository, 'server/cli.ts'),
    'serve',
    '--home',
    home,
    '--listen',
    '127.0.0.1',
    ...flags,
  ];
  return startProgram(scope, 'server', args, { ...serverEnvironment, ROLLCALL_LOG_LEVEL: 'error' });
}
