import { sql } from 'kysely';
import { usualPlan } from '../../shared/policy/rollout-plan.ts';
import { FakeClock } from '../fakes/clock.ts';
import { openPolicyDistrict, type PolicyDistrict } from '../fakes/policy-district.ts';
import { changes as changesOf, publishAll } from './policy.ts';
import { reportAll } from './policy-evidence.ts';

const [rollouts, changes, deliveries] = [120, 600, 5_000];
const states = ['completed', 'completed', 'halted', 'rolled-back'];

/**
 * What the district has published, and what its devices made of it: every device holds a state and has reported all of it.
 * A year of changes and rollouts; those of the last days have their devices. Returns the id of a profile and of a group.
 */
export async function fillPolicy(path: string, now: number, devices: number) {
  const district = await openPolicyDistrict(path, new FakeClock(now));
  try {
    const ids = await publishAll(district, devices);
    await district.desired.start();
    await reportAll(district.db, now);
    const [profile = '', group = ''] = [ids['profile District filter'], ids.Staff];
    const broad = changesOf(ids)['a broad change'];
    if (!broad) throw new Error('the policy bench knows no broad change');
    const { preview } = await district.previews.of([broad]);
    await fillPast(district, profile, JSON.stringify({ preview, effect: {}, calendars: {} }), now);
    return { profile, group };
  } finally {
    await district.close();
  }
}

export type PolicyIds = Awaited<ReturnType<typeof fillPolicy>>;

async function fillPast({ db }: PolicyDistrict, profile: string, preview: string, now: number): Promise<void> {
  const items = JSON.stringify([{ kind: 'profile', id: profile, from: 1, to: 1 }]);
  const proposed = JSON.stringify([
    { kind: 'profile', id: profile, name: 'District filter', fromRevision: 1, version: 1, content: null },
  ]);
  const numbers = (count: number) =>
    sql`with recursive one(n) as (select 0 union all select n + 1 from one where n + 1 < ${count})`;
  const state = sql`case n % 4 ${sql.join(
    states.map((name, at) => sql`when ${at} then ${name}`),
    sql` `,
  )} end`;
  const at = (count: number) => sql`${now} - (${count} - n) * ${Math.floor(31_536_000_000 / count)}`;
  await db.transaction().execute(async (trx) => {
    await sql`insert into rollout (id, kind, title, items, plan, state, ring, since, reason, returned, ring_sizes,
        started_at, ended_at, by_actor, change_id) ${numbers(rollouts)}
      select 'rollout-' || n, 'policy', 'District filter', ${items}, ${JSON.stringify(usualPlan)}, ${state}, 4, ${at(rollouts)},
        null, 0, '[1,10,30,59,0]', ${at(rollouts)}, ${at(rollouts)}, 'staff:Technician 1', null from one`.execute(trx);
    await sql`insert into rollout_device (rollout_id, device_id, ring, given_at, before)
      select ${`rollout-${rollouts - 1}`}, id, 1 + rowid % 4, ${now}, null from device`.execute(trx);
    await sql`insert into rollout_decision (rollout_id, at, by_actor, from_state, to_state, ring, words, evidence)
      ${numbers(rollouts * 8)} select 'rollout-' || (n / 8), ${now}, 'server', 'running', 'running', 1, 'It goes on.', '{}'
      from one`.execute(trx);
    await sql`insert into policy_change (id, title, note, state, items, plan, preview, fingerprint, by_staff, by_actor, at,
        publish_at, ended_at, rollout_id, held) ${numbers(changes)}
      select 'change-' || n, 'A change', '', 'published', ${proposed}, null, ${preview}, 'print', 'staff-1', 'staff:Technician 1',
        ${at(changes)}, null, ${at(changes)}, null, null from one`.execute(trx);
    await sql`insert into policy_change_item (change_id, kind, item_id, revision) ${numbers(changes)}
      select 'change-' || n, 'profile', ${profile}, 1 from one`.execute(trx);
    await sql`insert into webhook (id, name, url, secret, events, active, created_at, created_by)
      values ('webhook-0', 'Pager', 'https://pager.example/', 'x', '[]', 0, 1, 'bench')`.execute(trx);
    await sql`insert into webhook_delivery (id, webhook_id, event, body, at, queued_at, state, attempts) ${numbers(deliveries)}
      select 'delivery-' || n, 'webhook-0', 'verdict-changed', '{}', ${now} - n, ${now} - n, 'delivered', 1 from one`.execute(
      trx,
    );
  });
}
