import type { Generated } from 'kysely';

/** What programs are let in by, and what they are told. */
export interface ProgramTables {
  api_token: {
    id: string;
    name: string;
    secret_hash: string;
    /** JSON list. */
    scopes: string;
    created_at: number;
    created_by: string;
    /** Id of the account of staff that made it; null: the operator did. */
    created_by_staff: string | null;
    /** It reaches this unit and what lies below it; empty: as far as its maker. */
    org_id: Generated<string>;
    expires_at: number;
    last_used_at: number | null;
    revoked_at: number | null;
  };
  /** Answers to repeat for a request that comes again with the same key; kept for a day. */
  idempotency: {
    caller: string;
    key: string;
    request_hash: string;
    status: number;
    answer: string;
    at: number;
  };
  webhook: {
    id: string;
    name: string;
    url: string;
    secret: string;
    /** JSON list. */
    events: string;
    active: number;
    created_at: number;
    created_by: string;
    /** Signs beside `secret` until then, so that receivers can change over. */
    old_secret: string | null;
    old_secret_until: number | null;
    /** Since when nothing could be delivered; null: the last try worked, or there was none. */
    failing_since: number | null;
    /** Why the server turned it off. */
    problem: string | null;
  };
  /** Up to which row of each source webhooks were told. */
  webhook_cursor: {
    source: string;
    up_to: number;
  };
  webhook_delivery: {
    number: Generated<number>;
    id: string;
    webhook_id: string;
    event: string;
    body: string;
    at: number;
    /** When it was queued, or queued again by hand: it is given up a day later. */
    queued_at: number;
    /** `waiting`, `delivered` or `dead`. */
    state: string;
    attempts: number;
    next_at: number | null;
    last_at: number | null;
    last_status: number | null;
    last_problem: string | null;
  };
}
