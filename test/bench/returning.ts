import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pino from 'pino';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { startServices } from '../../server/main.ts';
import { DocumentStore } from '../../server/store/documents.ts';
import { GroupStore } from '../../server/store/groups.ts';
import { openStore } from '../../server/store/open.ts';
import { ProfileStore } from '../../server/store/profiles.ts';
import { SeededRandom } from '../fakes/clock.ts';
import { bench } from './bench.ts';
import { publishAll } from './policy.ts';
import { fillDistrict } from './policy-fill.ts';
import type { Report } from './report.ts';
import { comeAll, goAll, readFleet } from './returning-fleet.ts';
import type { Scope } from './scope.ts';

/** Longer than the gap of any feed and of the judgement. */
const quietMs = 4_000;

/**
 * What the server's own process spends on a device that comes back and has nothing new: everything behind the socket, and
 * no socket.
 */
export const returning = bench({
  summary: 'processor time of the server for a returning device with nothing new, but for its connection',
  sizes: {
    devices: { default: 2_000, words: 'devices that come back' },
    rate: { default: 1_000, words: 'of them in a second' },
    rounds: { default: 3, words: 'times all come back' },
  },
  async run({ devices, rate, rounds }, report, scope) {
    const { running, fleet } = await openFleet(devices, scope);
    await comeAll(fleet, running, rate);
    await setTimeout(quietMs);
    for (let round = 1; round <= rounds; round++) {
      await goAll(fleet);
      await setTimeout(quietMs);
      await measured(`round ${round}`, devices, report, async () => {
        await comeAll(fleet, running, rate);
        await setTimeout(quietMs);
      });
      const told = fleet.flatMap((device) => device.heard.filter((type) => type !== 'welcome'));
      for (const [type, all] of Map.groupBy(told, (one) => one)) report.figure(`  told: ${type}`, all.length, '');
    }
  },
});

/** A server's services with these devices in service, all of which have their desired state and were judged. */
export async function openFleet(devices: number, scope: Scope) {
  const home = scope.folder('returning');
  const path = join(home, 'rollcall.db');
  await fillDistrict(path, devices);
  const db = await openStore(path);
  const stores = { groups: new GroupStore(db), profiles: new ProfileStore(db), documents: new DocumentStore(db) };
  await publishAll({ db, stores, random: new SeededRandom(1) }, devices);
  await db.destroy();
  const fleet = readFleet(path, Date.now());
  const config = loadConfig({ home, listen: '127.0.0.1', demo: false, consolePort: 0, agentPort: 0 });
  const running = await startServices(config, pino({ level: 'error' }), systemClock);
  scope.defer(() => running.stop());
  await running.services.gateway.start();
  scope.defer(() => running.services.gateway.stop());
  await running.services.desired.settled();
  await running.services.compliance.settled();
  return { running, fleet };
}

/** Less what the process spends in the same time when nobody comes. */
async function measured(name: string, devices: number, report: Report, run: () => Promise<void>): Promise<void> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  report.figure(`${name}: processor time of each device`, (user + system) / devices, 'µs');
}
