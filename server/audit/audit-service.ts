import type { FileAnswer, Query, RequestBody } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import type { AuditDetail, AuditRow, AuditVerification, LookView, SignedHead } from '../../shared/api/schemas.ts';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Audit } from '../audit-service-types.ts';
import type { Actor, EventLog, Page } from '../services.ts';
import type { AuditFilter, AuditStore } from '../store/audit.ts';
import type { EventRow } from '../store/event-chain.ts';
import type { EventStore } from '../store/events.ts';
import { decodeCursor, encodeCursor } from '../store/views/cursor.ts';
import type { AuditKey } from './audit-key.ts';
import { auditDetail, auditRow, lookView } from './audit-views.ts';
import { auditFile } from './export.ts';
import type { HeadKeeper } from './head-keeper.ts';
import type { HeadLog } from './heads.ts';
import { verifyChain } from './verify.ts';

export interface AuditParts {
  store: AuditStore;
  names: Pick<EventStore, 'namesOf'>;
  key: AuditKey;
  log: HeadLog;
  keeper: Pick<HeadKeeper, 'head' | 'daily' | 'origin'>;
  events: EventLog;
  clock: Clock;
}

const usualLimit = 50;
const dailyAtMost = 30;

/** The log for those who look after it. */
export class AuditService implements Audit {
  readonly #parts: AuditParts;
  #verifying: Promise<AuditVerification> | undefined;

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  async list({ cursor, limit = usualLimit, ...asked }: Query<Routes['listAudit']>): Promise<Page<AuditRow>> {
    const found = await this.#page(filterOf(asked), limit, cursor);
    const names = await this.#parts.names.namesOf(found.items);
    return { ...found, items: found.items.map((row) => auditRow(row, names)) };
  }

  async one(id: number): Promise<AuditDetail> {
    const found = await this.#parts.store.find(id);
    if (!found) throw new CodedError('not-found', 'There is no such row in the audit.');
    return auditDetail(found, await this.#parts.names.namesOf([found.row]));
  }

  async choices(): Promise<{ actors: string[]; codes: string[] }> {
    return await this.#parts.store.choices();
  }

  async looks(person: string, { cursor, limit = usualLimit }: Query<Routes['listLooks']>): Promise<Page<LookView>> {
    const found = await this.#page({ person, reads: 'only' }, limit, cursor);
    return { ...found, items: found.items.map(lookView) };
  }

  async head(): Promise<{ head: SignedHead; publicKey: string; daily: SignedHead[] }> {
    const { keeper, key } = this.#parts;
    return { head: await keeper.head(), publicKey: key.publicKey, daily: await keeper.daily(dailyAtMost) };
  }

  /** One at a time: whoever asks meanwhile, with no heads of their own, gets the answer of the one at work. */
  async verify({ heads = [] }: RequestBody<Routes['verifyAudit']>, actor: Actor): Promise<AuditVerification> {
    if (this.#verifying !== undefined && heads.length === 0) return await this.#verifying;
    if (this.#verifying !== undefined)
      throw new CodedError('conflict', 'The audit is being verified already. Wait for it to end.');
    this.#verifying = this.#verify(heads, actor);
    try {
      return await this.#verifying;
    } finally {
      this.#verifying = undefined;
    }
  }

  async export({ format, ...asked }: Query<Routes['exportAudit']>, actor: Actor): Promise<FileAnswer> {
    const { store, names, events, clock } = this.#parts;
    const file = await auditFile(store, names, { format, filter: filterOf(asked), at: clock.now() });
    const said = Object.entries(asked).map(([name, value]) => `${name} ${value}`);
    const words = `${file.rows} rows of the audit were exported as ${format.toUpperCase()}${said.length > 0 ? ` (${said.join(', ')})` : ''}.`;
    await events.add({ actor, code: 'audit-exported', words });
    return file;
  }

  async #verify(given: readonly SignedHead[], actor: Actor): Promise<AuditVerification> {
    const { store, key, log, keeper, events, clock } = this.#parts;
    const began = clock.monotonic();
    const check = await verifyChain({ store, key, logged: log.read(), given, origin: await keeper.origin() });
    const { rows, erasedRows, heads, problems, moreProblems } = check;
    const isWhole = problems.length === 0;
    const found = isWhole
      ? 'It is whole.'
      : `${problems.length + moreProblems} things are wrong: ${problems[0]?.words}`;
    await events.add({ actor, code: 'audit-verified', words: `The audit of ${rows} rows was verified. ${found}` });
    const milliseconds = Math.round(clock.monotonic() - began);
    return { isWhole, rows, erasedRows, heads, milliseconds, problems, moreProblems, head: await keeper.head() };
  }

  async #page(filter: AuditFilter, limit: number, cursor: string | undefined): Promise<Page<EventRow>> {
    const before = decodeCursor(cursor, 1)?.[0];
    const { rows, total } = await this.#parts.store.page(
      filter,
      limit,
      before === undefined ? undefined : Number(before),
    );
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return { items: rows, total, nextCursor: last ? encodeCursor([last.id]) : null };
  }
}

type Asked = Omit<Query<Routes['listAudit']>, 'cursor' | 'limit'>;

function filterOf({ from, to, ...asked }: Asked): AuditFilter {
  return {
    ...asked,
    ...(from !== undefined && { from: instant('from', from) }),
    ...(to !== undefined && { to: instant('to', to) }),
  };
}

function instant(name: string, text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at))
    throw new CodedError('bad-request', `${name}: “${text}” is no instant. Write 2026-10-03T15:00:00Z.`);
  return at;
}
