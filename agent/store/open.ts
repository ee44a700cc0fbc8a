import type { Clock, Random } from '../../shared/clock.ts';
import type { Log } from '../log.ts';
import { Corrections } from './corrections.ts';
import { openDatabase } from './database.ts';
import type { Home } from './home.ts';
import { Reports } from './reports.ts';
import { Spool } from './spool.ts';

/** The agent's database, locked for this process until `close`. */
export interface Store {
  spool: Spool;
  reports: Reports;
  corrections: Corrections;
  close(): void;
}

/** Throws `HomeBusy` when another process has this home. */
export function openStore(home: Home, clock: Clock, random: Random, log: Log): Store {
  home.prepare();
  const database = openDatabase(home.database, clock.now(), log);
  const spool = new Spool(database, clock, random);
  const reports = new Reports(database, spool, log);
  return { spool, reports, corrections: new Corrections(database), close: () => database.close() };
}
