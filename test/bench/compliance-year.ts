import Database from 'better-sqlite3';
import { openStores } from '../../server/store/stores.ts';
import { SeededRandom } from '../fakes/clock.ts';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const peopleInASchool = 1_000;

export interface YearSizes {
  devices: number;
  days: number;
  /** The last instant anything is known of. */
  end: number;
}

/** How often a check fails on a device in a year, and for how many hours on average; whether that turns the verdict. */
interface Rate {
  check: string;
  perYear: number;
  hours: number;
  counts?: boolean;
}

/** Made up, in the order of what districts tell of: settings come and go, disks fill, hardware rarely fails. */
const rates: readonly Rate[] = [
  { check: 'policy-verified:webFilter', perYear: 3, hours: 6, counts: true },
  { check: 'policy-verified:browser', perYear: 2, hours: 6, counts: true },
  { check: 'contact', perYear: 1.5, hours: 120 },
  { check: 'agent-current', perYear: 4, hours: 30, counts: true },
  { check: 'disk-encrypted', perYear: 0.1, hours: 200, counts: true },
  { check: 'firewall-on', perYear: 0.4, hours: 30, counts: true },
  { check: 'screen-locks', perYear: 0.3, hours: 50 },
  { check: 'updates-automatic', perYear: 0.8, hours: 100 },
  { check: 'usb-storage-blocked', perYear: 0.1, hours: 50 },
  { check: 'guest-account-off', perYear: 0.1, hours: 50 },
  { check: 'filter-measured', perYear: 1, hours: 5, counts: true },
  { check: 'not-local-admin', perYear: 0.1, hours: 100, counts: true },
  { check: 'antivirus-on', perYear: 0.3, hours: 40 },
  { check: 'secure-boot', perYear: 0.05, hours: 500 },
  { check: 'os-supported', perYear: 0.1, hours: 1500 },
  { check: 'clock-right', perYear: 0.3, hours: 10 },
  { check: 'clock-synchronised', perYear: 0.3, hours: 10 },
  { check: 'disk-space', perYear: 0.6, hours: 200 },
  { check: 'drive-healthy', perYear: 0.03, hours: 400 },
  { check: 'battery-worn', perYear: 0.1, hours: 3000 },
  { check: 'restarted-lately', perYear: 5, hours: 60 },
];
const graceMs = 5 * dayMs;

/** Fills the file with a year as the compliance service would have stored it. The same seed gives the same year. */
export async function writeYear(path: string, { devices, days, end }: YearSizes): Promise<void> {
  await (await openStores(path)).close();
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  const begin = end - days * dayMs;
  const insert = districtWriter(db, begin);
  const subjects = Array.from({ length: devices }, (_, n) => ({
    ...{ deviceId: `device-${n}`, personId: `person-${n}`, custodyId: `custody-${n}` },
    org: `school-${Math.floor(n / peopleInASchool)}`,
  }));
  db.transaction(() => {
    for (const [n, subject] of subjects.entries()) insert(n, subject);
  })();
  writeIntervals(db, begin, end, subjects);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}

/** A device, and who has it. */
export interface YearSubject {
  deviceId: string;
  personId?: string | undefined;
  custodyId?: string | undefined;
  org: string;
}

/** Verdicts and checks of these from `begin` to `end`, and what the trend is read from. */
export function writeIntervals(
  db: Database.Database,
  begin: number,
  end: number,
  subjects: readonly YearSubject[],
): void {
  const indexes = db
    .prepare(
      `select name, sql from sqlite_master where type = 'index' and sql is not null
       and tbl_name in ('check_interval', 'verdict')`,
    )
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) db.exec(`drop index ${name}`);
  const write = intervalWriter(db, begin, end);
  for (let from = 0; from < subjects.length; from += 500)
    db.transaction(() => {
      for (const subject of subjects.slice(from, from + 500)) write(subject);
    })();
  db.exec(`insert into compliance_change (day, org_id, subject, state, change, moment)
    select at / 86400000, org_id, subject, state, sum(change),
      sum(case when subject = 'person' then change * (at % 86400000) else 0 end) as moment from (
      select from_at as at, org_id, subject_kind as subject, state, 1 as change from verdict
      union all select to_at, org_id, subject_kind, state, -1 from verdict where to_at is not null
      union all select from_at, org_id, check_name, status, 1 from check_interval
      union all select to_at, org_id, check_name, status, -1 from check_interval where to_at is not null
    ) group by 1, 2, 3, 4 having sum(change) <> 0 or moment <> 0`);
  for (const { sql } of indexes) db.exec(sql);
}

type Interval = [from: number, to: number | null];

function districtWriter(db: Database.Database, begin: number): (n: number, subject: Required<YearSubject>) => void {
  const org = db.prepare(
    `insert or ignore into org (id, sourced_id, name, type, parent_id, active) values (?, ?, ?, 'school', null, 1)`,
  );
  const device = db.prepare(
    `insert into device (id, name, hardware_id, platform, os_name, os_version, agent_version, status, simulated,
       enrolled_at, spool_sequence) values (?, ?, ?, 'linux', 'Debian', '12', '1.0.0', 'active', 0, ?, 0)`,
  );
  const person = db.prepare(
    `insert into person (id, sourced_id, role, given_name, family_name, username, org_id, grade, active, updated_at)
     values (?, ?, 'student', ?, ?, ?, ?, '06', 1, ?)`,
  );
  const custody = db.prepare(
    `insert into custody (id, device_id, person_id, kind, starts_at, by_actor) values (?, ?, ?, 'primary', ?, 'bench')`,
  );
  return (n, { deviceId, personId, custodyId, org: school }) => {
    org.run(school, school, school);
    device.run(deviceId, `lap-${String(n).padStart(6, '0')}`, deviceId, begin);
    // Spread over the alphabet, so that a page by name is no page of one school.
    person.run(personId, personId, `Given${n % 997}`, `Family${(n * 7919) % 100_003}`, personId, school, begin);
    custody.run(custodyId, deviceId, personId, begin);
  };
}

function intervalWriter(db: Database.Database, begin: number, end: number): (subject: YearSubject) => void {
  const dice = new SeededRandom(1);
  const random = () => dice.unit();
  const check = db.prepare(
    `insert into check_interval (device_id, check_name, status, seen, from_at, to_at, failure_from, custody_id, org_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const verdict = db.prepare(
    `insert into verdict (subject_kind, subject_id, state, reasons, from_at, to_at, custody_id, org_id)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return ({ deviceId, personId, custodyId, org: school }) => {
    const failing: { from: number; to: number; rate: Rate }[] = [];
    for (const rate of rates) {
      const fails = failuresOf(rate, begin, end, random);
      failing.push(...fails.map(([from, to]) => ({ from, to: to ?? end, rate })));
      let failed: number | null = null;
      for (const [status, [from, to]] of withPasses(fails, begin)) {
        failed = status === 'fail' ? from : failed;
        check.run(deviceId, rate.check, status, `${rate.check} ${status}`, from, to, failed, custodyId ?? null, school);
      }
    }
    for (const [state, [from, to]] of verdictsOf(failing, begin, end)) {
      const reasons = state === 'compliant' ? '[]' : '["Firewall: off"]';
      verdict.run('device', deviceId, state, reasons, from, to, custodyId ?? null, school);
      if (personId !== undefined) verdict.run('person', personId, state, reasons, from, to, null, school);
    }
  };
}

/** Failures of one check of one device, apart from each other and oldest first. */
function failuresOf({ perYear, hours }: Rate, begin: number, end: number, random: () => number): Interval[] {
  const fails: Interval[] = [];
  const exponential = (mean: number) => Math.max(60_000, Math.round(-Math.log(1 - random()) * mean));
  const gapMs = (365 * dayMs) / perYear;
  for (let from = begin + exponential(gapMs); from < end; ) {
    const to = from + exponential(hours * hourMs);
    fails.push([from, to < end ? to : null]);
    from = to + exponential(gapMs);
  }
  return fails;
}

function withPasses(fails: readonly Interval[], begin: number): ['pass' | 'fail', Interval][] {
  const all: ['pass' | 'fail', Interval][] = [];
  let from: number | null = begin;
  for (const fail of fails) {
    all.push(['pass', [from ?? begin, fail[0]]], ['fail', fail]);
    from = fail[1];
  }
  if (from !== null) all.push(['pass', [from, null]]);
  return all;
}

/** Silent while nothing is heard; in grace for five days of a failure that counts, then noncompliant. */
function verdictsOf(failing: readonly { from: number; to: number; rate: Rate }[], begin: number, end: number) {
  const relevant = failing.filter(({ rate }) => rate.counts || rate.check === 'contact');
  const edges = [...new Set(relevant.flatMap(({ from, to }) => [from, Math.min(to, from + graceMs), to]))]
    .filter((at) => at > begin && at < end)
    .toSorted((a, b) => a - b);
  const all: [string, Interval][] = [];
  for (const at of [begin, ...edges]) {
    const open = relevant.filter(({ from, to }) => from <= at && to > at);
    const state = open.some(({ rate }) => rate.check === 'contact')
      ? 'silent'
      : open.some(({ from }) => at >= from + graceMs)
        ? 'noncompliant'
        : open.length > 0
          ? 'in-grace'
          : 'compliant';
    const last = all.at(-1);
    if (last?.[0] === state) continue;
    if (last) last[1][1] = at;
    all.push([state, [at, null]]);
  }
  return all;
}
