import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../../shared/errors/catalogue.ts';
import { type RolloutAction, ringsWithNew } from '../../../../shared/policy/rollout.ts';
import { halves, openRolloutDesk, type RolloutDesk } from '../../../fakes/rollout-desk.ts';

const actions: RolloutAction[] = ['pause', 'resume', 'stop', 'finish', 'roll-back'];

const steps = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), onHalt: fc.constantFrom('hold' as const, 'return' as const) }),
  fc.record({ kind: fc.constant('act' as const), action: fc.constantFrom(...actions) }),
  fc.record({ kind: fc.constant('report' as const), status: fc.constantFrom('verified' as const, 'failed' as const) }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 61) }),
  fc.record({ kind: fc.constantFrom('join' as const, 'revoke' as const, 'move' as const, 'restart' as const) }),
);
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** A district in which whatever may happen to a rollout happens. */
class Story {
  desk: RolloutDesk;
  readonly #path: string;
  #minutes = 10;
  #joined = 0;

  constructor(desk: RolloutDesk, path: string) {
    this.desk = desk;
    this.#path = path;
  }

  /** Refusals in words are answers like others. */
  async take(step: Step): Promise<void> {
    this.desk.clock.advance(1_000);
    await this.#take(step).catch((error: unknown) => {
      if (!(error instanceof CodedError)) throw error;
    });
    await this.desk.district.desired.settled();
  }

  async #take(step: Step): Promise<void> {
    const { desk } = this;
    const [latest] = (await desk.stores.rollouts.page({})).items;
    if (step.kind === 'publish') {
      this.#minutes += 1;
      await desk.publish({ ...halves, onHalt: step.onHalt }, { screenLock: { idleMinutes: this.#minutes } });
    } else if (step.kind === 'act') await desk.rollouts.act(latest?.id ?? '', step.action, 'because', 'staff:Kim');
    else if (step.kind === 'report') await desk.report(await this.active(), step.status);
    else if (step.kind === 'wait') await desk.later(step.minutes);
    else if (step.kind === 'restart') await this.#restart();
    else await this.#change(step.kind);
  }

  async #change(kind: 'join' | 'revoke' | 'move'): Promise<void> {
    const { district } = this.desk;
    this.#joined += 1;
    const [first = ''] = await this.active();
    const id = kind === 'join' ? `newcomer-${this.#joined}` : first;
    if (kind === 'join') await district.addDevices([id]);
    else if (kind === 'move') await district.give(id, 'ada');
    else await district.db.updateTable('device').set({ status: 'revoked' }).where('id', '=', id).execute();
    district.bus.publish('device-changed', { deviceIds: [id] });
  }

  async #restart(): Promise<void> {
    const { clock } = this.desk;
    await this.desk.close();
    this.desk = await openRolloutDesk({ path: this.#path, clock, devices: 12 });
    await this.desk.district.desired.start();
    await this.desk.rollouts.look();
  }

  async active(): Promise<string[]> {
    const rows = this.desk.district.db.selectFrom('device').select('id').where('status', '=', 'active').orderBy('id');
    return (await rows.execute()).map(({ id }) => id);
  }

  /** Each device holds what rings, state and revisions say, whatever came before; and no two rollouts live. */
  async check(): Promise<void> {
    const { desk } = this;
    const { db, desired } = desk.district;
    const live = await desk.stores.rollouts.live();
    expect(live.length).toBeLessThanOrEqual(1);
    const [latest] = (await desk.stores.rollouts.page({})).items;
    const record = await desk.stores.profiles.findByName('Locks');
    const [item] = latest?.items ?? [];
    if (latest?.state.kind === 'rolled-back') expect(record?.published?.number).toBe(item?.from);
    else if (latest) expect(record?.published?.number).toBe(item?.to);
    const rows = await db
      .selectFrom('rollout_device')
      .selectAll()
      .where('rollout_id', '=', latest?.id ?? '')
      .execute();
    const rings = new Map(rows.map(({ device_id, ring }) => [device_id, ring]));
    const open = latest ? ringsWithNew(latest.state) : Number.POSITIVE_INFINITY;
    for (const id of await this.active()) {
      const isGiven = (rings.get(id) ?? halves.rings.length) <= open;
      const number = item ? Number(isGiven ? item.to : item.from) : 1;
      const revision = await desk.stores.profiles.revision(record?.id ?? '', number);
      const { sections } = JSON.parse((await desired.forDevice(id)).signed.manifest) as {
        sections: { screenLock?: string };
      };
      const section = await desired.section(sections.screenLock ?? '');
      expect(JSON.parse(section ?? '{}')).toMatchObject(revision?.settings.screenLock ?? {});
    }
    expect(desk.errors).toEqual([]);
  }
}

describe('a rollout, whatever happens in whatever order', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-sequences-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('leaves every device with the revision that its ring and the state say', async () => {
    let stories = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 4, maxLength: 14 }), async (sequence) => {
        stories += 1;
        const path = join(folder, `${stories}.db`);
        const story = new Story(await openRolloutDesk({ path, devices: 12 }), path);
        try {
          await story.desk.furnish();
          for (const step of [{ kind: 'publish', onHalt: 'return' } as const, ...sequence]) {
            await story.take(step);
            await story.check();
          }
        } finally {
          await story.desk.close();
        }
      }),
      { numRuns: 4 },
    );
  }, 60_000);
});
