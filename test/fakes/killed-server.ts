import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { Dice } from '../../server/demo/dice.ts';
import { readRemembered } from '../../server/ports.ts';
import { openStore } from '../../server/store/open.ts';
import { show, until } from './programs.ts';
import { ReportPump } from './report-pump.ts';
import { WholeDistrict } from './whole-district.ts';

export interface KilledServer {
  seed: number;
  /** How often something is killed. */
  kills: number;
  /** Devices that report meanwhile, as fast as they are acknowledged. */
  devices: number;
  /** Processes that hold the connections; 0: the server's own. Some kills are of one of them, the others of the server. */
  fronts: number;
}

/**
 * Devices report numbered events while `kill -9` ends the server, or one of the processes that hold its connections. In the
 * end the database is read: each event that was acknowledged must be there, in order, and none twice.
 */
export async function killUnderLoad({ seed, kills, devices, fronts }: KilledServer): Promise<void> {
  const dice = new Dice(seed);
  const mode = fronts > 0 ? ['--gateway-processes', String(fronts)] : [];
  await using district = new WholeDistrict();
  await district.serve(...mode);
  const pumps = await enrolled(district, devices);
  for (const pump of pumps) pump.start();
  for (let kill = 1; kill <= kills; kill += 1) {
    const before = sum(pumps);
    await until('reports of every device under way', 30_000, () => sum(pumps) >= before + devices * 3);
    await wait(dice.unit() * 400);
    if (fronts > 0 && dice.unit() < 0.5) killFront(district, dice);
    else {
      await district.server?.kill();
      await district.serve(...mode);
    }
  }
  for (const pump of pumps) await pump.stop();
  expect(await district.server?.stop()).toBe(0);
  for (const { device, sent, acknowledged } of pumps) {
    expect(acknowledged).toBe(sent);
    expect(await eventsOf(district, device.deviceId), device.name).toEqual(
      Array.from({ length: sent }, (_, index) => `event ${index + 1}`),
    );
  }
  show(`${kills} kills, ${sum(pumps)} reports of ${devices} devices: each there once`);
}

async function enrolled(district: WholeDistrict, devices: number): Promise<ReportPump[]> {
  const ports = readRemembered(district.serverHome);
  if (!ports) throw new Error('The server remembers no ports.');
  const body = { maxUses: devices, expiresInSeconds: 3600 };
  const { token } = await district.client.call('createToken', { body });
  return await Promise.all(
    Array.from({ length: devices }, (_, index) => ReportPump.enrol(`pump-${index}`, token, ports, 1)),
  );
}

function killFront({ server }: WholeDistrict, dice: Dice): void {
  const pid = server?.child.pid;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  process.kill(dice.pick(children), 'SIGKILL');
}

async function eventsOf(district: WholeDistrict, deviceId: string): Promise<string[]> {
  const db = await openStore(join(district.serverHome, 'rollcall.db'));
  try {
    const rows = await db
      .selectFrom('event')
      .select('words')
      .where('subject_id', '=', deviceId)
      .where('code', '=', 'pumped')
      .orderBy('id')
      .execute();
    return rows.map(({ words }) => words);
  } finally {
    await db.destroy();
  }
}

const sum = (pumps: readonly ReportPump[]) => pumps.reduce((all, { acknowledged }) => all + acknowledged, 0);
