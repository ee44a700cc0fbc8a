import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { AuditKey } from '../../server/audit/audit-key.ts';
import type { ChainCheck } from '../../server/audit/chain-check.ts';
import { verifyChain } from '../../server/audit/verify.ts';
import { systemRandom } from '../../server/clock.ts';
import { AuditStore } from '../../server/store/audit.ts';
import { AuditErasures } from '../../server/store/audit-erasures.ts';
import { EventChain, type NewEventRow } from '../../server/store/event-chain.ts';
import { EventStore } from '../../server/store/events.ts';
import { openStore } from '../../server/store/open.ts';
import type { Database } from '../../server/store/schema.ts';
import type { SignedHead } from '../../shared/api/schemas.ts';

export const districtId = 'd'.repeat(64);

/** A log in memory with the server's key and the heads it signed, and a way to write to it behind its back. */
export class AuditDesk {
  readonly db: Kysely<Database>;
  readonly key: AuditKey;
  readonly events: EventStore;
  readonly store: AuditStore;
  readonly erasures: AuditErasures;
  readonly heads: SignedHead[] = [];
  origin: SignedHead | undefined;
  readonly #home: string;

  private constructor(db: Kysely<Database>, key: AuditKey, home: string) {
    const chain = new EventChain(key);
    this.db = db;
    this.key = key;
    this.events = new EventStore(db, chain);
    this.store = new AuditStore(db, chain);
    this.erasures = new AuditErasures(db, this.store);
    this.#home = home;
  }

  static async open(): Promise<AuditDesk> {
    const home = mkdtempSync(join(tmpdir(), 'rollcall-audit-'));
    return new AuditDesk(await openStore(':memory:'), await AuditKey.open(home, systemRandom), home);
  }

  /** Signs where the log ends now. */
  async sign(): Promise<void> {
    const { id, hash } = await this.store.head();
    this.heads.push(this.key.signHead({ district: districtId, id, hash, at: '2026-11-22T08:00:00.000Z' }));
  }

  /** As at the first start with a key: all that is there needs no seal. */
  async signOrigin(): Promise<void> {
    const { id, hash } = await this.store.lastUnsealed();
    this.origin = this.key.signHead({ district: districtId, id, hash, at: '2026-11-22T08:00:00.000Z' });
  }

  async add(count: number, row: Partial<NewEventRow> = {}): Promise<void> {
    for (let n = 0; n < count; n++)
      await this.events.add({
        ...{ at: 1_000 * (n + 1), actor: 'staff:Ada', actor_id: 'ada', role: 'helpdesk', address: '127.0.0.1' },
        ...{ session: 's1', code: 'tags-changed', words: `Tags ${n}.`, reason: 'spring', ticket_id: 't1' },
        ...{ changes: '[]', approver: 'staff:Bo', subject_kind: 'device', subject_id: 'd1', ...row },
      });
  }

  /** Somebody with the database in their hands: the triggers are no obstacle, but the key is not there. */
  async forge(statement: string): Promise<void> {
    await sql`drop trigger if exists event_stays`.execute(this.db);
    await sql`drop trigger if exists event_is_only_erased`.execute(this.db);
    await sql.raw(statement).execute(this.db);
  }

  async verify(given: readonly SignedHead[] = []): Promise<ChainCheck> {
    const { store, key, heads, origin } = this;
    return await verifyChain({ store, key, logged: each(heads), given, origin });
  }

  /** `kind row` of each problem. */
  async found(given?: readonly SignedHead[]): Promise<string[]> {
    return (await this.verify(given)).problems.map(({ kind, row }) => `${kind} ${row}`);
  }

  async close(): Promise<void> {
    await this.db.destroy();
    rmSync(this.#home, { recursive: true });
  }
}

export async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
