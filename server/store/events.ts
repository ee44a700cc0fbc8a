import type { Kysely } from 'kysely';
import { lookCode } from '../../shared/audit/reads.ts';
import { EventChain, type EventRow, type NewEventRow, writing } from './event-chain.ts';
import type { Database } from './schema.ts';

export type { EventRow };

/** What happened, append-only: rows are added and read; their personal fields are erased when their time is over. */
export class EventStore {
  readonly #db: Kysely<Database>;
  readonly #chain: EventChain;

  constructor(db: Kysely<Database>, chain = new EventChain()) {
    this.#db = db;
    this.#chain = chain;
  }

  async add(event: NewEventRow): Promise<number> {
    const [id] = await writing(this.#db, (trx) => this.#chain.append(trx, [event]));
    return id as number;
  }

  /** Newest first, older than `before`; of one subject where given. Looks are left to the audit. */
  async page(
    limit: number,
    before?: number,
    subject?: { kind: string; id: string },
  ): Promise<{ rows: EventRow[]; total: number }> {
    const all = this.#happened(subject);
    const counted = await all.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    let rows = all.selectAll().orderBy('id', 'desc').limit(limit);
    if (before !== undefined) rows = rows.where('id', '<', before);
    return { rows: await rows.execute(), total: Number(counted.total) };
  }

  /** The first of the first page, without counting all there are. */
  async latest(limit: number): Promise<EventRow[]> {
    return await this.#happened().selectAll().orderBy('id', 'desc').limit(limit).execute();
  }

  #happened(subject?: { kind: string; id: string }) {
    const all = this.#db.selectFrom('event').where('code', '<>', lookCode);
    return subject ? all.where('subject_kind', '=', subject.kind).where('subject_id', '=', subject.id) : all;
  }

  /** The newest of these codes whose words hold `said`. */
  async newest(codes: readonly string[], said = ''): Promise<EventRow | undefined> {
    const rows = this.#db.selectFrom('event').selectAll().where('code', 'in', codes);
    return await rows
      .where((row) => row.fn<number>('instr', ['words', row.val(said)]), '>', 0)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** Events of one kind about these devices, each since its own instant; newest first. */
  async ofDevices(code: string, since: ReadonlyMap<string, number>, limit: number): Promise<EventRow[]> {
    if (since.size === 0) return [];
    const rows = this.#db.selectFrom('event').selectAll().where('subject_kind', '=', 'device').where('code', '=', code);
    return await rows
      .where((row) =>
        row.or([...since].map(([id, from]) => row.and([row('subject_id', '=', id), row('at', '>=', from)]))),
      )
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
  }

  /** Names of the things events speak of, as people know them now. Missing ones are left out. */
  async namesOf(rows: readonly EventRow[]): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    const ids = (kind: string) => [
      ...new Set(rows.filter((row) => row.subject_kind === kind).map((row) => row.subject_id ?? '')),
    ];
    const devices = await this.#db
      .selectFrom('device')
      .select(['id', 'name'])
      .where('id', 'in', ids('device'))
      .execute();
    const profiles = await this.#db
      .selectFrom('profile')
      .select(['id', 'name'])
      .where('id', 'in', ids('profile'))
      .execute();
    const people = await this.#db
      .selectFrom('person')
      .select(['id', 'given_name', 'family_name'])
      .where('id', 'in', ids('person'))
      .execute();
    const groups = await this.#db
      .selectFrom('policy_group')
      .select(['id', 'name'])
      .where('id', 'in', ids('group'))
      .execute();
    const changes = await this.#db
      .selectFrom('policy_change')
      .select(['id', 'title'])
      .where('id', 'in', ids('change'))
      .execute();
    const rollouts = await this.#db
      .selectFrom('rollout')
      .select(['id', 'title'])
      .where('id', 'in', ids('rollout'))
      .execute();
    for (const group of groups) names.set(`group ${group.id}`, group.name);
    for (const change of changes) names.set(`change ${change.id}`, change.title);
    for (const rollout of rollouts) names.set(`rollout ${rollout.id}`, rollout.title);
    for (const device of devices) names.set(`device ${device.id}`, device.name);
    for (const profile of profiles) names.set(`profile ${profile.id}`, profile.name);
    for (const person of people) names.set(`person ${person.id}`, `${person.given_name} ${person.family_name}`);
    return names;
  }
}
