// The agent itself, with its own readings, and beside them one record after another, each when the server holds the one
// before: a report each. Argument: its home. Told by IPC how many to send, or to collect.
import { setTimeout as delay } from 'node:timers/promises';
import type { HealthParts } from '../../../agent/agent-options.ts';
import { readConfig } from '../../../agent/config.ts';
import { createHealth } from '../../../agent/health/index.ts';
import { logLines } from '../../../agent/log-lines.ts';
import { createAgent } from '../../../agent/main.ts';
import { systemClock } from '../../../agent/platform/clock.ts';
import { collectEachHour, thorough } from '../../../agent/platform/memory.ts';
import type { Clock } from '../../../shared/clock.ts';
import { mixedRecord } from '../ingest-mix.ts';

/** `reports`: sends that many; `collect`: does now what the agent does each hour. Answered when it is done. */
export type ReportingOrder = { reports: number } | { collect: true };

/** Records that come together go together: the agent waits so long for others, which would be most of the bench. */
const coalesceMs = 50;
const hasty: Clock = { ...systemClock, after: (ms, work) => systemClock.after(ms === coalesceMs ? 0 : ms, work) };
/** Some 45 a second: the server takes 50 frames a second from a device and cuts off whoever says more (`connections.ts`). */
const paceMs = 21;
/** What an agent has to say in an hour, after which it gives memory back. */
const reportsAnHour = 60;
const [, , home] = process.argv;
const { promise: parts, resolve: withParts } = Promise.withResolvers<HealthParts>();
const health = (given: HealthParts) => {
  withParts(given);
  return createHealth(given);
};
const log = logLines('error', systemClock.now, (line) => process.stderr.write(line));
const agent = await createAgent({ ...readConfig({ home }), clock: hasty, health, log });
const leaveMemory = collectEachHour(systemClock);
await agent.start();
const { emit, spooled } = await parts;
let sent = 0;

async function send(reports: number): Promise<void> {
  for (const last = sent + reports; sent < last; sent++) {
    emit(mixedRecord(0, sent, Date.now()));
    do await delay(paceMs);
    while (spooled() > 0);
    if ((sent + 1) % reportsAnHour === 0) collect();
  }
}

/** As `collectEachHour` does. */
function collect(): void {
  globalThis.gc?.(thorough);
}

process.on('message', async (order: ReportingOrder) => {
  if ('reports' in order) await send(order.reports);
  else collect();
  process.send?.({});
});
process.once('SIGTERM', async () => {
  leaveMemory();
  await agent.stop();
  process.exit();
});
process.send?.({});
