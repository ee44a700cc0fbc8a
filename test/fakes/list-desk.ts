import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Artifacts } from '../../server/filter/artifacts.ts';
import type { FetchList } from '../../server/filter/fetch-list.ts';
import { ListService } from '../../server/filter/list-service.ts';
import { RolloutService } from '../../server/rollouts/rollout-service.ts';
import { GroupStore } from '../../server/store/groups.ts';
import { RolloutFactStore } from '../../server/store/rollout-facts.ts';
import { RolloutStore } from '../../server/store/rollouts.ts';
import { openPolicyDistrict, type PolicyDistrict } from './policy-district.ts';

export type ListDesk = Awaited<ReturnType<typeof openListDesk>>;

/** A district whose lists are looked after by the real service: real store and artefacts, a source that is told what to give. */
export async function openListDesk() {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-lists-'));
  const district: PolicyDistrict = await openPolicyDistrict();
  const { db, events, bus, clock, random, isConnected, errors } = district;
  const stores = {
    ...district.stores,
    groups: new GroupStore(db),
    rollouts: new RolloutStore(db),
    rolloutFacts: new RolloutFactStore(db),
  };
  const desk = {
    district,
    folder,
    artifacts: join(folder, 'artifacts'),
    essentials: [] as string[],
    /** What the source gives; a text is a list, an error is thrown. */
    source: '' as string | Error,
    etag: null as string | null,
    asked: [] as string[],
    lists: undefined as unknown as ListService,
    rollouts: undefined as unknown as RolloutService,
    look,
    reopen,
    close,
    take,
    names,
    useOn,
    report,
    hashesOf,
    published,
  };
  const fetchList: FetchList = async (url, known) => {
    desk.asked.push(url);
    if (desk.source instanceof Error) throw desk.source;
    if (desk.etag !== null && known.etag === desk.etag) return { changed: false };
    return { changed: true, content: Buffer.from(desk.source), etag: desk.etag, lastModified: null };
  };
  await reopen();

  async function reopen(): Promise<void> {
    await desk.lists?.stop();
    await desk.rollouts?.stop();
    desk.rollouts = new RolloutService({
      ...{ stores, events, bus, clock, isConnected, settled: () => district.desired.settled() },
      prepareList: (category, action) => desk.lists.prepareAction(category, action),
      onError: (error) => errors.push(error),
    });
    desk.lists = new ListService({
      ...{ stores, events, bus, clock, random, fetchList, rollouts: () => desk.rollouts },
      artifacts: new Artifacts(desk.artifacts, random),
      essentials: async () => desk.essentials,
      onError: (error) => errors.push(error),
    });
    district.useLists(desk.lists);
    await desk.lists.start();
  }

  /** What the timers do each minute, at once. */
  async function look(): Promise<void> {
    await desk.rollouts.look();
    await desk.lists.look();
  }

  async function close(): Promise<void> {
    await desk.lists.stop();
    await desk.rollouts.stop();
    await district.close();
    await rm(folder, { recursive: true });
  }

  /** Imports as a person does. */
  function take(text: string | Uint8Array, about = {}, category = 'gambling') {
    return desk.lists.import(category, typeof text === 'string' ? Buffer.from(text) : text, about, 'staff:Kim');
  }

  /** A list of so many names. */
  function names(count: number, word = 'site'): string {
    return Array.from({ length: count }, (_, i) => `${word}-${i}.example`).join('\n');
  }

  /** So many devices that block these categories, all connected. */
  async function useOn(devices: number, categories: string | string[] = 'gambling'): Promise<string[]> {
    const ids = Array.from({ length: devices }, (_, i) => `device-${i}`);
    await district.addDevices(ids);
    for (const id of ids) district.connected.add(id);
    await district.desired.start();
    await published({ blockedCategories: [categories].flat() });
    return ids;
  }

  async function published(webFilter: { blockedCategories: string[] }): Promise<void> {
    await district.publish('p', { webFilter }, { kind: 'everyone' });
  }

  /** These devices report about the section they should hold. */
  async function report(ids: readonly string[], status: 'verified' | 'failed'): Promise<void> {
    await district.desired.settled();
    for (const id of ids) {
      const { generation, signed } = await district.desired.forDevice(id);
      const { sections } = JSON.parse(signed.manifest) as { sections: { webFilter: string } };
      const row = { generation, hash: sections.webFilter, status, failure: null, evidence: '[]', at: clock.now() };
      await district.db
        .insertInto('reported_section')
        .values({ device_id: id, section: 'webFilter', ...row })
        .onConflict((conflict) => conflict.columns(['device_id', 'section']).doUpdateSet(row))
        .execute();
    }
  }

  /** The version of the category each device should hold → the devices. */
  async function hashesOf(ids: readonly string[], category = 'gambling'): Promise<Map<string, string[]>> {
    const versionsOf = await desk.lists.versions();
    return Map.groupBy(ids, (id) => versionsOf(id).get(category)?.hash ?? '');
  }

  return desk;
}
