import type { ErrorCode } from '../../shared/errors/catalogue.ts';
import { closeCodes } from '../../shared/protocol/close-codes.ts';
import type { Identity } from '../store/certificates.ts';

export interface Refusal {
  code: ErrorCode;
  closeCode: number;
}

/** Why whoever presents this certificate may not come in; undefined when nothing speaks against it. */
export function refusalOf(identity: Identity | undefined): Refusal | undefined {
  if (!identity) return { code: 'device-unknown', closeCode: closeCodes.notAllowed };
  if (identity.deviceStatus === 'revoked' || identity.certificateStatus === 'revoked')
    return { code: 'device-revoked', closeCode: closeCodes.revoked };
  if (identity.certificateStatus === 'superseded')
    return { code: 'certificate-superseded', closeCode: closeCodes.notAllowed };
  if (identity.deviceStatus === 'held') return { code: 'device-held', closeCode: closeCodes.notAllowed };
  return undefined;
}
