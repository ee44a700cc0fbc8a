import type { Roster } from '../../shared/commands/roster.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { ApprovalService } from '../helpdesk/approvals.ts';
import type { StaffPerson } from '../services.ts';
import type { RecoveryKeyRow } from '../store/recovery.ts';

export interface RecoveryApprovalParts {
  approvals: Pick<ApprovalService, 'open' | 'about' | 'end'>;
  approvers: { inForce(): Promise<Roster | undefined> };
  audience: string;
}

/** A request to read a recovery key, as it is signed. */
export interface SignedRequest {
  id: string;
  deviceName: string;
  reason: string;
  by: StaffPerson;
  at: number;
  expiresAt: number;
}

/**
 * The two signatures that reading a recovery key takes, beside the passphrase, from when the district has named approvers.
 * Before that there is nobody who could sign, and the second person's passphrase is what it takes.
 */
export class RecoveryApprovals {
  readonly #parts: RecoveryApprovalParts;

  constructor(parts: RecoveryApprovalParts) {
    this.#parts = parts;
  }

  async ask(key: RecoveryKeyRow, { id, deviceName, reason, by, at, expiresAt }: SignedRequest): Promise<void> {
    const { approvals, approvers, audience } = this.#parts;
    const roster = await approvers.inForce();
    if (!roster) return;
    const { device_id: deviceId, volume, protector } = key;
    const text = canonicalJson({
      ...{ format: 1, kind: 'recovery-key', audience, requestId: id, keyId: key.id, deviceId, volume, protector },
      ...{ roster: roster.version, issuedAt: at, expiresAt },
    });
    await approvals.open({
      ...{ kind: 'recovery-key', subjectId: id, text, reason, by, expiresAt, rosterVersion: roster.version },
      title: `Read the recovery key of ${volume} of ${deviceName}`,
      lines: [
        `Device: ${deviceName}`,
        `Volume: ${volume}`,
        'Whoever asked sees the key once; the device then makes another',
      ],
    });
  }

  /** Throws unless two approvers have signed, or nobody could. */
  async demandSigned(requestId: string): Promise<void> {
    const { approvals, approvers } = this.#parts;
    const approval = await approvals.about('recovery-key', requestId);
    if (approval?.state === 'signed') return;
    if (!approval && !(await approvers.inForce())) return;
    throw new CodedError(
      'approval-needed',
      'Two approvers sign this with their passkeys first: under Approvals in the console.',
    );
  }

  /** The request is over: nobody needs to sign it any more. */
  async end(requestId: string): Promise<void> {
    const approval = await this.#parts.approvals.about('recovery-key', requestId);
    if (approval?.state === 'open') await this.#parts.approvals.end(approval.id, 'withdrawn');
  }
}
