import type { Clock } from '../../../shared/clock.ts';
import type { EscrowKey } from '../../../shared/escrow/sealed.ts';
import { sealFor } from '../../platform/seal.ts';
import type { Reports } from '../../store/reports.ts';
import type { Spool } from '../../store/spool.ts';

/** Which key of which volume. */
export interface RecoveryKeyName {
  /** As the system calls it where a person is asked for the key. */
  volume: string;
  protector: string;
}

/** Where recovery keys are handed in. A key is sealed here at once: in clear it is in memory alone. */
export interface RecoveryDesk {
  /** Names who can open what is sealed now, and as whose: another escrow key or another enrolment asks for another key. */
  sealedFor(escrowKey: EscrowKey): string;
  /** Seals and keeps the key for the server. False: it could not be kept, and nobody will ever have it. */
  handIn(name: RecoveryKeyName, clear: Uint8Array, escrowKey: EscrowKey): boolean;
  /** True until the server has said that it holds the newest key of the volume. */
  isOnItsWay(volume: string): boolean;
}

export interface DeskParts {
  deviceId: () => string;
  reports: Pick<Reports, 'emit'>;
  spool: Pick<Spool, 'waiting'>;
  clock: Clock;
}

/** Hands in by way of the spool, which keeps the sealed key on disk until the server has committed it. */
export class SpoolDesk implements RecoveryDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  sealedFor({ id }: EscrowKey): string {
    return `${id} ${this.#parts.deviceId()}`;
  }

  handIn({ volume, protector }: RecoveryKeyName, clear: Uint8Array, escrowKey: EscrowKey): boolean {
    const { deviceId, reports, spool, clock } = this.#parts;
    const binding = { deviceId: deviceId(), volume, protector, escrowKeyId: escrowKey.id };
    const sealed = sealFor(escrowKey.publicKey, clear, binding);
    const about = { volume, protector, escrowKeyId: escrowKey.id };
    reports.emit({ kind: 'recovery-key', at: clock.now(), ...about, sealed });
    return spool.waiting('recovery-key', volume)?.sealed === sealed;
  }

  isOnItsWay(volume: string): boolean {
    return this.#parts.spool.waiting('recovery-key', volume) !== undefined;
  }
}
