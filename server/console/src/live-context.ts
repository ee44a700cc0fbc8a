import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveConnection, LiveStatus } from './live.ts';

export const LiveContext = createContext<LiveConnection | undefined>(undefined);

/** The console's live connection; only inside `LiveContext`. */
export function useLive(): LiveConnection {
  const live = useContext(LiveContext);
  if (!live) throw new Error('useLive is used outside LiveContext');
  return live;
}

export function useLiveStatus(): LiveStatus {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, () => live.status);
}
