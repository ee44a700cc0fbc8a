import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';

/** The shortest passphrase that protects the escrow key: it must stand against a stolen database for years. */
export const shortestPassphrase = 16;
export const Passphrase = Type.String({ minLength: 1, maxLength: 200 });

/** A key pair that devices seal recovery keys for. Its private half is never shown to anybody. */
export const EscrowKeyView = strictObject({
  id: Id,
  createdAt: Instant,
  by: text(200),
  retiredAt: Nullable(Instant),
  /** Recovery keys that devices have in use now and that only this one opens. */
  keys: Type.Integer({ minimum: 0 }),
});
export type EscrowKeyView = Type.Static<typeof EscrowKeyView>;

export const EscrowView = strictObject({
  /** What devices seal for; null until somebody has set it up. */
  key: Nullable(EscrowKeyView),
  /** Earlier ones, the latest first. */
  retired: Type.Array(EscrowKeyView),
  /** Members of staff who can sign in: it takes two to read a key. */
  staff: Type.Integer({ minimum: 0 }),
});
export type EscrowView = Type.Static<typeof EscrowView>;

/** `approved`: the asker can see the key once; `expired`: nobody decided, or it was not looked at in time. */
export const recoveryStates = ['waiting', 'approved', 'refused', 'shown', 'expired'] as const;
export type RecoveryState = (typeof recoveryStates)[number];

export const RecoveryRequestView = strictObject({
  id: Id,
  keyId: Id,
  deviceId: Id,
  deviceName: text(255),
  volume: text(300),
  protector: text(100),
  reason: text(500),
  state: choice(recoveryStates),
  askedBy: text(200),
  /** The caller asked: they look, and cannot approve. */
  mine: Type.Boolean(),
  askedAt: Instant,
  expiresAt: Instant,
  decidedBy: Nullable(text(200)),
  decidedAt: Nullable(Instant),
  shownAt: Nullable(Instant),
});
export type RecoveryRequestView = Type.Static<typeof RecoveryRequestView>;

export const RecoveryKeyView = strictObject({
  id: Id,
  volume: text(300),
  protector: text(100),
  reportedAt: Instant,
  /** Set when the device has handed in another for this volume. */
  supersededAt: Nullable(Instant),
  /** False: sealed for an earlier escrow key, whose passphrase opens it. */
  currentEscrow: Type.Boolean(),
  escrowKeyCreatedAt: Instant,
  /** When somebody last saw it. */
  shownAt: Nullable(Instant),
  /** The newest request for it. */
  request: Nullable(RecoveryRequestView),
});
export type RecoveryKeyView = Type.Static<typeof RecoveryKeyView>;

/** Shown once. */
export const OpenedRecoveryKey = strictObject({ volume: text(300), protector: text(100), key: text(1000) });
export type OpenedRecoveryKey = Type.Static<typeof OpenedRecoveryKey>;
