import { setTimeout as wait } from 'node:timers/promises';
import { nothingKnown } from '../../agent/diagnostics/redact.ts';
import { openSystemStream } from '../../agent/diagnostics/streams/open.ts';
import { systemClock } from '../../agent/platform/clock.ts';
import { SystemCommands } from '../../agent/platform/commands.ts';
import { encode } from '../../shared/protocol/codec.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import { FakeLog } from '../fakes/log.ts';
import { bench } from './bench.ts';

const kinds = ['live', 'processes', 'hardware', 'wifi', 'logs'] as const;
const intervalMs = 1000;

/** What a technician's look costs this machine: every stream that goes on by itself, each second, encoded as it is sent. */
export const live = bench({
  summary: 'processor time of the streams a technician looks at, against none',
  sizes: { seconds: { default: 10, words: 'seconds of each stream, and of all together' } },
  async run({ seconds }, report) {
    const idle = await shareOf([], seconds);
    report.figure('no stream', idle.percent, '% of a core');
    for (const kind of kinds) {
      const { percent, samples, bytes } = await shareOf([kind], seconds);
      report.figure(
        `${kind}, ${samples} samples of ${Math.round(bytes / Math.max(1, samples))} bytes`,
        percent,
        '% of a core',
      );
    }
    const all = await shareOf(kinds, seconds);
    report.figure(`all ${kinds.length} together`, all.percent, '% of a core');
    report.compare('all together', all.percent, '% of a core', 'what they may cost', 3);
  },
});

async function shareOf(asked: readonly (typeof kinds)[number][], seconds: number) {
  const commands = new SystemCommands();
  let [samples, bytes] = [0, 0];
  const emit = (sample: Body<'stream-chunk'>['sample']) => {
    samples += 1;
    bytes += encode('stream-chunk', 'bench', { stream: 'bench', sample }).length;
    return true;
  };
  const parts = {
    ...{ platform: 'linux' as const, commands, follower: commands, clock: systemClock, log: new FakeLog() },
    server: () => {
      throw new Error('No stream of this bench asks the server.');
    },
    context: nothingKnown,
  };
  const streams = await Promise.all(
    asked.map((kind) => openSystemStream(parts, { kind, filter: {}, intervalMs, emit, end: () => undefined })),
  );
  await wait(2 * intervalMs);
  const [before, began] = [process.cpuUsage(), performance.now()];
  await wait(seconds * 1000);
  const { user, system } = process.cpuUsage(before);
  const percent = (user + system) / 10 / (performance.now() - began);
  for (const stream of streams) stream.stop();
  return { percent, samples, bytes };
}
