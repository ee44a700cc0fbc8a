import { setImmediate } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import type { SectionStanding } from '../../shared/policy/standing.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** Devices that should hold the same state and said the same about the sections asked for. */
export interface AlikeDevices {
  /** The state they should hold. */
  generation: number;
  /** A report with a hash is about that content, under whichever generation; it is given as one about this generation. */
  reports: readonly SectionStanding[];
  deviceIds: readonly string[];
}

export interface NamedDevice {
  id: string;
  name: string;
  simulated: boolean;
}

const sizes = {
  /** Devices are read this many at a time, and the sockets served between. */
  slice: 15_000,
  /** So many are asked for by id; to find the first of more, all devices are walked by name, a page at a time. */
  few: 500,
  page: 1_000,
};

/** Reads how sections are landing on however many devices: few rows, each about many. */
export class LandingStore {
  readonly #db: Kysely<Database>;
  readonly #sizes: typeof sizes;

  constructor(db: Kysely<Database>, given: Partial<typeof sizes> = {}) {
    this.#db = db;
    this.#sizes = { ...sizes, ...given };
  }

  /** The devices of these scopes; those alike may be in a handful of rows. */
  async alike(scopes: readonly (readonly string[])[], sections: readonly string[]): Promise<AlikeDevices[]> {
    const alike: AlikeDevices[] = [];
    for (let from: string | undefined = ''; from !== undefined; ) {
      const to = await this.#nextSlice(from);
      const rows = await this.#slice(scopes, sections, from, to);
      for (const { generation, ids, ...said } of rows) {
        const reports = sections.flatMap((section, index) =>
          reportOf(section, said[`said${index}`] ?? null, Number(generation)),
        );
        alike.push({ generation: Number(generation), reports, deviceIds: ids.split(' ') });
      }
      from = to;
      await setImmediate();
    }
    return alike;
  }

  /** The first `count` of these by name, as the list of devices has them. */
  async firstByName(ids: Pick<ReadonlyMap<string, unknown>, 'has' | 'keys' | 'size'>, count: number) {
    const byName = this.#db.selectFrom('device').select(['id', 'name', 'simulated']).orderBy('name').orderBy('id');
    if (ids.size <= this.#sizes.few) {
      const rows = await inChunks([...ids.keys()], (chunk) => byName.where('id', 'in', chunk).execute());
      return rows.slice(0, count).map(namedOf);
    }
    const found: NamedDevice[] = [];
    for (let page = await byName.limit(this.#sizes.page).execute(); page.length > 0; ) {
      found.push(...page.filter(({ id }) => ids.has(id)).map(namedOf));
      const last = page.at(-1);
      if (found.length >= count || !last) break;
      page = await byName
        .where((row) => row(row.refTuple('name', 'id'), '>', row.tuple(last.name, last.id)))
        .limit(this.#sizes.page)
        .execute();
    }
    return found.slice(0, count);
  }

  /** The scope is compared after the device was found by its id: devices in order find their reports side by side. */
  async #slice(scopes: readonly (readonly string[])[], sections: readonly string[], from: string, to?: string) {
    const said = sections.map((_, index) => `said${index}`);
    const texts = JSON.stringify(scopes.map((scope) => JSON.stringify(scope)));
    return await this.#db
      .selectFrom('device_desired as desired')
      .select((row) => [
        'desired.generation',
        ...sections.map((section, index) =>
          row
            .selectFrom('reported_section as report')
            .select(sql<string>`status || ' ' || coalesce(hash, ${underGeneration} || generation)`.as('said'))
            .whereRef('report.device_id', '=', 'desired.device_id')
            .where('report.section', '=', section)
            .as(said[index] as `said${number}`),
        ),
        row.fn.agg<string>('string_agg', ['desired.device_id', sql.lit(' ')]).as('ids'),
      ])
      .where('desired.device_id', '>=', from)
      .$if(to !== undefined, (query) => query.where('desired.device_id', '<', to ?? ''))
      .where(sql<boolean>`desired.scope || '' in (select value from json_each(${texts}))`)
      .groupBy(['desired.generation', ...said.map((name) => sql.ref(name))])
      .execute();
  }

  async #nextSlice(from: string): Promise<string | undefined> {
    const next = await this.#db
      .selectFrom('device_desired')
      .select('device_id')
      .where('device_id', '>=', from)
      .orderBy('device_id')
      .offset(this.#sizes.slice)
      .limit(1)
      .executeTakeFirst();
    return next?.device_id;
  }
}

/** Stands before the generation of a report about no content; no hash begins so. */
const underGeneration = 'under:';

function reportOf(section: string, said: string | null, desired: number): SectionStanding[] {
  if (said === null) return [];
  const [status, about = ''] = said.split(' ') as [SectionStanding['status'], string?];
  if (!about.startsWith(underGeneration)) return [{ section, status, hash: about, generation: desired }];
  return [{ section, status, hash: null, generation: Number(about.slice(underGeneration.length)) }];
}

const namedOf = (row: { id: string; name: string; simulated: number }): NamedDevice => ({
  ...row,
  simulated: row.simulated === 1,
});
