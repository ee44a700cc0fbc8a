import { CompiledQuery, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { SignedManifest } from '../../shared/protocol/messages.ts';
import { inChunks } from './chunks.ts';
import type { JsonRow } from './json-rows.ts';
import type { Database } from './schema.ts';

/** What a device should hold, and the keys of the selectors that reached it when that was decided. */
export interface DeviceDesired {
  deviceId: string;
  generation: number;
  contentHash: string;
  scope: readonly string[];
  /** When it was given this generation. */
  since: number;
  /** Section → since when this content of it is desired. */
  sectionSince: Readonly<Record<string, number>>;
}

/** A distinct state that was signed. */
export interface SignedState {
  generation: number;
  contentHash: string;
  signed: SignedManifest;
  createdAt: number;
}

/** What one pass decided; written whole or not at all. */
export interface DesiredChanges {
  /** Hash → content. */
  sections: ReadonlyMap<string, string>;
  states: readonly SignedState[];
  devices: readonly DeviceDesired[];
  /** Devices that should hold nothing any more: revoked or held. */
  removed: readonly string[];
}

export interface DeviceRecord {
  id: string;
  name: string;
  serial: string | null;
  model: string | null;
  platform: string;
  osName: string;
  osVersion: string;
  /** See the column in `schema.ts`. */
  place: string | null;
  tags: string[];
}

const rowsPerPage = 2_000;

/** Desired states: what was signed, and which device should hold which. */
export class DesiredStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Devices that take part in policy (neither held nor revoked), with their tags: these, or all. By id. */
  async activeDevices(ids?: readonly string[]): Promise<DeviceRecord[]> {
    const devices = this.#db
      .selectFrom('device')
      .select(['id', 'name', 'serial', 'model', 'platform', 'os_name as osName', 'os_version as osVersion', 'place'])
      .where('status', '=', 'active')
      .orderBy('id');
    const tags = this.#db.selectFrom('device_tag').selectAll().orderBy('tag');
    const rows = ids
      ? await inChunks(ids, (chunk) => devices.where('id', 'in', chunk).execute())
      : await devices.execute();
    const tagRows = ids
      ? await inChunks(ids, (chunk) => tags.where('device_id', 'in', chunk).execute())
      : await tags.execute();
    const tagsOf = Map.groupBy(tagRows, (row) => row.device_id);
    return rows.map((row) => ({ ...row, tags: (tagsOf.get(row.id) ?? []).map(({ tag }) => tag) }));
  }

  /** Ids of the devices `activeDevices` gives, by name. */
  async activeIds(): Promise<string[]> {
    const active = this.#db.selectFrom('device').select('id').where('status', '=', 'active');
    return (await active.orderBy('name').orderBy('id').execute()).map(({ id }) => id);
  }

  /** By device id. */
  async ofDevices(ids: readonly string[]): Promise<Map<string, DeviceDesired>> {
    const all = this.#db.selectFrom('device_desired').selectAll();
    const rows = await inChunks(ids, (chunk) => all.where('device_id', 'in', chunk).execute());
    const parsed = new Map<string, unknown>();
    return new Map(rows.map((row) => [row.device_id, desiredOf(row, parsed)]));
  }

  /** Of all devices, some at a time, so that whoever reads may see to something else between. */
  async *inPages(): AsyncGenerator<DeviceDesired[]> {
    const page = this.#db.selectFrom('device_desired').selectAll().orderBy('device_id').limit(rowsPerPage);
    const parsed = new Map<string, unknown>();
    for (let after = ''; ; ) {
      const rows = await page.where('device_id', '>', after).execute();
      yield rows.map((row) => desiredOf(row, parsed));
      if (rows.length < rowsPerPage) return;
      after = rows.at(-1)?.device_id ?? after;
    }
  }

  async ofDevice(id: string): Promise<DeviceDesired | undefined> {
    return (await this.ofDevices([id])).get(id);
  }

  /** The generation of the newest signed state; 0 when there is none. */
  async lastGeneration(): Promise<number> {
    const { last } = await this.#db
      .selectFrom('desired_state')
      .select((is) => is.fn.max('generation').as('last'))
      .executeTakeFirstOrThrow();
    return Number(last ?? 0);
  }

  /** Content hash → the newest generation signed with that content by this key. */
  async newestOfContents(hashes: readonly string[], keyId: string): Promise<Map<string, number>> {
    const rows = await inChunks(hashes, (chunk) =>
      this.#db
        .selectFrom('desired_state')
        .select((is) => ['content_hash', is.fn.max('generation').as('newest')])
        .where('content_hash', 'in', chunk)
        .where('key_id', '=', keyId)
        .groupBy('content_hash')
        .execute(),
    );
    return new Map(rows.map((row) => [row.content_hash, Number(row.newest)]));
  }

  /** By generation; those that were never signed, or pruned, are absent. */
  async states(generations: readonly number[]): Promise<Map<number, SignedState>> {
    const rows = await inChunks(generations, (chunk) =>
      this.#db.selectFrom('desired_state').selectAll().where('generation', 'in', chunk).execute(),
    );
    return new Map(rows.map((row) => [Number(row.generation), stateOf(row)]));
  }

  async section(hash: string): Promise<string | undefined> {
    const row = await this.#db
      .selectFrom('desired_section')
      .select('content')
      .where('hash', '=', hash)
      .executeTakeFirst();
    return row?.content;
  }

  /** The content of every section kept. */
  async sectionContents(): Promise<string[]> {
    return (await this.#db.selectFrom('desired_section').select('content').execute()).map((row) => row.content);
  }

  async commit({ sections, states, devices, removed }: DesiredChanges): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      for (const [hash, content] of sections) await addSection(trx, hash, content);
      for (const state of states) await trx.insertInto('desired_state').values(stateRow(state)).execute();
      if (devices.length > 0) await writeDevices(trx, devices);
      await inChunks(removed, (chunk) =>
        trx.deleteFrom('device_desired').where('device_id', 'in', chunk).returning('device_id').execute(),
      );
    });
  }

  /** How many devices each distinct scope holds. */
  async scopeCounts(): Promise<{ scope: string[]; devices: number }[]> {
    const rows = await this.#db
      .selectFrom('device_desired')
      .select((is) => ['scope', is.fn.countAll<number>().as('devices')])
      .groupBy('scope')
      .execute();
    return rows.map((row) => ({ scope: JSON.parse(row.scope) as string[], devices: Number(row.devices) }));
  }

  /**
   * Forgets states signed before `olderThan` that no device should hold, and sections no remaining state names. The
   * newest state stays, so that generations never repeat.
   */
  async prune(olderThan: number): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      const newest = trx.selectFrom('desired_state').select((is) => is.fn.max('generation').as('newest'));
      await trx
        .deleteFrom('desired_state')
        .where('created_at', '<', olderThan)
        .where('generation', 'not in', trx.selectFrom('device_desired').select('generation'))
        .where('generation', '!=', newest)
        .execute();
      const states = await trx.selectFrom('desired_state').select('manifest').execute();
      const named = new Set(states.flatMap((row) => sectionHashes(row.manifest)));
      const sections = await trx.selectFrom('desired_section').select('hash').execute();
      const unnamed = sections.map((row) => row.hash).filter((hash) => !named.has(hash));
      await inChunks(unnamed, (chunk) =>
        trx.deleteFrom('desired_section').where('hash', 'in', chunk).returning('hash').execute(),
      );
    });
  }
}

/** The sections a manifest of ours names: section → hash. */
export function manifestSections(manifest: string): Record<string, string> {
  return (JSON.parse(manifest) as { sections: Record<string, string> }).sections;
}

const sectionHashes = (manifest: string) => Object.values(manifestSections(manifest));

const scopeText = (scope: readonly string[]) => JSON.stringify(scope);

async function addSection(trx: Transaction<Database>, hash: string, content: string): Promise<void> {
  await trx
    .insertInto('desired_section')
    .values({ hash, content })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
}

/** A publication is a row for each device of a fleet: those of the scope they had keep their place in its index. */
async function writeDevices(trx: Transaction<Database>, devices: readonly DeviceDesired[]): Promise<void> {
  const rows = JSON.stringify(devices.map(deviceRow));
  const { numAffectedRows = 0n } = await trx.executeQuery(CompiledQuery.raw(writeInScope, [rows]));
  if (numAffectedRows < devices.length) await trx.executeQuery(CompiledQuery.raw(writeMoved, [rows]));
}

function deviceRow({ deviceId, generation, contentHash, scope, since, sectionSince }: DeviceDesired): JsonRow {
  return [deviceId, generation, contentHash, scopeText(scope), since, JSON.stringify(sectionSince)];
}

const writeRows = `
  insert into device_desired (device_id, generation, content_hash, scope, since, section_since)
  select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 from json_each(?) where true
  on conflict (device_id) do update set generation = excluded.generation, content_hash = excluded.content_hash,
    since = excluded.since, section_since = excluded.section_since`;
const writeInScope = `${writeRows} where scope = excluded.scope`;
const writeMoved = `${writeRows}, scope = excluded.scope where scope <> excluded.scope`;

/** Few distinct scopes serve many devices: each text is parsed once per reading, and its value shared. */
function desiredOf(row: Selectable<Database['device_desired']>, parsed: Map<string, unknown>): DeviceDesired {
  return {
    deviceId: row.device_id,
    generation: Number(row.generation),
    contentHash: row.content_hash,
    scope: parseOnce(row.scope, parsed) as string[],
    since: row.since,
    sectionSince: parseOnce(row.section_since, parsed) as Record<string, number>,
  };
}

function parseOnce(text: string, parsed: Map<string, unknown>): unknown {
  const value: unknown = parsed.get(text) ?? JSON.parse(text);
  parsed.set(text, value);
  return value;
}

function stateOf(row: Selectable<Database['desired_state']>): SignedState {
  return {
    generation: Number(row.generation),
    contentHash: row.content_hash,
    signed: { manifest: row.manifest, signature: row.signature, keyId: row.key_id },
    createdAt: row.created_at,
  };
}

function stateRow({ generation, contentHash, signed, createdAt }: SignedState): Selectable<Database['desired_state']> {
  return {
    generation,
    content_hash: contentHash,
    manifest: signed.manifest,
    signature: signed.signature,
    key_id: signed.keyId,
    created_at: createdAt,
  };
}
