import type { Clock } from '../../shared/clock.ts';
import type { RecordReadsMessage } from '../../shared/protocol/messages.ts';
import type { HolderRead, HolderReadStore } from '../store/holder-reads.ts';
import { displayName } from './display-name.ts';

const shownMs = 30 * 86_400_000;
const mostShown = 20;
const longestWords = 500;

/** What a device shows its holder of who looked at their records lately. */
export class HolderReads {
  readonly #parts: { store: HolderReadStore; clock: Clock };

  constructor(parts: { store: HolderReadStore; clock: Clock }) {
    this.#parts = parts;
  }

  /** Of each of these devices: one in nobody's hands is told of nothing, so that it forgets who had it before. */
  async of(deviceIds: readonly string[]): Promise<Map<string, RecordReadsMessage>> {
    const at = this.#parts.clock.now();
    const found = await this.#parts.store.ofDevices(deviceIds, at - shownMs);
    const byDevice = Map.groupBy(found, ({ device_id }) => device_id);
    return new Map(deviceIds.map((id) => [id, { at, reads: (byDevice.get(id) ?? []).slice(0, mostShown).map(told) }]));
  }

  async devicesOf(subject: { kind: string; id: string }): Promise<string[]> {
    return await this.#parts.store.devicesOf(subject);
  }
}

function told({ at, actor, role, words, reason }: HolderRead): RecordReadsMessage['reads'][number] {
  return {
    at,
    by: displayName(actor),
    roles: role === null ? [] : role.split(', ').slice(0, 8),
    words: words.slice(0, longestWords),
    ...(reason !== null && { reason: reason.slice(0, longestWords) }),
  };
}
