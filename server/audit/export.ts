import type { FileAnswer } from '../../shared/api/contract.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { csvBytes } from '../exports/csv.ts';
import type { AuditFilter, AuditStore } from '../store/audit.ts';
import type { EventRow } from '../store/event-chain.ts';
import type { EventStore } from '../store/events.ts';
import { auditRow, type Names } from './audit-views.ts';

const mostRows = 100_000;
const rowsAtOnce = 1000;
const titles = [
  ...['Number', 'At (UTC)', 'Who', 'Role', 'Address', 'What', 'In words', 'About', 'Id', 'Name'],
  ...['Reason', 'Ticket', 'Approver', 'Before and after', 'Hash'],
];

/** Newest first. CSV is for people, JSON lines hold the very columns that prove a row. */
export async function auditFile(
  store: Pick<AuditStore, 'page'>,
  events: Pick<EventStore, 'namesOf'>,
  { format, filter, at }: { format: 'csv' | 'jsonl'; filter: AuditFilter; at: number },
): Promise<FileAnswer & { rows: number }> {
  const { total } = await store.page(filter, 1);
  if (total > mostRows)
    throw new CodedError(
      'too-large',
      `A file holds ${mostRows} rows at most, and these are ${total}. Choose a shorter time.`,
    );
  const name = `audit-${new Date(at).toISOString().slice(0, 10)}.${format}`;
  if (format === 'jsonl') {
    const lines: string[] = [];
    for await (const rows of pieces(store, filter)) for (const row of rows) lines.push(`${JSON.stringify(row)}\n`);
    return { name, type: 'application/x-ndjson', bytes: Buffer.from(lines.join(''), 'utf8'), rows: lines.length };
  }
  let rows = 0;
  const bytes = await csvBytes(
    titles,
    (async function* () {
      for await (const piece of pieces(store, filter)) {
        const names = await events.namesOf(piece);
        rows += piece.length;
        yield piece.map((row) => cells(row, names));
      }
    })(),
  );
  return { name, type: 'text/csv; charset=utf-8', bytes, rows };
}

async function* pieces(store: Pick<AuditStore, 'page'>, filter: AuditFilter): AsyncGenerator<EventRow[]> {
  let before: number | undefined;
  for (;;) {
    const { rows } = await store.page(filter, rowsAtOnce, before);
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < rowsAtOnce) return;
    before = last.id;
  }
}

function cells(row: EventRow, names: Names): string[] {
  const { id, at, actor, role, address, code, words, subject, reason, ticketId, approver } = auditRow(row, names);
  const about = [subject?.kind ?? '', subject?.id ?? '', subject?.name ?? ''];
  const why = [reason ?? '', ticketId ?? '', approver ?? ''];
  return [String(id), at, actor, role ?? '', address ?? '', code, words, ...about, ...why, row.changes ?? '', row.hash];
}
