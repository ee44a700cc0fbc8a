import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openStores } from '../../server/store/stores.ts';
import { insertDevices } from './ingest-devices.ts';
import { recordOf } from './ingest-mix.ts';

/**
 * What one device says on a school day of eight hours, of what its collectors read (`agent/health/cadence.ts`) and find
 * changed by more than their steps (`agent/health/steady.ts`): load in half of its minutes, network and battery in a third
 * of their turns, disks, temperatures and the agent's own use less; what was asked in each quarter of an hour
 * (`agent/records/activity-recorder.ts`), kept as long as the district says; two changes of what checks read, one published
 * policy of two sections, one drift put right every other day, a finding a month.
 */
export const reportsADay = {
  health: 350,
  activity: 32,
  reported: 4,
  observation: 2,
  finding: 1 / 15,
  event: 0.5,
} as const;
export type CountedKind = keyof typeof reportsADay;
export const countedKinds = Object.keys(reportsADay) as CountedKind[];

const devices = 100;
const reportsEach = 40;

/** Bytes by which each further report of a kind makes the database longer, indexes included. */
export interface Growth {
  /** For good. What verdicts make of it comes on top where it changes one. */
  kept: number;
  /** With what is to be judged, which goes when it is. */
  unjudged: number;
}

export async function growthPerKind(folder: string): Promise<Record<CountedKind, Growth>> {
  const grown: [CountedKind, Growth][] = [];
  for (const kind of countedKinds) grown.push([kind, await growthOf(kind, join(folder, `${kind}.db`))]);
  return Object.fromEntries(grown) as Record<CountedKind, Growth>;
}

async function growthOf(kind: CountedKind, path: string): Promise<Growth> {
  const stores = await openStores(path);
  const db = new Database(path);
  try {
    const ids = insertDevices(db, devices);
    const say = async (turn: number) => {
      const records = [recordOf(kind, turn, 1_000_000 + turn)];
      const reports = ids.map((deviceId) => ({ deviceId, epoch: 'epoch-1', sequence: turn + 1, records }));
      await stores.reports.commit(reports, 2_000_000);
    };
    // A device's first says what it is; those after it what changed.
    for (let turn = 0; turn < reportsEach; turn++) await say(turn);
    db.exec('delete from judgement_input');
    const before = bytesIn(db);
    for (let turn = reportsEach; turn < reportsEach * 2; turn++) await say(turn);
    const each = () => (bytesIn(db) - before) / (devices * reportsEach);
    const unjudged = each();
    db.exec('delete from judgement_input');
    return { kept: each(), unjudged };
  } finally {
    db.close();
    await stores.close();
  }
}

function bytesIn(db: Database.Database): number {
  const one = (name: string) => Number(db.pragma(name, { simple: true }));
  return (one('page_count') - one('freelist_count')) * one('page_size');
}
