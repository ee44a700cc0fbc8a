import type { Clock, Random } from '../../shared/clock.ts';
import type { Log } from '../log.ts';
import { CommandLog } from './command-log.ts';
import { Corrections } from './corrections.ts';
import { openDatabase } from './database.ts';
import type { Home } from './home.ts';
import { Reports } from './reports.ts';
import { Runs } from './runs.ts';
import { Spool } from './spool.ts';

/** The agent's database, locked for this process until `close`. */
export interface Store {
  spool: Spool;
  reports: Reports;
  corrections: Corrections;
  runs: Runs;
  commands: CommandLog;
  close(): void;
}

/** Throws `HomeBusy` when another process has this home. */
export function openStore(home: Home, clock: Clock, random: Random, log: Log): Store {
  home.prepare();
  const database = openDatabase(home.database, clock.now(), log);
  const spool = new Spool(database, clock, random);
  const reports = new Reports(database, spool, log);
  const kept = { corrections: new Corrections(database), runs: new Runs(database) };
  const commands = new CommandLog(database, spool);
  return { spool, reports, commands, ...kept, close: () => database.close() };
}
