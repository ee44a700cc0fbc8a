import type { Generated } from 'kysely';

/** The log of what happened and who looked: only ever added to (`server/audit/chain.ts`). */
export interface AuditTables {
  event: {
    id: number;
    at: number;
    code: string;
    subject_kind: string | null;
    subject_id: string | null;
    erases: string | null;
    /** Empty, as `words`, when erased; the others are null then. */
    actor: string;
    actor_id: string | null;
    role: string | null;
    address: string | null;
    session: string | null;
    words: string;
    reason: string | null;
    ticket_id: string | null;
    changes: string | null;
    approver: string | null;
    /** Null: the erasable fields are erased. */
    salt: string | null;
    digest: string;
    hash: string;
    /** Null for rows from before the log was sealed. */
    seal: string | null;
  };
  /** Signed heads that are sent elsewhere, one a day; `head` is JSON. */
  audit_head: { id: Generated<number>; at: number; head: string };
  /** What each took out of the house on a day (UTC, `YYYY-MM-DD`). */
  export_use: { who: string; day: string; files: number; rows: number };
}
