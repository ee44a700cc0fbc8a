import type { Identity } from '../../store/certificates.ts';
import { LinkError } from './record-splitter.ts';

const deviceStatuses = ['held', 'active', 'revoked'] as const;
const certificateStatuses = ['active', 'superseded', 'revoked'] as const;

/** An identity as fields of a record. */
export function textsOf(identity: Identity): string[] {
  const { deviceId, deviceName, deviceStatus, certificateStatus, serial, fingerprint, notAfter } = identity;
  return [deviceId, deviceName, deviceStatus, certificateStatus, serial, fingerprint, String(notAfter)];
}

/** Throws LinkError when these are no identity. */
export function identityOf(texts: readonly string[]): Identity {
  const [deviceId = '', deviceName = '', deviceText, certificateText, serial = '', fingerprint = '', end] = texts;
  const deviceStatus = deviceStatuses.find((status) => status === deviceText);
  const certificateStatus = certificateStatuses.find((status) => status === certificateText);
  const notAfter = Number(end);
  if (!deviceId || !serial || !deviceStatus || !certificateStatus || !Number.isFinite(notAfter) || texts.length !== 7)
    throw new LinkError('a record without a whole identity');
  return { deviceId, deviceName, deviceStatus, certificateStatus, serial, fingerprint, notAfter };
}
