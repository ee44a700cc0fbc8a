import type { Generated } from 'kysely';

/** Devices, how they get in, and what they report. */
export interface DeviceTables {
  device: {
    id: string;
    name: string;
    serial: string | null;
    maker: string | null;
    model: string | null;
    hardware_id: string;
    platform: string;
    os_name: string;
    os_version: string;
    agent_version: string;
    status: string;
    simulated: number;
    token_id: string | null;
    enrolled_at: number;
    last_seen_at: number | null;
    spool_epoch: string | null;
    spool_sequence: number;
    /** `on-campus` or `off-campus`, as its last address said; null: never seen, or no campus networks are given. */
    place: string | null;
  };
  device_tag: { device_id: string; tag: string };
  certificate: {
    serial: string;
    device_id: string;
    fingerprint: string;
    /** SHA-256 of the public key (SPKI DER): tells a repeated request from another device with the same key. */
    key_hash: string | null;
    status: string;
    not_before: number;
    not_after: number;
    issued_at: number;
    ended_at: number | null;
    end_reason: string | null;
  };
  enrolment_token: {
    id: string;
    secret_hash: string;
    label: string;
    max_uses: number;
    uses: number;
    expires_at: number;
    org_id: string | null;
    platform: string | null;
    approval: string;
    person_id: string | null;
    tags: string;
    simulated: number;
    created_at: number;
    created_by: string;
    revoked_at: number | null;
  };
  reported_section: {
    device_id: string;
    section: string;
    generation: number;
    hash: string | null;
    status: string;
    failure: string | null;
    evidence: string;
    at: number;
  };
  health: { device_id: string; collector: string; value: string; at: number };
  observation: { device_id: string; name: string; value: string; at: number };
  finding: {
    id: Generated<number>;
    device_id: string;
    code: string;
    detail: string;
    opened_at: number;
    closed_at: number | null;
  };
  /** Key pairs that recovery keys are sealed for; the private half is wrapped by the approvers' passphrase. */
  escrow_key: {
    id: string;
    public_key: string;
    wrapped_key: string;
    created_at: number;
    by_actor: string;
    retired_at: number | null;
  };
  /** Recovery keys that devices handed in, sealed. One of a volume is in use: that with no `superseded_at`. */
  recovery_key: {
    id: string;
    device_id: string;
    volume: string;
    protector: string;
    escrow_key_id: string;
    sealed: string;
    reported_at: number;
    superseded_at: number | null;
  };
  /**
   * Somebody asks to read a recovery key; `outcome` is `approved` or `refused`, by another person, or `expired`. Both are
   * ids of staff: names are not unique, and nobody may approve their own.
   */
  recovery_request: {
    id: string;
    recovery_key_id: string;
    reason: string;
    asked_by: string;
    asked_at: number;
    expires_at: number;
    outcome: string | null;
    decided_by: string | null;
    decided_at: number | null;
    /** When the asker saw the key. */
    shown_at: number | null;
  };
}
