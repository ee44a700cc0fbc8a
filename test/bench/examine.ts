import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SystemCommands } from '../../agent/platform/commands.ts';
import { FakeControlServer } from '../fakes/control-server.ts';
import { ExaminedLaptop } from '../fakes/examined-laptop.ts';
import { bench } from './bench.ts';
import { percentile } from './report.ts';

const ticksPerSecond = 100;
const floorName = 'starting an empty Node process';

/** One click on “what is wrong?” on this machine, with the server, the resolver and the portal's page on loopback. */
export const examine = bench({
  summary: 'processor time of one examination of this machine, its own and that of the programs it starts',
  sizes: { rounds: { default: 3, words: 'examinations; the middle one counts' } },
  async run({ rounds }, report, scope) {
    const server = new FakeControlServer();
    await server.start();
    scope.defer(() => server.stop());
    const laptop = await new ExaminedLaptop(server).start();
    scope.defer(() => laptop.dispose());
    const commands = new CountedCommands();
    laptop.parts = { root: '/', commands };
    const taken: { own: number; programs: number; ms: number; started: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const [own, programs, began] = [process.cpuUsage(), childrenMs(), performance.now()];
      commands.started = 0;
      await laptop.examine();
      const { user, system } = process.cpuUsage(own);
      const ms = performance.now() - began;
      taken.push({ own: (user + system) / 1000, programs: childrenMs() - programs, ms, started: commands.started });
    }
    const middle = (name: 'own' | 'programs' | 'ms' | 'started') =>
      percentile(
        taken.map((round) => round[name]),
        0.5,
      );
    const before = childrenMs();
    spawnSync(process.execPath, ['-e', '']);
    const floor = childrenMs() - before;
    report.figure('from the click to the answer', middle('ms') / 1000, 's');
    report.compare('processor time of the agent', middle('own'), 'ms', floorName, floor);
    report.compare('processor time of the programs it starts', middle('programs'), 'ms', floorName, floor);
    report.figure('programs started', middle('started'), '');
    report.figure('share of one core while it lasts', (100 * (middle('own') + middle('programs'))) / middle('ms'), '%');
  },
});

class CountedCommands extends SystemCommands {
  started = 0;

  override run(...asked: Parameters<SystemCommands['run']>) {
    this.started += 1;
    return super.run(...asked);
  }
}

/** Of processes that have ended and were waited for: fields 16 and 17 of proc_pid_stat(5). */
function childrenMs(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksPerSecond;
}
