import { describe, expect, it } from 'vitest';
import { type Ending, reconnectDelay } from '../../../../agent/connection/backoff.ts';

const lost: Ending = { kind: 'lost' };
const refused: Ending = { kind: 'refused' };

describe('the time until the next try', () => {
  it.each<[string, Ending, number, number, number]>([
    ['is nothing when the dice say so: full jitter', lost, 5, 0, 0],
    ['is below two seconds after the first failure', lost, 1, 1, 2_000],
    ['doubles its ceiling with each failure', lost, 4, 1, 16_000],
    ['is uniform below the ceiling', lost, 4, 0.25, 4_000],
    ['never passes five minutes', lost, 9, 1, 300_000],
    ['stays finite after years without a server', lost, 1_000_000, 1, 300_000],
    ['is at least five minutes for a device that was refused', refused, 1, 0, 300_000],
    ['is at most fifteen minutes for a device that was refused', refused, 20, 1, 900_000],
    ['spreads over the window of a planned restart', { kind: 'restarting', spreadSeconds: 120 }, 0, 0.5, 60_000],
    ['is at once when the window is nothing', { kind: 'restarting', spreadSeconds: 0 }, 0, 0.9, 0],
    ['is not at once when restarts follow on each other', { kind: 'restarting', spreadSeconds: 0 }, 3, 0.5, 4_000],
    ['keeps to the window then too', { kind: 'restarting', spreadSeconds: 120 }, 3, 0.5, 60_000],
  ])('%s', (_name, ending, failures, unit, expected) => {
    expect(reconnectDelay(ending, failures, unit)).toBe(expected);
  });
});
