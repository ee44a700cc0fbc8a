/** What is timed: the moment it happened, or how long it took. */
export interface Timed {
  /** Moments, in milliseconds since 1970 with fractions; the same clock in every process of the machine. */
  welcomed: number[];
  ended: number[];
  manifest: number[];
  applied: number[];
  reported: number[];
  /** Milliseconds from the first byte sent to the welcome, and from a report to its acknowledgement. */
  connectMs: number[];
  acknowledgeMs: number[];
  /** Second since 1970 → pings sent in it. */
  pings: Record<string, number>;
}

const most = 400_000;

export const nowMs = () => performance.timeOrigin + performance.now();

/** Keeps moments until they are taken; bounded, for a crowd may run for hours. */
export class Moments {
  #timed: Timed = nothing();

  add(what: Exclude<keyof Timed, 'pings'>, value: number): void {
    const values = this.#timed[what];
    if (values.length < most) values.push(value);
  }

  pinged(): void {
    const second = String(Math.floor(nowMs() / 1_000));
    this.#timed.pings[second] = (this.#timed.pings[second] ?? 0) + 1;
  }

  /** All since it was asked last. */
  take(): Timed {
    const timed = this.#timed;
    this.#timed = nothing();
    return timed;
  }
}

function nothing(): Timed {
  return {
    ...{ welcomed: [], ended: [], manifest: [], applied: [], reported: [], connectMs: [], acknowledgeMs: [] },
    pings: {},
  };
}

/** Of several processes. */
export function mergedTimes(all: readonly Timed[]): Timed {
  const merged = nothing();
  for (const { pings, ...lists } of all) {
    for (const [name, values] of Object.entries(lists) as [Exclude<keyof Timed, 'pings'>, number[]][])
      merged[name] = merged[name].concat(values);
    for (const [second, times] of Object.entries(pings)) merged.pings[second] = (merged.pings[second] ?? 0) + times;
  }
  return merged;
}
