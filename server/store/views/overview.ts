import { type Kysely, sql } from 'kysely';
import type { OrgView, Overview, VerdictCounts } from '../../../shared/api/schemas.ts';
import type { VerdictState } from '../../../shared/compliance/verdict.ts';
import { personRoles } from '../../../shared/policy/selector.ts';
import type { Sight } from '../../access/standing.ts';
import type { Database } from '../schema.ts';
import { holdsDevice, rolesWithDevices } from './holding.ts';
import { isInSight, seesDevice, seesPerson } from './seen.ts';

type Counts = Pick<Overview, 'people' | 'peopleWithoutDevice' | 'schools' | 'roles' | 'reasons'> & {
  devices: Omit<Overview['devices'], 'connected'>;
  silentIds: string[];
};

/** The numbers of the first page, each by one grouped query. */
export class OverviewView {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  async counts(sight?: Sight): Promise<Counts> {
    const grouped = await this.#peopleByVerdict(sight);
    const people = emptyCounts();
    const roles = new Map<string, VerdictCounts>();
    const schools = new Map<string, { name: string; verdicts: VerdictCounts }>();
    let peopleWithoutDevice = 0;
    for (const row of grouped) {
      const count = Number(row.count);
      if (row.has_device === 0) {
        peopleWithoutDevice += count;
        continue;
      }
      add(people, row.state, count);
      add(entry(roles, row.role, emptyCounts), row.state, count);
      const school = entry(schools, row.org_id ?? '', () => ({
        name: row.org_name ?? 'No school known',
        verdicts: emptyCounts(),
      }));
      add(school.verdicts, row.state, count);
    }
    return {
      people,
      peopleWithoutDevice,
      schools: [...schools]
        .filter(([orgId]) => orgId !== '')
        .map(([orgId, school]) => ({ orgId, ...school }))
        .sort((a, b) => a.name.localeCompare(b.name)),
      roles: personRoles.flatMap((role) =>
        roles.has(role) ? [{ role, verdicts: roles.get(role) ?? emptyCounts() }] : [],
      ),
      reasons: await this.#reasons(sight),
      devices: await this.#devices(sight),
      silentIds: await this.#silent(sight),
    };
  }

  async orgs(sight?: Sight): Promise<OrgView[]> {
    const all = this.#db.selectFrom('org').selectAll().where('active', '=', 1).where(isInSight(sight, 'org.id'));
    const rows = await all.orderBy('name').execute();
    return rows.map((row) => ({
      id: row.id,
      sourcedId: row.sourced_id,
      name: row.name,
      type: row.type,
      parentId: row.parent_id,
    }));
  }

  /** `+`: nearly everybody is active, so the table is read as it lies and not row by row through an index (2.3 × faster). */
  async #peopleByVerdict(sight: Sight | undefined) {
    const { rows } = await sql<{
      role: string;
      org_id: string | null;
      org_name: string | null;
      state: VerdictState;
      has_device: number;
      count: number;
    }>`
      select counted.*, org.name as org_name from (
        select person.role, person.org_id, coalesce(verdict.state, 'unknown') as state, ${holdsDevice()} as has_device,
          count(*) as count
        from person
        left join verdict on verdict.subject_kind = 'person' and verdict.subject_id = person.id and verdict.to_at is null
        where +person.active = 1 and person.role in (${sql.join(rolesWithDevices)}) and ${seesPerson(sight, 'person.id')}
        group by 1, 2, 3, 4
      ) as counted left join org on org.id = counted.org_id`.execute(this.#db);
    return rows;
  }

  async #reasons(sight: Sight | undefined): Promise<Overview['reasons']> {
    const { rows } = await sql<{ words: string; devices: number }>`
      select reason.value as words, count(*) as devices
      from verdict, json_each(verdict.reasons) as reason
      where verdict.subject_kind = 'device' and verdict.to_at is null and verdict.state = 'noncompliant'
        and ${seesDevice(sight, 'verdict.subject_id')}
      group by 1 order by 2 desc, 1 limit 8`.execute(this.#db);
    return rows.map((row) => ({ words: row.words, devices: Number(row.devices) }));
  }

  async #devices(sight: Sight | undefined) {
    const { rows } = await sql<{ total: number; simulated: number; held: number }>`
      select count(*) as total, coalesce(sum(simulated), 0) as simulated, coalesce(sum(status = 'held'), 0) as held
      from device where status <> 'revoked' and ${seesDevice(sight, 'device.id')}`.execute(this.#db);
    const row = rows[0];
    return { total: Number(row?.total ?? 0), simulated: Number(row?.simulated ?? 0), held: Number(row?.held ?? 0) };
  }

  async #silent(sight: Sight | undefined): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('verdict')
      .innerJoin('device', 'device.id', 'verdict.subject_id')
      .select('device.id')
      .where('subject_kind', '=', 'device')
      .where('to_at', 'is', null)
      .where('state', '=', 'silent')
      .where(seesDevice(sight, 'device.id'))
      .orderBy('device.last_seen_at')
      .limit(10)
      .execute();
    return rows.map((row) => row.id);
  }
}

function emptyCounts(): VerdictCounts {
  return { compliant: 0, waived: 0, 'in-grace': 0, noncompliant: 0, silent: 0, unknown: 0 };
}

function add(counts: VerdictCounts, state: VerdictState, count: number): void {
  counts[state] += count;
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
