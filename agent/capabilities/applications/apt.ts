import type { CommandResult, Commands } from '../../platform/commands.ts';
import { refused } from '../baseline/baseline.ts';
import { parseSimulation, type Simulation } from './dpkg.ts';

const env = '/usr/bin/env';
const aptGet = '/usr/bin/apt-get';
/** Nobody is there to answer; settings of the host stay; another apt is waited for. */
const options = [
  '-y',
  '-q',
  '--no-install-recommends',
  '--no-auto-remove',
  '-o',
  'DPkg::Lock::Timeout=120',
  '-o',
  'Dpkg::Options::=--force-confold',
  '-o',
  'Acquire::http::Timeout=30',
  '-o',
  'Acquire::https::Timeout=30',
];
const minute = 60_000;

export type Verb = 'install' | 'remove' | 'purge';

/** apt-get(8) without a person. What it says it would do is asked before it does it. */
export class Apt {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  /** Undefined where apt-get cannot do it: no such package, or none for this device. */
  async simulate(verb: Verb, packages: readonly string[]): Promise<Simulation | undefined> {
    const result = await this.#run(['-s', verb, ...packages], minute);
    return result.code === 0 ? parseSimulation(result.stdout) : undefined;
  }

  /** Whether the lists of packages could be fetched: a device that is offline goes on with those it has. */
  async update(): Promise<boolean> {
    return (await this.#run(['update'], 3 * minute)).code === 0;
  }

  /** Fetches first, so that a slow network ends nothing that has begun to change the host. */
  async install(packages: readonly string[]): Promise<void> {
    await this.#orRefused(['--download-only', 'install', ...packages], 10 * minute);
    await this.#orRefused(['install', ...packages], 30 * minute);
  }

  async remove(verb: 'remove' | 'purge', packages: readonly string[]): Promise<void> {
    await this.#orRefused([verb, ...packages], 30 * minute);
  }

  /** A run that was cut off leaves packages half installed, which is finished first. */
  async #orRefused(args: readonly string[], limit: number): Promise<void> {
    const first = await this.#run(args, limit);
    if (first.code === 0) return;
    const finished = await this.#commands.run(
      env,
      [frontend, '/usr/bin/dpkg', '--force-confold', '--configure', '-a'],
      {
        timeoutMs: 10 * minute,
      },
    );
    const second = finished.code === 0 ? await this.#run(args, limit) : finished;
    if (second.code === 0) return;
    const reason = second.failure ?? /^E: .*$/m.exec(second.stderr)?.[0] ?? second.stderr;
    throw refused(
      'packages-not-changed',
      'apt-get could not change the packages',
      reason,
      'Run apt-get by hand to see more.',
    );
  }

  #run(args: readonly string[], timeoutMs: number): Promise<CommandResult> {
    return this.#commands.run(env, [frontend, aptGet, ...options, ...args], { timeoutMs });
  }
}

const frontend = 'DEBIAN_FRONTEND=noninteractive';
