import { createHash } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { Sight } from '../access/standing.ts';
import type { Database } from './schema.ts';
import { isInSight } from './views/seen.ts';

/** A day's numbers, summed over the devices of one unit. */
export interface CategorySum {
  orgId: string;
  /** Empty: everything. */
  category: string;
  asked: number;
  blocked: number;
  /** Devices with a blocked name of this category. */
  devices: number;
}

export type ActivityName = Selectable<Database['activity_name']> & { deviceName: string };
export type Deletion = Selectable<Database['deletion']>;

const rowsPerDeletion = 2_000;

/** What devices recorded, and the proof that it went when its time was over. */
export class ActivityStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Sums of the days from `from` to `to` (UTC dates, both included) by unit and category. */
  async sums(from: string, to: string, sight?: Sight): Promise<CategorySum[]> {
    const rows = await this.#db
      .selectFrom('activity_count')
      .select((is) => [
        'org_id',
        'category',
        is.fn.sum<number>('asked').as('asked'),
        is.fn.sum<number>('blocked').as('blocked'),
        is.fn.count<number>('device_id').distinct().as('devices'),
      ])
      .where('day', '>=', from)
      .where('day', '<=', to)
      .where(isInSight(sight, 'org_id'))
      .where((is) => is.or([is('blocked', '>', 0), is('asked', '>', 0)]))
      .groupBy(['org_id', 'category'])
      .execute();
    return rows.map((row) => ({
      orgId: row.org_id,
      category: row.category,
      asked: Number(row.asked),
      blocked: Number(row.blocked),
      devices: Number(row.devices),
    }));
  }

  /** One person's names, newest first, older than `before`. */
  async namesOf(
    personId: string,
    limit: number,
    before?: { at: number; id: number },
  ): Promise<{ rows: ActivityName[]; total: number }> {
    const all = this.#db.selectFrom('activity_name').where('person_id', '=', personId);
    const { total } = await all.select((is) => is.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const page = this.#db
      .selectFrom('activity_name')
      .leftJoin('device', 'device.id', 'activity_name.device_id')
      .selectAll('activity_name')
      .select('device.name as device_name')
      .where('person_id', '=', personId)
      .$if(before !== undefined, (query) =>
        query.where((is) =>
          is.or([
            is('activity_name.at', '<', before?.at ?? 0),
            is.and([is('activity_name.at', '=', before?.at ?? 0), is('activity_name.id', '<', before?.id ?? 0)]),
          ]),
        ),
      )
      .orderBy('activity_name.at', 'desc')
      .orderBy('activity_name.id', 'desc')
      .limit(limit);
    const rows = await page.execute();
    return {
      rows: rows.map(({ device_name, ...row }) => ({ ...row, deviceName: device_name ?? row.device_id })),
      total: Number(total),
    };
  }

  /**
   * Deletes names older than an instant, so many at a time, each with its proof in the same transaction. Returns how
   * many went: fewer than `rowsPerDeletion` when none is left.
   */
  async deleteNames(olderThan: number, at: number): Promise<number> {
    return await this.#db.transaction().execute(async (trx) => {
      const rows = await trx
        .selectFrom('activity_name')
        .select(['id', 'at', 'device_id'])
        .where('at', '<', olderThan)
        .orderBy('at')
        .orderBy('id')
        .limit(rowsPerDeletion)
        .execute();
      if (rows.length === 0) return 0;
      const ids = rows.map(({ id }) => id);
      await trx.deleteFrom('activity_name').where('id', 'in', ids).execute();
      const keys = rows.map((row) => `${row.id} ${row.at} ${row.device_id}`);
      await trx
        .insertInto('deletion')
        .values(proof('names', olderThan, at, keys))
        .execute();
      return rows.length;
    });
  }

  /** The same for the sums of days before a date. */
  async deleteCounts(before: string, at: number): Promise<number> {
    return await this.#db.transaction().execute(async (trx) => {
      const [oldest] = await trx
        .selectFrom('activity_count')
        .select('day')
        .where('day', '<', before)
        .orderBy('day')
        .limit(1)
        .execute();
      if (!oldest) return 0;
      const rows = await trx.deleteFrom('activity_count').where('day', '=', oldest.day).returningAll().execute();
      const keys = rows.map((row) => `${row.day} ${row.device_id} ${row.org_id} ${row.place} ${row.category}`).sort();
      await trx
        .insertInto('deletion')
        .values(proof('counts', Date.parse(before), at, keys))
        .execute();
      return rows.length;
    });
  }

  /** Newest first, older than the one with the id `before`. */
  async deletions(limit: number, before?: number): Promise<{ rows: Deletion[]; total: number }> {
    const { total } = await this.#db
      .selectFrom('deletion')
      .select((is) => is.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow();
    let rows = this.#db.selectFrom('deletion').selectAll().orderBy('id', 'desc').limit(limit);
    if (before !== undefined) rows = rows.where('id', '<', before);
    return { rows: await rows.execute(), total: Number(total) };
  }

  /** Names of units and of lists, for reports. */
  async titles(): Promise<{ orgs: Map<string, string>; lists: Map<string, string> }> {
    const orgs = await this.#db.selectFrom('org').select(['id', 'name']).execute();
    const lists = await this.#db.selectFrom('list').select(['category', 'title']).execute();
    return {
      orgs: new Map(orgs.map(({ id, name }) => [id, name])),
      lists: new Map(lists.map(({ category, title }) => [category, title])),
    };
  }
}

function proof(what: 'names' | 'counts', olderThan: number, at: number, keys: readonly string[]) {
  const digest = createHash('sha256').update(keys.join('\n')).digest('hex');
  return { at, what, older_than: olderThan, rows: keys.length, digest };
}
