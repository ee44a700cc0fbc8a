// Preloaded into the agent (--import): notes each program it starts, one line each, and says when Node itself is up.
// https://nodejs.org/docs/latest-v24.x/api/diagnostics_channel.html#process
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync, writeFileSync } from 'node:fs';

const log = process.env.ROLLCALL_BENCH_SPAWNS;
writeFileSync(log, '');
subscribe('child_process', ({ process: child }) => {
  child.once('spawn', () => appendFileSync(log, `${child.spawnfile}\n`));
});
process.send({ ready: true });
process.channel.unref();
