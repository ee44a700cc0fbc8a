import { join } from 'node:path';
import { publishingDocument } from '../../server/changes/publishing-settings.ts';
import { OperatorClient } from '../../server/commands/client.ts';
import type { ReadyMessage } from '../../server/commands/serve.ts';
import { type Ports, readRemembered } from '../../server/ports.ts';
import { openStores } from '../../server/store/stores.ts';
import { publishingDefaults } from '../../shared/api/schemas.ts';
import type { ProfileSettings } from '../../shared/profile/registry.ts';
import { repository } from '../fakes/running-server.ts';
import { type Program, startProgram } from './programs.ts';
import type { Scope } from './scope.ts';

/** `rollcall serve` in a process of its own, on loopback, on a home that lasts as long as the scope. */
export class BenchServer {
  readonly home: string;
  readonly client: OperatorClient;
  readonly #scope: Scope;
  #program: Program<ReadyMessage>;

  private constructor(scope: Scope, home: string, program: Program<ReadyMessage>) {
    this.#scope = scope;
    this.#program = program;
    this.home = home;
    this.client = new OperatorClient(home);
    scope.defer(() => this.client.close());
  }

  static async start(scope: Scope): Promise<BenchServer> {
    const home = scope.folder('server');
    await publishAlone(home);
    return new BenchServer(scope, home, await serve(scope, home, '--console-port', '0', '--agent-port', '0'));
  }

  get pid(): number {
    return this.#program.pid;
  }

  get ports(): Ports {
    const ports = readRemembered(this.home);
    if (!ports) throw new Error(`no ports.json in ${this.home}`);
    return ports;
  }

  /** A fresh process on the same home: what enrolment left in memory is gone. */
  async restart(): Promise<void> {
    await this.#program.stop();
    this.#program = await serve(this.#scope, this.home);
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
}

/** Its own single member of staff publishes to every device at once: no second person, no rollout in rings. */
async function publishAlone(home: string): Promise<void> {
  const stores = await openStores(join(home, 'rollcall.db'));
  const settings = { ...publishingDefaults, approvalPercent: 100, fewDevices: 10_000 };
  await stores.documents.save(publishingDocument, settings, 0, Date.now());
  await stores.close();
}

function serve(scope: Scope, home: string, ...flags: string[]): Promise<Program<ReadyMessage>> {
  const args = [join(repository, 'server/cli.ts'), 'serve', '--home', home, '--listen', '127.0.0.1', ...flags];
  return startProgram(scope, 'server', args, { ROLLCALL_LOG_LEVEL: 'error' });
}
