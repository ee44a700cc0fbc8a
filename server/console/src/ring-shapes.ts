import type { RolloutView } from '../../../shared/api/schemas.ts';

type Ring = RolloutView['rings'][number];

/** Where the devices of a ring stand, in the order they are drawn. */
export const ringParts = ['verified', 'failed', 'offline', 'waiting', 'not-given'] as const;
export type RingPart = (typeof ringParts)[number];

/** How many devices of a ring stand where; together they are its devices. */
export function partsOf({ devices, given, verified, failed, offline }: Ring): Record<RingPart, number> {
  const waiting = Math.max(0, given - verified - failed - offline);
  return {
    verified,
    failed,
    offline,
    waiting,
    'not-given': Math.max(0, devices - verified - failed - offline - waiting),
  };
}

/** A ring from its inner to its outer edge, in the units of the drawing. */
export interface Band {
  inner: number;
  outer: number;
}

/**
 * Nested rings from the middle outwards, each as broad as its share of the area would make it, but never too narrow to
 * be seen: what is missing to that the broader ones give.
 */
export function bandsOf(
  devices: readonly number[],
  { hole, radius, gap }: { hole: number; radius: number; gap: number },
): Band[] {
  const total = devices.reduce((sum, one) => sum + one, 0);
  const room = radius - hole - gap * Math.max(0, devices.length - 1);
  const least = Math.min(12, room / Math.max(1, devices.length));
  let sum = 0;
  const wanted = devices.map((one) => {
    const from = Math.sqrt(total === 0 ? 0 : sum / total);
    sum += one;
    return Math.sqrt(total === 0 ? 0 : sum / total) - from;
  });
  const all = wanted.reduce((before, width) => before + width, 0);
  const spare = room - least * devices.length;
  let inner = hole;
  return wanted.map((width) => {
    const broad = least + (all === 0 ? spare / devices.length : (spare * width) / all);
    const band = { inner, outer: inner + broad };
    inner = band.outer + gap;
    return band;
  });
}

/** An arc around the whole, as shares of it. */
export interface Arc {
  part: RingPart;
  from: number;
  share: number;
}

/** The parts of a ring that have devices, one after the other around it. */
export function arcsOf(ring: Ring): Arc[] {
  const parts = partsOf(ring);
  const total = ringParts.reduce((sum, part) => sum + parts[part], 0);
  if (total === 0) return [{ part: 'not-given', from: 0, share: 1 }];
  let from = 0;
  return ringParts
    .filter((part) => parts[part] > 0)
    .map((part) => {
      const arc = { part, from, share: parts[part] / total };
      from += arc.share;
      return arc;
    });
}
