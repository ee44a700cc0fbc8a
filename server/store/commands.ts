import { type Kysely, type Selectable, sql } from 'kysely';
import {
  type CommandDevice,
  type CommandDeviceState,
  type CommandState,
  type CommandView,
  commandDeviceStates,
} from '../../shared/api/schemas.ts';
import type { Sight } from '../access/standing.ts';
import type { Page } from '../services.ts';
import type { Database } from './schema.ts';
import { isSeenCommand } from './seen-devices.ts';
import { decodeCursor, encodeCursor } from './views/cursor.ts';
import { iso } from './views/rows.ts';

export type CommandRow = Selectable<Database['command']>;

/** What a device is to be given: the command with who is to have signed it. */
export interface Deliverable extends Pick<CommandRow, 'id' | 'action' | 'text' | 'approval_id' | 'by_staff'> {
  device_id: string;
}

export interface CommandQuery {
  cursor?: string;
  limit?: number;
  state?: CommandState;
  device?: string;
  ticket?: string;
}

/** Not answered for good. */
const unanswered: readonly CommandDeviceState[] = ['waiting', 'sent', 'postponed'];
const idsAtOnce = 500;

/** Commands and how they stand on each device. What devices answer comes with reports: `command-records.ts`. */
export class CommandStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Adds a command for these devices; `slot` takes its place in the budget of a day: false, and nothing added, when that was taken. */
  async add(command: CommandRow, deviceIds: readonly string[], slot?: { day: string; slot: number }): Promise<boolean> {
    return await this.#db.transaction().execute(async (trx) => {
      if (slot) {
        const { numInsertedOrUpdatedRows } = await trx
          .insertInto('command_slot')
          .values({ ...slot, command_id: command.id })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirstOrThrow();
        if (Number(numInsertedOrUpdatedRows) === 0) return false;
      }
      await trx.insertInto('command').values(command).execute();
      const rest = { command_id: command.id, state: 'waiting', at: command.created_at, words: '' };
      for (let start = 0; start < deviceIds.length; start += idsAtOnce)
        await trx
          .insertInto('command_device')
          .values(
            deviceIds
              .slice(start, start + idsAtOnce)
              .map((device_id) => ({ ...rest, device_id, code: null, output: null })),
          )
          .execute();
      return true;
    });
  }

  /** The places taken in the budget of a day. */
  async slotsOf(day: string): Promise<number[]> {
    const rows = await this.#db.selectFrom('command_slot').select('slot').where('day', '=', day).execute();
    return rows.map(({ slot }) => slot);
  }

  async find(id: string): Promise<CommandRow | undefined> {
    return await this.#db.selectFrom('command').selectAll().where('id', '=', id).executeTakeFirst();
  }

  async view(id: string): Promise<CommandView | undefined> {
    const row = await this.find(id);
    return row && (await this.#views([row]))[0];
  }

  /** Newest first; of those whose devices the caller sees. */
  async page(query: CommandQuery, sight: Sight): Promise<Page<CommandView>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    let rows = this.#db
      .selectFrom('command')
      .where(isSeenCommand(sight, sql.ref('command.id'), sql.ref('command.by_staff')));
    if (query.device)
      rows = rows.where(
        sql<boolean>`command.id in (select command_id from command_device where device_id = ${query.device})`,
      );
    if (query.state) rows = rows.where('state', '=', query.state);
    if (query.ticket) rows = rows.where('ticket_id', '=', query.ticket);
    const { total } = await rows.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    if (after) rows = rows.where(sql<boolean>`(created_at, id) < (${sql.join(after)})`);
    const found = await rows
      .selectAll()
      .orderBy('created_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: await this.#views(found.slice(0, limit)),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.created_at, last.id]) : null,
    };
  }

  /** Those that failed or were refused first, then those that have not answered. */
  async devices(
    id: string,
    query: { cursor?: string; limit?: number; state?: CommandDeviceState },
  ): Promise<Page<CommandDevice>> {
    const limit = query.limit ?? 50;
    const after = decodeCursor(query.cursor);
    const rank = sql<number>`case command_device.state when 'failed' then 0 when 'refused' then 1 when 'postponed' then 2
      when 'waiting' then 3 when 'sent' then 4 when 'expired' then 5 else 6 end`;
    let rows = this.#db.selectFrom('command_device').where('command_id', '=', id);
    if (query.state) rows = rows.where('state', '=', query.state);
    const { total } = await rows.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    if (after) rows = rows.where(sql<boolean>`(${rank}, command_device.device_id) > (${sql.join(after)})`);
    const found = await rows
      .leftJoin('device', 'device.id', 'command_device.device_id')
      .selectAll('command_device')
      .select(['device.name', rank.as('rank')])
      .orderBy(rank)
      .orderBy('command_device.device_id')
      .limit(limit + 1)
      .execute();
    const last = found.length > limit ? found[limit - 1] : undefined;
    return {
      items: found.slice(0, limit).map((row) => ({
        device: { id: row.device_id, name: row.name ?? row.device_id },
        state: row.state as CommandDeviceState,
        at: iso(row.at),
        words: row.words,
        code: row.code,
        output: row.output,
      })),
      total: Number(total),
      nextCursor: last ? encodeCursor([last.rank, last.device_id]) : null,
    };
  }

  async deviceIds(id: string): Promise<string[]> {
    const rows = await this.#db.selectFrom('command_device').select('device_id').where('command_id', '=', id).execute();
    return rows.map(({ device_id }) => device_id);
  }

  /** Names of those that are in service. */
  async activeDevices(ids: readonly string[]): Promise<Map<string, { name: string; platform: string }>> {
    const found = new Map<string, { name: string; platform: string }>();
    for (let start = 0; start < ids.length; start += idsAtOnce)
      for (const { id, name, platform } of await this.#db
        .selectFrom('device')
        .select(['id', 'name', 'platform'])
        .where('id', 'in', ids.slice(start, start + idsAtOnce))
        .where('status', '=', 'active')
        .execute())
        found.set(id, { name, platform });
    return found;
  }

  /** What these devices have not answered, as of now: still wanted, not over, and the device still in service. Oldest first. */
  async toDeliver(deviceIds: readonly string[], now: number): Promise<Deliverable[]> {
    const found: Deliverable[] = [];
    for (let start = 0; start < deviceIds.length; start += idsAtOnce)
      found.push(
        ...(await this.#db
          .selectFrom('command_device')
          .innerJoin('command', 'command.id', 'command_device.command_id')
          .innerJoin('device', 'device.id', 'command_device.device_id')
          .select(['command.id', 'command.action', 'command.text', 'command.approval_id', 'command.by_staff'])
          .select('command_device.device_id')
          .where('command_device.device_id', 'in', deviceIds.slice(start, start + idsAtOnce))
          .where('command_device.state', 'in', ['waiting', 'sent'])
          .where('command.state', '=', 'open')
          .where('command.expires_at', '>', now)
          .where('device.status', '=', 'active')
          .orderBy('command.created_at')
          .execute()),
      );
    return found;
  }

  /** Those of these devices that say they hold the approvers. */
  async knowingApprovers(deviceIds: readonly string[]): Promise<Set<string>> {
    const rows = await this.#db
      .selectFrom('reported_section')
      .select('device_id')
      .where('section', '=', 'approvers')
      .where('status', 'in', ['applied', 'verified'])
      .where('device_id', 'in', deviceIds)
      .execute();
    return new Set(rows.map(({ device_id }) => device_id));
  }

  /** What a command came to on one device, as the server knows it. */
  async note(
    id: string,
    deviceId: string,
    noted: { state: CommandDeviceState; at: number; words?: string; code?: string },
  ): Promise<void> {
    const { state, at, words = '', code = null } = noted;
    await this.#db
      .updateTable('command_device')
      .set({ state, at, words, code })
      .where('command_id', '=', id)
      .where('device_id', '=', deviceId)
      .where('state', 'in', ['waiting', 'sent'])
      .execute();
  }

  async setApproval(id: string, approvalId: string): Promise<void> {
    await this.#db.updateTable('command').set({ approval_id: approvalId }).where('id', '=', id).execute();
  }

  /** Moves a command on; false when it is elsewhere by now. */
  async move(id: string, from: readonly CommandState[], to: CommandState): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('command')
      .set({ state: to })
      .where('id', '=', id)
      .where('state', 'in', from)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** Ends what no device is asked any more: those that have not answered never will. */
  async closeDevices(id: string, words: string, at: number): Promise<void> {
    await this.#db
      .updateTable('command_device')
      .set({ state: 'expired', words, at })
      .where('command_id', '=', id)
      .where('state', 'in', unanswered)
      .execute();
  }

  /** Those of a device that are open, to see whether all have answered. */
  async openOfDevice(deviceId: string): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('command_device')
      .innerJoin('command', 'command.id', 'command_device.command_id')
      .select('command.id')
      .where('command_device.device_id', '=', deviceId)
      .where('command.state', '=', 'open')
      .execute();
    return rows.map(({ id }) => id);
  }

  /** True, and it is `done`, when every device has answered for good. */
  async closeIfAnswered(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('command')
      .set({ state: 'done' })
      .where('id', '=', id)
      .where('state', '=', 'open')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('command_device')
              .select('device_id')
              .where('command_id', '=', id)
              .where('state', 'in', unanswered),
          ),
        ),
      )
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** Those that end by themselves. */
  async open(): Promise<{ id: string; until: number }[]> {
    return await this.#db
      .selectFrom('command')
      .select(['id', 'expires_at as until'])
      .where('state', 'in', ['waiting', 'open'])
      .execute();
  }

  async overdue(now: number): Promise<CommandRow[]> {
    return await this.#db
      .selectFrom('command')
      .selectAll()
      .where('state', 'in', ['waiting', 'open'])
      .where('expires_at', '<=', now)
      .execute();
  }

  async #views(rows: readonly CommandRow[]): Promise<CommandView[]> {
    if (rows.length === 0) return [];
    const counts = await this.#db
      .selectFrom('command_device')
      .select(['command_id', 'state', (is) => is.fn.countAll<number>().as('count')])
      .where(
        'command_id',
        'in',
        rows.map(({ id }) => id),
      )
      .groupBy(['command_id', 'state'])
      .execute();
    return rows.map((row) => {
      const of = (state: string) =>
        Number(counts.find((count) => count.command_id === row.id && count.state === state)?.count ?? 0);
      const action = JSON.parse(row.action) as CommandView['action'];
      return {
        id: row.id,
        action,
        words: '',
        reason: row.reason,
        ticketId: row.ticket_id,
        by: row.by_actor,
        createdAt: iso(row.created_at),
        expiresAt: iso(row.expires_at),
        state: row.state as CommandState,
        approvalId: row.approval_id,
        devices: Object.fromEntries(commandDeviceStates.map((state) => [state, of(state)])) as CommandView['devices'],
      };
    });
  }
}
