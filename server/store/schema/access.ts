/** Roles, factors and sessions of staff, and tries to get in. */
export interface AccessTables {
  /** What an account may be, for a unit and what lies below it; an empty `org_id` is the district. */
  staff_grant: { staff_id: string; role: string; org_id: string; granted_at: number; by_actor: string };
  staff_passkey: {
    id: string;
    staff_id: string;
    /** base64url, as the authenticator names it. */
    credential_id: string;
    /** SPKI, DER (RFC 5280 section 4.1.2.7), base64url. */
    public_key: string;
    /** COSE: -7 ES256, -8 EdDSA, -257 RS256. */
    algorithm: number;
    /** The signature counter last seen; 0 for authenticators that do not count. */
    counter: number;
    /** JSON list, as the browser named them: `internal`, `usb`, … */
    transports: string;
    name: string;
    created_at: number;
    last_used_at: number | null;
  };
  staff_totp: {
    staff_id: string;
    /** Sealed at rest; base32 when opened. */
    secret: string;
    /** The newest 30-second step a code was accepted for: none is accepted twice (RFC 6238 section 5.2). */
    last_step: number;
    created_at: number;
  };
  staff_recovery_code: { staff_id: string; code_hash: string; used_at: number | null };
  /** Who an account is at an OpenID provider. */
  staff_identity: { staff_id: string; issuer: string; subject: string; linked_at: number };
  staff_session: {
    id: string;
    token_hash: string;
    staff_id: string;
    created_at: number;
    expires_at: number;
    /** When the second factor was shown; null: it can do nothing but show or enrol one. */
    complete_at: number | null;
    /** When the person last proved who they are. */
    proven_at: number;
    last_seen_at: number;
    /** How it began: `password`, `passkey`, or the id of an OpenID provider. */
    method: string;
    address: string;
    browser: string;
  };
  /** Wrong tries in a row; `key` is a hash, since strangers type anything where an address is asked for. */
  sign_in_failure: { key: string; failures: number; last_at: number; locked_until: number };
}
