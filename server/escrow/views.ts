import type { RecoveryKeyView, RecoveryRequestView } from '../../shared/api/schemas.ts';
import { plainText } from '../../shared/plain-text.ts';
import { type EscrowKeyRow, type RecoveryKeyRow, type RecoveryRequestRow, stateOf } from '../store/recovery.ts';
import { iso, isoOrNull } from '../store/views/rows.ts';

/** Who reads, and when. */
interface Reading {
  now: number;
  /** Id of a member of staff; undefined for the command line. */
  reader: string | undefined;
}

/** A request as people read it; volume and protector are words of the device. */
export function requestView(row: RecoveryRequestRow, { now, reader }: Reading): RecoveryRequestView {
  return {
    id: row.id,
    keyId: row.recovery_key_id,
    deviceId: row.device_id,
    deviceName: row.device_name,
    volume: shownName(row.volume),
    protector: shownName(row.protector),
    reason: row.reason,
    state: stateOf(row, now),
    askedBy: row.asked_by_name,
    mine: row.asked_by === reader,
    askedAt: iso(row.asked_at),
    expiresAt: iso(row.expires_at),
    decidedBy: row.decided_by_name,
    decidedAt: isoOrNull(row.decided_at),
    shownAt: isoOrNull(row.shown_at),
  };
}

/** `requests` of this key, the newest first. */
export function keyView(
  key: RecoveryKeyRow,
  escrowKey: EscrowKeyRow | undefined,
  requests: readonly RecoveryRequestRow[],
  reading: Reading,
): RecoveryKeyView {
  const newest = requests[0];
  const shown = requests.flatMap(({ shown_at }) => (shown_at === null ? [] : [shown_at]));
  return {
    id: key.id,
    volume: shownName(key.volume),
    protector: shownName(key.protector),
    reportedAt: iso(key.reported_at),
    supersededAt: isoOrNull(key.superseded_at),
    currentEscrow: escrowKey?.retired_at === null,
    escrowKeyCreatedAt: iso(escrowKey?.created_at ?? 0),
    shownAt: shown.length > 0 ? iso(Math.max(...shown)) : null,
    request: newest ? requestView(newest, reading) : null,
  };
}

function shownName(words: string): string {
  return plainText(words, '(no name)');
}
