// What an agent does with its reports, with the agent's flags: each record is checked and stored, handed out in a report,
// encoded, acknowledged and forgotten. Arguments: a folder for its store; how many records. `process` says when a part is done.
import { once } from 'node:events';
import { systemClock as clock, systemRandom as random } from '../../../agent/platform/clock.ts';
import { collectEachHour } from '../../../agent/platform/memory.ts';
import { Home } from '../../../agent/store/home.ts';
import { openStore } from '../../../agent/store/open.ts';
import { encode } from '../../../shared/protocol/codec.ts';

/** Before a part; the memory then is for the bench to read. */
export interface ReportsReady {
  done: number;
}

const parts = 5;
const recordsEach = 10;
const [, , folder = '', reports = '0'] = process.argv;
const log = { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error };
const { reports: said, spool } = openStore(new Home(folder), clock, random, log);
collectEachHour(clock);

/** Ten records, as a minute with some news has them. */
function oneReport(index: number): void {
  for (let record = 0; record < recordsEach; record++) {
    const value = { cpuPercent: (index + record) % 100, memoryUsedPercent: (index * 7) % 100, swapUsedPercent: 0 };
    said.emit({ kind: 'health', at: clock.now(), collector: 'load', value });
  }
  const report = spool.nextReport();
  if (!report) throw new Error('nothing was stored');
  encode('report', String(index), report);
  spool.acknowledged(report.epoch, report.sequence);
}

const each = Math.floor(Number(reports) / parts);
for (let part = 0; part <= parts; part++) {
  process.send?.({ done: part * each } satisfies ReportsReady);
  await once(process, 'message');
  for (let index = 0; index < each; index += recordsEach) oneReport(part * each + index);
}
