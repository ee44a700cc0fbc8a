import type { StreamKind } from '../../../shared/diagnostics/streams.ts';
import { openLive, runLive } from '../live.ts';
import type { AnySample, StreamRequest } from '../session/streams.ts';
import { hardwareSource } from './hardware.ts';
import { logSource } from './logs.ts';
import { processSource } from './processes.ts';
import { Redactor } from './redactor.ts';
import type { StreamParts, StreamSource } from './stream-parts.ts';
import { throughputSource } from './throughput.ts';
import { traceSource } from './trace.ts';
import { wifiSource } from './wifi.ts';

type Open = (parts: StreamParts, request: StreamRequest) => StreamSource<AnySample>;

const sources: { [K in Exclude<StreamKind, 'live'>]: Open } = {
  processes: processSource,
  hardware: hardwareSource,
  wifi: wifiSource,
  logs: logSource,
  trace: traceSource,
  throughput: throughputSource,
};

/** The first figures come this soon, so that whoever opened the stream sees that it works. */
const firstMs = 500;

/** A stream of this host, redacted. */
export async function openSystemStream(
  given: Omit<StreamParts, 'redactor' | 'root'>,
  request: StreamRequest,
  root = '/',
): Promise<{ stop(): void }> {
  const parts: StreamParts = { ...given, root, redactor: new Redactor(given.context) };
  return request.kind === 'live' ? live(parts, request) : run(sources[request.kind](parts, request), parts, request);
}

/** Programs are told by name alone, and a name may be somebody's. */
function live({ redactor, ...parts }: StreamParts, { intervalMs, emit }: StreamRequest): { stop(): void } {
  return openLive({
    ...{ ...parts, intervalMs },
    emit: (sample) =>
      emit({
        ...sample,
        processes: sample.processes.map((one) => ({ ...one, name: redactor.text(one.name, 100) })),
      }),
  });
}

function run<S extends AnySample>(
  source: StreamSource<S>,
  { clock, log }: StreamParts,
  { intervalMs, emit, end }: StreamRequest,
): { stop(): void } {
  let isLast = false;
  const sampler = {
    sample: async () => {
      const taken = await source.take();
      isLast = taken.isLast === true;
      if (isLast && taken.sample === undefined) end('there is no more to come');
      return taken.sample;
    },
  };
  const loop = runLive(
    sampler,
    {
      ...{ clock, intervalMs, log },
      emit: (sample: S) => {
        const wasSent = emit(sample);
        if (!wasSent) source.undo?.(sample);
        else if (isLast) end('there is no more to come');
        return wasSent;
      },
    },
    Math.min(firstMs, intervalMs),
  );
  return {
    stop: () => {
      loop.stop();
      source.stop?.();
    },
  };
}
