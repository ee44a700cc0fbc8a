/** What a crowd has seen since it began. Counters only grow; `connected` and `agents` say how it is. */
export interface CrowdStats {
  agents: number;
  /** Welcomed, and not ended since. */
  connected: number;
  /** Connected, and with a report or sections under way. */
  busy: number;
  /** Connections tried, and how many of them were welcomed. */
  tried: number;
  welcomed: number;
  /** Ended before the welcome, by the error's code or `http NNN`. */
  failures: Record<string, number>;
  /** Ended by the server or the network after the welcome, by close code. */
  ends: Record<string, number>;
  /** The server turned the device away: revoked, not allowed, a clone. Such an agent stays away for minutes. */
  refused: number;
  pings: number;
  pongs: number;
  /** Reports sent, resent ones included; acknowledged ones, each once. */
  reports: number;
  acknowledged: number;
  manifests: number;
  sections: number;
  /** Samples of live streams sent. */
  samples: number;
  /** Error messages of the server, by code. */
  errors: Record<string, number>;
  /** Application data received, of connections that have ended or are open. */
  bytes: number;
}

/** The last report of a device that the server has acknowledged; all before it in its epoch are too. */
export interface Acknowledged {
  deviceId: string;
  epoch: string;
  sequence: number;
}

export function newStats(): CrowdStats {
  return {
    ...{
      agents: 0,
      connected: 0,
      busy: 0,
      tried: 0,
      welcomed: 0,
      failures: {},
      ends: {},
      refused: 0,
      pings: 0,
      pongs: 0,
    },
    ...{ reports: 0, acknowledged: 0, manifests: 0, sections: 0, samples: 0, errors: {}, bytes: 0 },
  };
}

export function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** Of several processes. */
export function sumOf(all: readonly CrowdStats[]): CrowdStats {
  const sum = newStats();
  for (const stats of all) addTo(sum, stats);
  return sum;
}

function addTo(sum: CrowdStats, stats: CrowdStats): void {
  for (const [name, value] of Object.entries(stats) as [keyof CrowdStats, CrowdStats[keyof CrowdStats]][]) {
    if (typeof value === 'number') (sum[name] as number) += value;
    else
      for (const [key, times] of Object.entries(value)) {
        const counts = sum[name] as Record<string, number>;
        counts[key] = (counts[key] ?? 0) + times;
      }
  }
}

/** By which the row of a report's event is known: `events` of the behaviour. */
export const eventDetail = (epoch: string, sequence: number) => `load ${epoch} ${sequence}`;
