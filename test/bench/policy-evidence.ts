import { sql } from 'kysely';
import { readEvidence } from '../../server/rollouts/evidence.ts';
import { RolloutFactStore } from '../../server/store/rollout-facts.ts';
import type { PolicyDistrict } from '../fakes/policy-district.ts';
import type { Report } from './report.ts';

/** Measures what is awaited: how long it took, and for how long nothing else was looked at. */
type Heard = (run: () => Promise<void>) => Promise<{ elapsed: number; unheard: number }>;

/** What the look at a rollout costs each minute, when every device has reported all it holds. */
export async function reportEvidence(
  { db, stores, clock }: PolicyDistrict,
  rolloutId: string,
  heard: Heard,
  report: Report,
): Promise<void> {
  await reportAll(db, clock.now());
  const rolloutFacts = new RolloutFactStore(db);
  let given = 0;
  const { elapsed, unheard } = await heard(async () => {
    const rollout = await stores.rollouts.find(rolloutId);
    if (!rollout) throw new Error('the rollout is gone');
    const seen = await readEvidence({ ...stores, rolloutFacts }, rollout, () => true, clock.now());
    given = seen.evidence.given;
  });
  report.figure('the look each minute: devices with the new one', given, '');
  report.figure('the look each minute', elapsed, 'ms');
  report.figure('the look each minute: longest unheard', unheard, 'ms');
}

/** Every section that is desired is verified, with evidence as agents write it, and every agent has said how it is. */
export async function reportAll(db: PolicyDistrict['db'], at: number): Promise<void> {
  const evidence = JSON.stringify([{ item: 'as it should be', ok: true, words: 'What the system said of it.' }]);
  await db.transaction().execute(async (trx) => {
    await sql`insert into reported_section (device_id, section, generation, hash, status, failure, evidence, at)
      select device_id, section.key, generation, section.value, 'verified', null, ${evidence}, ${at}
      from device_desired join desired_state using (generation), json_each(manifest, '$.sections') as section`.execute(
      trx,
    );
    for (const [collector, value] of Object.entries(healthSaid))
      await sql`insert into health (device_id, collector, value, at)
        select device_id, ${collector}, ${JSON.stringify(value)}, ${at} from device_desired`.execute(trx);
  });
}

const healthSaid = {
  agent: { version: '1.0.0', residentBytes: 75e6, cpuPercent: 0.4, startedAt: 1, spooledRecords: 0 },
  os: { name: 'Debian GNU/Linux', version: '13.1', bootedAt: 1, bootSeconds: 21 },
};
