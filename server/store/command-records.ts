import type { Transaction } from 'kysely';
import type { CommandResultRecord, EventRecord } from '../../shared/protocol/messages.ts';
import type { Database } from './schema.ts';

/** What a device said is over stays so; but one that said `done` before it began may say that it failed. */
const final: readonly string[] = ['failed', 'refused', 'expired'];

/**
 * Writes what a device says of its commands, and returns what is to be told. A device speaks for itself alone: what it says
 * of a command that was never for it changes nothing, but is told. Part of the caller's transaction.
 */
export async function writeCommandResults(
  trx: Transaction<Database>,
  deviceId: string,
  records: readonly CommandResultRecord[],
): Promise<EventRecord[]> {
  for (const record of records) await writeResult(trx, deviceId, record);
  return records.map(eventOf);
}

async function writeResult(
  trx: Transaction<Database>,
  deviceId: string,
  { command, status, at, words, code, output }: CommandResultRecord,
): Promise<void> {
  const row = await trx
    .selectFrom('command_device')
    .select('state')
    .where('command_id', '=', command)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  if (!row || final.includes(row.state) || (row.state === 'done' && status !== 'failed')) return;
  await trx
    .updateTable('command_device')
    .set({ state: status, at, words, code: code ?? null, output: output ?? null })
    .where('command_id', '=', command)
    .where('device_id', '=', deviceId)
    .execute();
}

function eventOf({ command, status, at, code, words }: CommandResultRecord): EventRecord {
  const about = code === undefined ? '' : ` (${code})`;
  const detail = `The command ${command} was ${statusWords[status]}${about}: ${words}`.slice(0, 1000);
  return { kind: 'event', at, code: `command-${status}`, detail };
}

const statusWords = {
  done: 'carried out',
  failed: 'not carried out, because something failed',
  refused: 'refused by the device',
  postponed: 'put off by the person',
};
