import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { absoluteTime, dateAndTime, dateOnly, relativeTime } from '../time.ts';

const forms = { relative: relativeTime, date: dateOnly, moment: dateAndTime };

const listeners = new Set<() => void>();
let shown = Date.now();

setInterval(() => {
  shown = Date.now();
  for (const listener of listeners) listener();
}, 20_000);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The time of day as the page shows it, moving on every 20 seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => shown);
}

/** An instant as distance from now, as a date, or as date and time; in full on hover. */
export function When({ at, as = 'relative' }: { at: string | null; as?: keyof typeof forms }) {
  useNow();
  if (at === null) return <span>never</span>;
  const instant = Date.parse(at);
  const words = forms[as](instant, Date.now());
  return (
    <Tooltip label={absoluteTime(instant)}>
      <time dateTime={at} style={{ whiteSpace: 'nowrap' }}>
        {words}
      </time>
    </Tooltip>
  );
}
