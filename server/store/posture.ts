import type { Kysely, Selectable } from 'kysely';
import type { FilterMeasurement } from '../../shared/compliance/facts.ts';
import { checks } from '../../shared/compliance/registry.ts';
import type { SectionReport, SectionReportWithEvidence } from '../../shared/policy/standing.ts';
import type { Health, Observations } from '../../shared/protocol/health.ts';
import type { Evidence } from '../../shared/protocol/messages.ts';
import { inChunks } from './chunks.ts';
import type { Database } from './schema.ts';

/** What verdicts are made of, of one device in service. */
export interface Posture {
  id: string;
  name: string;
  agentVersion: string;
  lastSeenAt: number | null;
  observations: Observations;
  reports: SectionReport[];
  /** What the last report of the web filter says it measured; undefined: there is none. */
  filterMeasured: FilterMeasurement | undefined;
}

/** What checks read of a device’s health, and which findings are open. */
export interface Condition {
  health: Health;
  openFindings: string[];
}

/** How the agent's evidence names what it asked the filter (`agent/capabilities/webFilter`). */
const measured = {
  blocking: 'blocking, measured',
  byPrograms: 'programs on this host asking for',
  always: 'browsers told to keep to this resolver',
} as const;

const readCollectors = checks
  .flatMap(({ reads }) => reads)
  .filter((fact) => fact.startsWith('health:'))
  .map((fact) => fact.slice('health:'.length));

const reportColumns = ['device_id', 'section', 'generation', 'hash', 'status', 'failure', 'at'] as const;

/** Reads what devices reported. Writing is the gateway's. */
export class PostureStore {
  readonly #db: Kysely<Database>;

  constructor(db: Kysely<Database>) {
    this.#db = db;
  }

  /** Ids of all devices, in service or not. */
  async deviceIds(): Promise<string[]> {
    return (await this.#db.selectFrom('device').select('id').orderBy('id').execute()).map((row) => row.id);
  }

  async names(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db.selectFrom('device').select(['id', 'name']).where('id', 'in', chunk).execute(),
    );
    return new Map(rows.map((row) => [row.id, row.name]));
  }

  /** Ids of the people who hold or held one of these devices, or any device. */
  async everHolding(deviceIds?: readonly string[]): Promise<string[]> {
    const holders = this.#db.selectFrom('custody').select('person_id').distinct();
    const rows = deviceIds
      ? await inChunks(deviceIds, (chunk) => holders.where('device_id', 'in', chunk).execute())
      : await holders.execute();
    return [...new Set(rows.map((row) => row.person_id))];
  }

  /** Of these devices, those in service; held and revoked ones are absent. */
  async ofDevices(ids: readonly string[]): Promise<Posture[]> {
    const devices = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('device')
        .select(['id', 'name', 'agent_version', 'last_seen_at'])
        .where('status', '=', 'active')
        .where('id', 'in', chunk)
        .execute(),
    );
    const observations = await inChunks(ids, (chunk) =>
      this.#db.selectFrom('observation').selectAll().where('device_id', 'in', chunk).execute(),
    );
    const observationsOf = Map.groupBy(observations, (row) => row.device_id);
    const reports = await this.reports(ids);
    const filterMeasured = await readFilterMeasured(this.#db, ids);
    return devices.map((row) => ({
      id: row.id,
      name: row.name,
      agentVersion: row.agent_version,
      lastSeenAt: row.last_seen_at,
      observations: Object.fromEntries(
        (observationsOf.get(row.id) ?? []).map(({ name, value }) => [name, JSON.parse(value) as unknown]),
      ) as Observations,
      reports: reports.get(row.id) ?? [],
      filterMeasured: filterMeasured.get(row.id),
    }));
  }

  async conditions(ids: readonly string[]): Promise<(deviceId: string) => Condition> {
    const health = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('health')
        .select(['device_id', 'collector', 'value'])
        .where('device_id', 'in', chunk)
        .where('collector', 'in', readCollectors)
        .execute(),
    );
    const findings = await inChunks(ids, (chunk) =>
      this.#db
        .selectFrom('finding')
        .select(['device_id', 'code'])
        .where('device_id', 'in', chunk)
        .where('closed_at', 'is', null)
        .execute(),
    );
    const healthOf = Map.groupBy(health, (row) => row.device_id);
    const findingsOf = Map.groupBy(findings, (row) => row.device_id);
    return (id) => ({
      health: Object.fromEntries(
        (healthOf.get(id) ?? []).map(({ collector, value }) => [collector, JSON.parse(value) as unknown]),
      ),
      openFindings: (findingsOf.get(id) ?? []).map(({ code }) => code),
    });
  }

  /** The last report about each section, by device id; evidence is left out. */
  async reports(ids: readonly string[]): Promise<Map<string, SectionReport[]>> {
    const rows = await inChunks(ids, (chunk) =>
      this.#db.selectFrom('reported_section').select(reportColumns).where('device_id', 'in', chunk).execute(),
    );
    return Map.groupBy(rows.map(reportOf), ({ deviceId }) => deviceId);
  }

  async reportsWithEvidence(deviceId: string): Promise<SectionReportWithEvidence[]> {
    const rows = await this.#db.selectFrom('reported_section').selectAll().where('device_id', '=', deviceId).execute();
    return rows.map((row) => ({
      ...reportOf(row),
      evidence: JSON.parse(row.evidence) as SectionReportWithEvidence['evidence'],
    }));
  }
}

/** Evidence is large, so it is read only where something failed; a report that is `verified` has no failed line. */
export async function readFilterMeasured(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<Map<string, FilterMeasurement>> {
  const rows = await inChunks(ids, (chunk) =>
    db
      .selectFrom('reported_section')
      .select((row) => [
        'device_id',
        'status',
        row('evidence', 'like', `%"item":"${measured.blocking}%`).as('blocking'),
        row('evidence', 'like', `%"item":"${measured.always}%`).as('asked'),
        row.case().when('status', '=', 'failed').then(row.ref('evidence')).else('[]').end().as('lines'),
      ])
      .where('section', '=', 'webFilter')
      .where('device_id', 'in', chunk)
      .execute(),
  );
  return new Map(
    rows.map(({ device_id: id, status, blocking, asked, lines }) => [
      id,
      measurement(
        status,
        () => Boolean(blocking),
        () => Boolean(asked),
        JSON.parse(lines) as Evidence[],
      ),
    ]),
  );
}

/** What the evidence of a report about the web filter says it measured. */
export function measurementOf(status: string, evidence: readonly Evidence[]): FilterMeasurement {
  const names = (start: string) => evidence.some(({ item }) => item.startsWith(start));
  return measurement(
    status,
    () => names(measured.blocking),
    () => names(measured.always),
    evidence,
  );
}

function measurement(
  status: string,
  blocking: () => boolean,
  asked: () => boolean,
  lines: readonly Evidence[],
): FilterMeasurement {
  if (status === 'verified') return blocking() ? 'blocked' : asked() ? 'idle' : 'none';
  const isMeasured = (item: string) => Object.values(measured).some((start) => item.startsWith(start));
  return status === 'failed' && lines.some(({ item, ok }) => !ok && isMeasured(item)) ? 'not-blocked' : 'none';
}

type ReportRow = Pick<Selectable<Database['reported_section']>, (typeof reportColumns)[number]>;

function reportOf(row: ReportRow): SectionReport & { deviceId: string } {
  return {
    deviceId: row.device_id,
    section: row.section,
    generation: Number(row.generation),
    hash: row.hash,
    status: row.status as SectionReport['status'],
    failure: row.failure === null ? null : (JSON.parse(row.failure) as SectionReport['failure']),
    at: row.at,
  };
}
