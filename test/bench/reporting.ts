import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import agentNodeFlags from '../../installers/agent-node-flags.json' with { type: 'json' };
import { repository } from '../fakes/running-server.ts';
import { bundle } from './bundle.ts';
import { memoryOf } from './process-use.ts';
import type { ReportingOrder } from './programs/reporting-agent.ts';
import { startProgram } from './programs.ts';
import type { Report } from './report.ts';
import type { Scope } from './scope.ts';

const source = join(repository, 'test/bench/programs/reporting-agent.ts');
const parts = 10;
/** Its first readings are over, and what the start took is given back (`agent/platform/memory.ts`). */
const startIsOverMs = 25_000;
const restMs = 5_000;
const slopeOf = 10_000;

export interface Reporting {
  /** Of an agent that is enrolled with a server, and stopped. */
  home: string;
  bundled: boolean;
  reports: number;
}

/**
 * Memory of a real agent, with its filter in force, while it sends reports over its connection, each when the server holds
 * the one before, and collects as often as in life (`programs/reporting-agent.ts`): as it is after each tenth, and after one
 * more collection.
 */
export async function measureReporting(
  { home, bundled, reports }: Reporting,
  report: Report,
  scope: Scope,
): Promise<void> {
  const program = bundled ? await bundle(source, scope.folder('reporting-bundle')) : source;
  const { child, pid, stop } = await startProgram(scope, 'reporting agent', [...agentNodeFlags, program, home]);
  const ask = async (order: ReportingOrder) => {
    const answered = once(child, 'message');
    child.send(order);
    await answered;
  };
  const look = (when: string) => {
    const memory = memoryOf(pid);
    const { resident, proportional, private: own } = memory;
    const each = [
      `${resident.toFixed(1)} MB resident`,
      `${proportional.toFixed(1)} proportional`,
      `${own.toFixed(1)} private`,
    ];
    report.note(`  ${when.padEnd(30)}${each.join(', ')}`);
    return memory.resident;
  };
  await delay(startIsOverMs);
  look('before its reports');
  const each = Math.ceil(reports / parts);
  const seen: number[] = [];
  const collected: number[] = [];
  for (let part = 1; part <= parts; part++) {
    await ask({ reports: each });
    seen.push(look(`after ${(part * each).toLocaleString('en')} reports`));
    await ask({ collect: true });
    collected.push(look('  and a collection'));
  }
  for (const [when, values] of Object.entries({ 'as it is': seen, 'after collections': collected }))
    report.figure(
      `slope of the second half, ${when}`,
      slope(values.slice(parts / 2)) * (slopeOf / each),
      'MB per 10,000',
    );
  await delay(restMs);
  look('at rest');
  await stop();
}

/** Of the straight line that lies nearest to all (least squares), from one value to the next. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const square = values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
  return values.reduce((sum, value, index) => sum + (index - middle) * value, 0) / square;
}
