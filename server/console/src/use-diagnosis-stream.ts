import { useEffect, useState } from 'react';
import type { StreamFilter } from '../../../shared/diagnostics/streams.ts';
import { useLive } from './live-context.ts';
import type { SampleOf, Streamed } from './stream-samples.ts';

/** Two minutes at one a second: enough to see a trend, small enough for an old laptop. */
const keep = 120;

export interface StreamView<K extends Streamed> {
  /** The last two minutes, oldest first. */
  samples: readonly SampleOf<K>[];
  /** Why no sample comes any more; undefined while they come. */
  ended: string | undefined;
}

const none = { samples: [], ended: undefined };

/**
 * One stream of a running diagnosis while the component is shown; another filter begins it anew. What the device sends
 * is kept for two minutes and then forgotten.
 */
export function useDiagnosisStream<K extends Streamed>(
  diagnosisId: string,
  stream: K,
  filter?: StreamFilter,
): StreamView<K> {
  const live = useLive();
  const [view, setView] = useState<StreamView<K>>(none);
  const asked = JSON.stringify(filter ?? {});
  useEffect(() => {
    setView(none);
    const wanted = JSON.parse(asked) as StreamFilter;
    return live.watch(
      { diagnosisId, stream, ...(asked === '{}' ? {} : { filter: wanted }) },
      {
        onSample: (sample) => {
          if (!('kind' in sample) || sample.kind !== stream) return;
          const fresh = { ...sample, at: Date.now() } as SampleOf<K>;
          setView(({ samples }) => ({ samples: [...samples.slice(1 - keep), fresh], ended: undefined }));
        },
        onEnd: (reason) => setView(({ samples }) => ({ samples, ended: reason })),
      },
    );
  }, [live, diagnosisId, stream, asked]);
  return view;
}
