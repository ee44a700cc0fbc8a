import { useEffect, useState } from 'react';
import type { LiveSample } from '../../device-health.ts';
import { useLive } from '../../live-context.ts';

/** A minute and a half of samples: enough to see a trend, small enough for an old laptop. */
const keep = 90;

export interface LiveView {
  samples: readonly LiveSample[];
  /** Why the device ended the view; it then sends no more. */
  ended: string | undefined;
}

/** Watches a device while the component is shown and the page is visible; `round` starts it again. */
export function useLiveSamples(deviceId: string, round: number): LiveView {
  const live = useLive();
  const [view, setView] = useState<LiveView>({ samples: [], ended: undefined });
  useEffect(() => {
    setView((last) => ({ ...last, ended: undefined }));
    return live.watch(deviceId, {
      onSample: (sample) =>
        setView(({ samples }) => ({ samples: [...samples.slice(1 - keep), sample], ended: undefined })),
      onEnd: (reason) => setView((last) => ({ ...last, ended: reason })),
    });
  }, [live, deviceId, round]);
  return view;
}
