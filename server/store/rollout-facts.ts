import type { Kysely } from 'kysely';
import type { FilterMeasurement } from '../../shared/compliance/facts.ts';
import { standingOf } from '../../shared/policy/standing.ts';
import type { Health } from '../../shared/protocol/health.ts';
import type { SectionStatus } from '../../shared/protocol/messages.ts';
import { inChunks } from './chunks.ts';
import { manifestSections } from './desired.ts';
import { PostureStore, readFilterMeasured } from './posture.ts';
import type { Database } from './schema.ts';

/** What a rollout is judged by, of one device, as last reported. */
export interface RolloutFacts {
  model: string | null;
  /** The primary unit of who has it. */
  school: string | null;
  lastSeenAt: number | null;
  /** When it was given the state it should hold; `null`: it has none. */
  desiredSince: number | null;
  /**
   * Of the sections that were asked for: failed if one is, pending until all are reported. Of a device that holds none of
   * them, as when something was taken away: has it answered about the rest, or been heard of? `null`: it should hold nothing yet.
   */
  standing: 'verified' | 'failed' | 'pending' | null;
  /** What its web filter measured; undefined: nothing was reported. */
  filter: FilterMeasurement | undefined;
  agent: Health['agent'];
  os: Health['os'];
}

export interface RequestCounts {
  /** Unblock requests in the span that counts, and in as long before the device was given the new one. */
  since: number;
  before: number;
}

interface Row {
  id: string;
  model: string | null;
  last_seen_at: number | null;
  generation: number | null;
  since: number | null;
  school: string | null;
}

/** Reads what rollouts are judged by: a handful of queries for however many devices. */
export class RolloutFactStore {
  readonly #db: Kysely<Database>;
  readonly #posture: PostureStore;
  /** Generation → its sections: few states serve many devices, and none ever changes. */
  readonly #sections = new Map<number, Record<string, string>>();

  constructor(db: Kysely<Database>) {
    this.#db = db;
    this.#posture = new PostureStore(db);
  }

  /** By id. `sections`: those the rollout touches; undefined: all. Devices that are not in service are absent. */
  async of(ids: readonly string[], sections: ReadonlySet<string> | undefined): Promise<Map<string, RolloutFacts>> {
    const rows = await this.#devices(ids);
    await this.#learn(rows);
    const reports = await this.#posture.reports(ids);
    const filter = await readFilterMeasured(this.#db, ids);
    const health = await this.#health(ids);
    const standing = ({ id, generation, since, last_seen_at: seenAt }: Row): RolloutFacts['standing'] => {
      const desired = Object.entries(this.#sections.get(Number(generation ?? 0)) ?? {});
      const own = new Map((reports.get(id) ?? []).map((report) => [report.section, report]));
      const of = ([section, hash]: [string, string]) =>
        standingOf(own.get(section), { section, hash, generation: Number(generation) });
      const touched = worst(desired.filter(([section]) => sections?.has(section) ?? true).map(of));
      if (touched !== null || since === null) return touched;
      const isBehind = desired.length > 0 ? worst(desired.map(of)) === 'pending' : (seenAt ?? 0) <= since;
      return isBehind ? 'pending' : 'verified';
    };
    return new Map(
      rows.map((row) => [
        row.id,
        {
          ...{ model: row.model, school: row.school, lastSeenAt: row.last_seen_at, desiredSince: row.since },
          ...{ standing: standing(row), filter: filter.get(row.id) },
          ...{ agent: health.get(row.id)?.agent, os: health.get(row.id)?.os },
        },
      ]),
    );
  }

  /** What rings are spread over, of these devices as far as they are in service. */
  async ringDevices(ids: readonly string[]): Promise<{ id: string; school: string | null; model: string | null }[]> {
    return (await this.#devices(ids)).map(({ id, school, model }) => ({ id, school, model }));
  }

  /** By device, where there are any: since `from`, and as long before it was given the new one (else: before `from`). */
  async requests(rolloutId: string, from: number, now: number): Promise<Map<string, RequestCounts>> {
    const rows = await this.#db
      .selectFrom('rollout_device as part')
      .innerJoin('unblock_request as asked', 'asked.device_id', 'part.device_id')
      .select(['asked.device_id', 'asked.asked_at', 'part.given_at'])
      .where('part.rollout_id', '=', rolloutId)
      .where((row) =>
        row.or([row('asked.asked_at', '>=', from), row('asked.asked_at', '>=', row('part.given_at', '-', now - from))]),
      )
      .execute();
    return countsOf(rows, from, now);
  }

  /** The same of tickets that people opened about a device; what opened by itself is counted by other gates. */
  async tickets(rolloutId: string, from: number, now: number): Promise<Map<string, RequestCounts>> {
    const rows = await this.#db
      .selectFrom('rollout_device as part')
      .innerJoin('ticket', 'ticket.device_id', 'part.device_id')
      .select(['part.device_id', 'ticket.opened_at as asked_at', 'part.given_at'])
      .where('part.rollout_id', '=', rolloutId)
      .where('ticket.source', '!=', 'automatic')
      .where((row) =>
        row.or([
          row('ticket.opened_at', '>=', from),
          row('ticket.opened_at', '>=', row('part.given_at', '-', now - from)),
        ]),
      )
      .execute();
    return countsOf(rows, from, now);
  }

  async #devices(ids: readonly string[]): Promise<Row[]> {
    return await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('device')
        .leftJoin('device_desired as desired', 'desired.device_id', 'device.id')
        .leftJoin('custody', (join) =>
          join.onRef('custody.device_id', '=', 'device.id').on('custody.ended_at', 'is', null),
        )
        .leftJoin('person', 'person.id', 'custody.person_id')
        .select(['device.id', 'device.model', 'device.last_seen_at', 'person.org_id as school'])
        .select(['desired.generation', 'desired.since'])
        .where('device.status', '=', 'active')
        .where('device.id', 'in', chunk)
        .execute(),
    );
  }

  async #learn(rows: readonly Row[]): Promise<void> {
    const unknown = new Set(
      rows.flatMap(({ generation: g }) => (g === null || this.#sections.has(Number(g)) ? [] : [g])),
    );
    if (this.#sections.size > 5_000) this.#sections.clear();
    const states = await inChunks([...unknown], (chunk) =>
      this.#db
        .selectFrom('desired_state')
        .select(['generation', 'manifest'])
        .where('generation', 'in', chunk)
        .execute(),
    );
    for (const { generation, manifest } of states) this.#sections.set(Number(generation), manifestSections(manifest));
  }

  async #health(ids: readonly string[]): Promise<Map<string, Pick<Health, 'agent' | 'os'>>> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('health')
        .select(['device_id', 'collector', 'value'])
        .where('collector', 'in', ['agent', 'os'])
        .where('device_id', 'in', chunk)
        .execute(),
    );
    const health = new Map<string, Record<string, unknown>>();
    for (const { device_id: id, collector, value } of rows)
      health.set(id, { ...health.get(id), [collector]: JSON.parse(value) as unknown });
    return health;
  }
}

function countsOf(
  rows: readonly { device_id: string; asked_at: number; given_at: number | null }[],
  from: number,
  now: number,
): Map<string, RequestCounts> {
  const counts = new Map<string, RequestCounts>();
  for (const { device_id: id, asked_at: at, given_at: given } of rows) {
    const count = counts.get(id) ?? { since: 0, before: 0 };
    const givenAt = given ?? from;
    if (at >= from && at <= now) count.since += 1;
    else if (at < givenAt && at >= givenAt - (now - from)) count.before += 1;
    counts.set(id, count);
  }
  return counts;
}

function worst(standings: readonly SectionStatus[]): RolloutFacts['standing'] {
  if (standings.length === 0) return null;
  if (standings.includes('failed')) return 'failed';
  return standings.some((one) => one === 'pending' || one === 'applied') ? 'pending' : 'verified';
}
