import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { show } from '../fakes/programs.ts';
import { whyNoLine } from './far-line.ts';

const seed = Number(process.env.ROLLCALL_SEED ?? Date.now() % 1_000_000);
const script = fileURLToPath(new URL('far-line-run.ts', import.meta.url));
const missing = whyNoLine();

/** In a network and with processes of its own, which end with it: also when this process is killed. */
async function over(line: string) {
  const own = ['-n', '-p', '--fork', '--mount-proc', '--kill-child', process.execPath, script, line, String(seed)];
  const run = spawn('/usr/bin/unshare', own, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const said: string[] = [];
  run.stdout?.setEncoding('utf8').on('data', (part: string) => said.push(part));
  await once(run, 'close');
  return JSON.parse(said.join(''));
}

const everything = (emitted: number) => Array.from({ length: emitted }, (_, n) => `event ${n + 1}`);

// Each waits for its own line, at the same time as the others.
describe
  .skipIf(missing !== undefined)
  .concurrent(`an agent at the far end of a line (ROLLCALL_SEED=${seed}) ${missing ?? ''}`, () => {
    it.each([
      ['that loses 30 % of all packets and takes 2 s each way', 'lossy'],
      ['of 64 kbit/s', 'slow'],
    ])('%s gets its section and its list, and reports everything once', { timeout: 1_080_000 }, async (_, line) => {
      const seen = await over(line);
      show(
        `connected after ${seen.connectedAfter} s, all done after ${seen.seconds} s; ${seen.packets.lost} of ${seen.packets.lost + seen.packets.carried} packets lost; artefact in ${seen.tries} tries; sessions ended: ${seen.ends.join(', ') || 'none'}`,
      );
      expect(seen.held).toEqual(everything(seen.emitted));
      if (line === 'slow') expect([seen.ends, seen.tries]).toEqual([[], 1]);
    });

    it('that vanishes: both sides notice, and after it everything is there once', { timeout: 300_000 }, async () => {
      const seen = await over('vanishing');
      show(
        `noticed after ${seen.noticed.agent.toFixed(1)} (agent) and ${seen.noticed.server.toFixed(1)} (server) heartbeats`,
      );
      expect(seen.ends[0]).toBe('the server is silent');
      expect(seen.held).toEqual(everything(seen.emitted));
      expect(seen.connected).toBe(1);
    });
  });
