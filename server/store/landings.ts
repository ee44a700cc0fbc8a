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
  /** Devices are read this many at a time, some 15 ms, and the sockets served between. */
  slice: 5_000,
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
      for (const row of await this.#slice(scopes, sections, from, to)) {
        const generation = Number(row.generation);
        const reports = sections.flatMap((section, index) => reportOf(section, index, row, generation));
        alike.push({ generation, reports, deviceIds: row.ids.split(' ') });
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

  /** `+`: the scope is compared after the device was found by its id, for devices in order find their reports side by side. */
  async #slice(scopes: readonly (readonly string[])[], sections: readonly string[], from: string, to?: string) {
    const texts = JSON.stringify(scopes.map((scope) => JSON.stringify(scope)));
    const said = sections.map((_, index) => saidOf(index));
    const joined = sections.map(
      (section, index) => sql`left join reported_section as ${sql.ref(`report${index}`)}
        on ${columnOf(index, 'device_id')} = desired.device_id and ${columnOf(index, 'section')} = ${section}`,
    );
    const { rows } = await sql<Slice>`
      select desired.generation, ${sql.join(said.flatMap((columns) => columns.map(({ value, name }) => sql`${value} as ${name}`)))},
        string_agg(desired.device_id, ' ') as ids
      from device_desired as desired ${sql.join(joined, sql` `)}
      where desired.device_id >= ${from} ${to === undefined ? sql`` : sql`and desired.device_id < ${to}`}
        and +desired.scope in (select value from json_each(${texts}))
      group by desired.generation, ${sql.join(said.flatMap((columns) => columns.map(({ value }) => value)))}`.execute(
      this.#db,
    );
    return rows;
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

/** Of each section, by its place among those asked for, what was said. */
type Slice = { generation: number; ids: string } & {
  [said in `status${number}` | `hash${number}` | `under${number}`]?: string | number | null;
};

const columnOf = (index: number, column: string) => sql.ref(`report${index}.${column}`);

/** What tells reports apart: their generation only where they are about no content. */
function saidOf(index: number) {
  const [status, hash, generation] = ['status', 'hash', 'generation'].map((column) => columnOf(index, column));
  return [
    { value: sql`${status}`, name: sql.ref(`status${index}`) },
    { value: sql`${hash}`, name: sql.ref(`hash${index}`) },
    { value: sql`iif(${hash} is null, ${generation}, null)`, name: sql.ref(`under${index}`) },
  ];
}

function reportOf(section: string, index: number, row: Slice, desired: number): SectionStanding[] {
  const [status, hash, under] = [row[`status${index}`], row[`hash${index}`], row[`under${index}`]];
  if (status === null) return [];
  const about = { hash: hash as string | null, generation: Number(under ?? desired) };
  return [{ section, status: status as SectionStanding['status'], ...about }];
}

const namedOf = (row: { id: string; name: string; simulated: number }): NamedDevice => ({
  ...row,
  simulated: row.simulated === 1,
});
