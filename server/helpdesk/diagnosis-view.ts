import type { DiagnosisView } from '../../shared/api/schemas.ts';
import type { DiagnosisRecord } from '../store/diagnoses.ts';

/** As the console shows it. */
export function viewOf(record: DiagnosisRecord): DiagnosisView {
  const { id, ticketId, deviceId, deviceName, by, reason, state, ended, shown, examination, bundle } = record;
  return {
    ...{ id, ticketId, by, reason, state, ended, shown, examination },
    device: { id: deviceId, name: deviceName },
    openedAt: instant(record.openedAt),
    until: instant(record.until),
    endedAt: record.endedAt === null ? null : instant(record.endedAt),
    bundle: bundle && { ...bundle, at: instant(bundle.at) },
  };
}

/** Begins as a zip does: a local file header, or the end of an empty one (APPNOTE.TXT sections 4.3.7 and 4.3.16). */
export function isZip(bytes: Buffer): boolean {
  return bytes.length >= 22 && ['504b0304', '504b0506'].includes(bytes.toString('hex', 0, 4));
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
