import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pino from 'pino';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { type RunningServices, startServices } from '../../server/main.ts';
import { DocumentStore } from '../../server/store/documents.ts';
import { GroupStore } from '../../server/store/groups.ts';
import { openStore } from '../../server/store/open.ts';
import { ProfileStore } from '../../server/store/profiles.ts';
import { SeededRandom } from '../fakes/clock.ts';
import { bench } from './bench.ts';
import { publishAll } from './policy.ts';
import { fillDistrict } from './policy-fill.ts';
import type { Report } from './report.ts';
import { comeAll, goAll, readFleet, reportAll } from './returning-fleet.ts';
import type { Scope } from './scope.ts';

/** Devices whose hellos are usually answered together when a thousand come in a second. */
const together = 20;
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
    const rows = async () => {
      for (const { serial } of fleet) await running.stores.certificates.identify(serial);
    };
    await rows();
    const floor = (await processorTime(rows)) / devices;
    for (let round = 1; round <= rounds; round++) {
      await goAll(fleet);
      await setTimeout(quietMs);
      const used = await processorTime(async () => {
        await comeAll(fleet, running, rate);
        await setTimeout(quietMs);
      });
      report.compare(`round ${round}: each device`, used / devices, 'µs', 'one statement each', floor);
      const told = fleet.flatMap((device) => device.heard.filter((type) => type !== 'welcome'));
      for (const [type, all] of Map.groupBy(told, (one) => one)) report.figure(`  told: ${type}`, all.length, '');
    }
    await reportParts(running, fleet, report);
  },
});

type Fleet = Awaited<ReturnType<typeof openFleet>>['fleet'];

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
  reportAll(path, Date.now());
  const deviceIds = fleet.map(({ id }) => id);
  running.bus.publish('device-changed', { deviceIds });
  await running.services.compliance.settled();
  return { running, fleet };
}

async function processorTime(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** What each part costs by itself, of so many devices at once as usually come together. */
async function reportParts({ stores, services }: RunningServices, fleet: Fleet, report: Report): Promise<void> {
  const parts: Record<string, (ids: string[], serials: string[]) => Promise<unknown>> = {
    'who it is': (_, serials) => Promise.all(serials.map((serial) => stores.certificates.identify(serial))),
    'how it is judged': (ids) => services.compliance.standings(ids),
    'what it should hold': (ids) => services.desired.forDevices(new Map(ids.map((id) => [id, 0]))),
    'its tickets': (ids) => services.deviceTickets.of(ids),
    'its commands': (ids) => stores.commands.toDeliver(ids, Date.now()),
    'when it was last seen': (ids) => stores.presence.seen(ids, Date.now()),
  };
  for (const [name, part] of Object.entries(parts)) {
    const used = await processorTime(async () => {
      for (let start = 0; start < fleet.length; start += together) {
        const some = fleet.slice(start, start + together);
        await part(
          some.map(({ id }) => id),
          some.map(({ serial }) => serial),
        );
      }
    });
    report.figure(`of which ${name}`, used / fleet.length, 'µs');
  }
}
