import type { ActivityRecord, UnblockRequestRecord } from '../shared/protocol/messages.ts';
import type { SimulatedDevice } from './simulated-health.ts';

/** Names the sample policy blocks, with what blocks them and what somebody might write. All are reserved (RFC 2606). */
const wishes = [
  { name: 'games.example', category: 'games-sample', words: 'Our maths teacher gave us a game from there.' },
  { name: 'www.blocked.example', rule: 'blocked.example', words: 'I need a picture for my presentation.' },
  { name: 'videos.example', rule: 'No videos in lessons', words: 'Ms. Alder wants us to watch the experiment.' },
  { name: 'casino.test', rule: 'casino.test', words: 'It is for my essay about advertising.' },
  { name: 'canary.games-sample.test', category: 'games-sample', words: '' },
] as const;
/** One device in so many asks for something. */
const askingShare = 8;

const numberOf = ({ hostname }: SimulatedDevice) => Number(/^sim-(\d+)/.exec(hostname)?.[1] ?? 0);

/** What the person of this device asks on the block page, if anything: always the same request, so it is asked once. */
export function simulatedRequest(device: SimulatedDevice, now: number): UnblockRequestRecord | undefined {
  const number = numberOf(device);
  const wish = wishes[(number / askingShare) % wishes.length];
  if (number % askingShare !== 0 || !wish) return undefined;
  const hour = 3_600_000;
  return { kind: 'unblock-request', id: `sim-${device.hardware.serial}`, at: now - (number % 5) * hour, ...wish };
}

/** What was asked of the filter of this device since `from`: numbers and blocked names, as the usual level records. */
export function simulatedActivity(device: SimulatedDevice, from: number, now: number): ActivityRecord {
  const number = numberOf(device);
  const [games, own] = [1 + (number % 4), number % 3];
  return {
    ...{ kind: 'activity', at: now, from, place: 'on-campus', level: 'blocked' },
    asked: 120 + 7 * number,
    blocked: games + own,
    categories: [
      { category: 'games-sample', blocked: games },
      ...(own > 0 ? [{ category: 'blocked-domains', blocked: own }] : []),
    ],
    names: [
      { name: 'games.example', outcome: 'blocked', category: 'games-sample', count: games, lastAt: now },
      ...(own > 0 ? [{ name: 'blocked.example', outcome: 'blocked' as const, count: own, lastAt: now }] : []),
    ],
  };
}
