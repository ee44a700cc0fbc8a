import type { Kysely } from 'kysely';
import { nearestCalendar } from '../../server/profiles/filter-context.ts';
import type { Database } from '../../server/store/schema.ts';
import { contactCheck } from '../../shared/compliance/described.ts';
import { personTimeline } from '../../shared/compliance/person-timeline.ts';
import type { CheckSpan, HoldingSpan, VerdictSpan, WaiverSpan } from '../../shared/compliance/timeline.ts';
import { deviceTimeline } from '../../shared/compliance/timeline.ts';
import type { FindingStatus } from '../../shared/compliance/verdict.ts';
import { unknownDevice } from '../../shared/policy/subject.ts';
import type { PolicyDistrict } from './policy-district.ts';

export interface Row {
  what: string;
  state: string;
  from: number;
  to: number | null;
  custodyId: string | null;
  orgId: string;
}

/** Every interval that is stored: `device a`, `person ada`, `a firewall-on`; by subject, oldest first. */
export async function storedIntervals(db: Kysely<Database>): Promise<Row[]> {
  const verdicts = await db.selectFrom('verdict').selectAll().orderBy('from_at').execute();
  const checks = await db.selectFrom('check_interval').selectAll().orderBy('from_at').execute();
  return [
    ...verdicts.map((row) => ({ ...row, what: `${row.subject_kind} ${row.subject_id}` })),
    ...checks.map((row) => ({ ...row, what: `${row.device_id} ${row.check_name}`, state: row.status })),
  ].map(({ what, state, from_at: from, to_at: to, custody_id: custodyId, org_id: orgId }) => {
    return { what, state, from, to, custodyId, orgId };
  });
}

/** Person → the units they were in, in order, where they were in several. */
export type Moves = ReadonlyMap<string, readonly { from: number; orgId: string }[]>;

/** The verdicts as they come out when everything is derived at once, from the first instant anything is known of. */
export async function replayedVerdicts(district: PolicyDistrict, moves: Moves = new Map()): Promise<Row[]> {
  const { db, clock } = district;
  const now = clock.now();
  const rows: Row[] = [];
  const ofDevices = new Map<string, VerdictSpan[]>();
  for (const { id } of await db.selectFrom('device').select('id').orderBy('id').execute()) {
    const inputs = await deviceInputs(district, id, moves);
    const from = Math.min(...inputs.checks.filter(({ check }) => check === contactCheck).map((one) => one.from));
    const { spans } = deviceTimeline(inputs, from, now);
    ofDevices.set(id, spans);
    rows.push(...spans.map((span) => ({ what: `device ${id}`, ...rowOf(span) })));
  }
  for (const { id, org_id } of await db.selectFrom('person').selectAll().orderBy('id').execute()) {
    const custodies = await db.selectFrom('custody').selectAll().where('person_id', '=', id).execute();
    const own = new Set(custodies.map((custody) => custody.id));
    const devices = [...ofDevices].flatMap(([device, spans]) =>
      spans.filter(({ custodyId }) => own.has(custodyId ?? '')).map((span) => ({ ...span, name: `laptop ${device}` })),
    );
    const owed = await db.selectFrom('obligation').selectAll().where('person_id', '=', id).execute();
    const obligations = owed.map(({ title, due_at: dueAt, from_at, ended_at: to }) => ({
      title,
      dueAt,
      from: from_at,
      to,
    }));
    const begins = [...custodies.map((one) => one.starts_at), ...obligations.map((one) => one.from)];
    const from = Math.min(...begins);
    if (from === Number.POSITIVE_INFINITY) continue;
    const were = moves.get(id) ?? [{ from: 0, orgId: org_id ?? '' }];
    const units = were.map((unit, index) => ({ ...unit, to: were[index + 1]?.from ?? null }));
    const { spans } = personTimeline({ devices, obligations, units }, from, now);
    rows.push(...spans.map((span) => ({ what: `person ${id}`, ...rowOf(span) })));
  }
  return rows;
}

async function deviceInputs({ db, stores }: PolicyDistrict, id: string, moves: Moves) {
  const checks = await db.selectFrom('check_interval').selectAll().where('device_id', '=', id).execute();
  return {
    checks: checks.map((row): CheckSpan => {
      const { check_name: check, status, seen, from_at: from, to_at: to, failing_since: failingSince } = row;
      return { check, status: status as FindingStatus, seen, from, to, failingSince };
    }),
    holdings: await holdings({ db, stores }, id, moves),
    waivers: (await waivers(db)).filter(({ deviceId }) => deviceId === null || deviceId === id),
    policies: await stores.compliancePolicies.revisions(),
  };
}

async function holdings(
  { db, stores }: Pick<PolicyDistrict, 'db' | 'stores'>,
  id: string,
  moves: Moves,
): Promise<HoldingSpan[]> {
  const calendarOf = nearestCalendar(await stores.calendars.list());
  const custodies = await db
    .selectFrom('custody')
    .selectAll()
    .where('device_id', '=', id)
    .orderBy('starts_at')
    .execute();
  const people = await stores.people.scopes();
  const moved = [...moves.values()].flat().map(({ from }) => from);
  const edges = [...new Set([0, ...moved, ...custodies.flatMap((one) => [one.starts_at, one.ended_at ?? 0])])].sort(
    (a, b) => a - b,
  );
  return edges.map((from, index) => {
    const held = custodies.find((one) => one.starts_at <= from && (one.ended_at === null || one.ended_at > from));
    const scope = held && people.get(held.person_id);
    const subject = { ...unknownDevice, deviceId: id, custodian: scope ?? null };
    const calendar = calendarOf({ id, name: '', personId: null, subject });
    const orgId = moves.get(scope?.id ?? '')?.findLast((unit) => unit.from <= from)?.orgId ?? scope?.orgId ?? '';
    const who = { custodyId: held?.id ?? null, personId: held?.person_id ?? null, orgId };
    return { from, to: edges[index + 1] ?? null, ...who, calendar, subject };
  });
}

async function waivers(db: Kysely<Database>): Promise<(WaiverSpan & { deviceId: string | null })[]> {
  const rows = await db.selectFrom('waiver').selectAll().execute();
  return rows.map((row) => ({
    ...{ check: row.check_name, from: row.from_at, until: row.until_at, by: row.by_actor },
    to: Math.min(row.until_at, row.ended_at ?? row.until_at),
    personId: row.target_kind === 'person' ? row.target_id : null,
    deviceId: row.target_kind === 'device' ? row.target_id : null,
  }));
}

function rowOf({ state, from, to, custodyId, orgId }: VerdictSpan): Omit<Row, 'what'> {
  return { state, from, to, custodyId, orgId };
}
