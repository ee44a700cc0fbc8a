import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DesiredStore, type SignedState } from '../../server/store/desired.ts';
import { ListStore } from '../../server/store/lists.ts';
import { openStore } from '../../server/store/open.ts';
import { ProfileStore, publishProfile } from '../../server/store/profiles.ts';

const revision = {
  settings: { browser: { youtube: 'strict' as const } },
  assignments: [{ to: { kind: 'everyone' as const }, priority: 100 }],
  publishedAt: 5,
  by: 'staff:Kim',
  note: 'n',
};
const hash = (digit: string) => digit.repeat(64);

function state(generation: number, section: string, createdAt = generation): SignedState {
  const manifest = JSON.stringify({ sections: { browser: section } });
  return { generation, contentHash: section, signed: { manifest, signature: 's', keyId: 'k' }, createdAt };
}

describe.each(['memory', 'file'])('the stores of policy in %s', (kind) => {
  let folder: string;
  let path: string;
  let db: Awaited<ReturnType<typeof openStore>>;
  let profiles: ProfileStore;
  let desired: DesiredStore;

  const reopen = async () => {
    db = await openStore(path);
    profiles = new ProfileStore(db);
    desired = new DesiredStore(db);
  };
  const publish = (next: typeof revision, id = 'p') =>
    db.transaction().execute((trx) => publishProfile(trx, id, next, 1));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-policy-'));
    path = kind === 'memory' ? ':memory:' : join(folder, 'store.db');
    await reopen();
    await profiles.insert({ id: 'p', name: 'Filter', description: '', createdAt: 1 });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(folder, { recursive: true });
  });

  it('find a profile by id and by name', async () => {
    expect(await profiles.find('p')).toEqual({
      id: 'p',
      name: 'Filter',
      description: '',
      draft: null,
      version: 1,
      published: null,
    });
    expect((await profiles.findByName('Filter'))?.id).toBe('p');
    expect(await profiles.findByName('filter')).toBeUndefined();
    expect(await profiles.find('q')).toBeUndefined();
  });

  it('refuse a second profile of the same name', async () => {
    await expect(profiles.insert({ id: 'q', name: 'Filter', description: '', createdAt: 1 })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await profiles.list()).toHaveLength(1);
  });

  it('let one of two writers with the same version through', async () => {
    const draft = { settings: {}, assignments: [] };
    const both = await Promise.allSettled([profiles.saveDraft('p', draft, 1), profiles.saveDraft('p', null, 1)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await profiles.find('p'))?.version).toBe(2);
  });

  it.each([
    ['changed-meanwhile', 'p', 9],
    ['not-found', 'q', 1],
  ])('answer %s and save nothing', async (code, id, version) => {
    const draft = { settings: {}, assignments: [] };
    await expect(profiles.saveDraft(id, draft, version)).rejects.toMatchObject({ code });
    expect((await profiles.find(id))?.draft ?? null).toBeNull();
  });

  it('publish no profile that is not there', async () => {
    await expect(publish(revision, 'q')).rejects.toMatchObject({ code: 'not-found' });
    expect(await profiles.revisions('q')).toEqual([]);
  });

  it('number revisions from 1 and list the published one’s assignments', async () => {
    expect(await publish(revision)).toBe(1);
    expect(await publish({ ...revision, note: 'again' })).toBe(2);
    expect((await profiles.revisions('p')).map(({ number }) => number)).toEqual([2, 1]);
    expect(await profiles.assignments()).toEqual([
      { ...revision.assignments[0], profileId: 'p', profile: 'Filter', revision: 2, settings: revision.settings },
    ]);
  });

  it('commit a pass whole or not at all', async () => {
    const device = {
      deviceId: 'd',
      generation: 5,
      contentHash: hash('a'),
      scope: ['everyone'],
      since: 5,
      sectionSince: { browser: 4 },
    };
    const pass = {
      sections: new Map([[hash('a'), '{}']]),
      states: [state(5, hash('a'))],
      devices: [device],
      removed: [],
    };
    await desired.commit(pass);
    expect(await desired.ofDevice('d')).toEqual(device);
    const other = { ...pass, sections: new Map([[hash('b'), '{}']]), devices: [{ ...device, since: 6 }] };
    await expect(desired.commit(other)).rejects.toThrow();
    expect(await desired.section(hash('b'))).toBeUndefined();
    expect(await desired.ofDevice('d')).toEqual(device);
  });

  it('write devices that are new, stay in their scope and leave it, together', async () => {
    const device = (deviceId: string, generation: number, ...scope: string[]) => ({
      ...{ deviceId, generation, contentHash: hash(String(generation)), scope, since: generation },
      sectionSince: { browser: generation },
    });
    const write = (...devices: ReturnType<typeof device>[]) =>
      desired.commit({ sections: new Map(), states: [], devices, removed: [] });
    await write(device('stays', 5, 'everyone'), device('leaves', 5, 'everyone'));
    const next = [device('stays', 6, 'everyone'), device('leaves', 6, 'role:student'), device('new', 6)];
    await write(...next);
    expect([...(await desired.ofDevices(['stays', 'leaves', 'new'])).values()]).toEqual(
      next.toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1)),
    );
  });

  it('find the newest generation of a content, by key', async () => {
    const states = [state(5, hash('a')), state(7, hash('a')), state(6, hash('b'))];
    await desired.commit({ sections: new Map(), states, devices: [], removed: [] });
    expect(await desired.newestOfContents([hash('a'), hash('c')], 'k')).toEqual(new Map([[hash('a'), 7]]));
    expect(await desired.newestOfContents([hash('a')], 'another key')).toEqual(new Map());
    expect(await desired.lastGeneration()).toBe(7);
  });

  it('forget a device', async () => {
    const device = { deviceId: 'd', generation: 5, contentHash: hash('a'), scope: [], since: 5, sectionSince: {} };
    await desired.commit({ sections: new Map(), states: [], devices: [device], removed: [] });
    await desired.commit({ sections: new Map(), states: [], devices: [], removed: ['d', 'e'] });
    expect(await desired.ofDevices(['d'])).toEqual(new Map());
  });

  it('count devices by scope', async () => {
    const device = (deviceId: string, scope: string[]) => ({
      deviceId,
      generation: 5,
      contentHash: hash('a'),
      scope,
      since: 5,
      sectionSince: {},
    });
    const devices = [device('a', ['everyone']), device('b', ['everyone']), device('c', [])];
    await desired.commit({ sections: new Map(), states: [], devices, removed: [] });
    expect((await desired.scopeCounts()).toSorted((a, b) => a.devices - b.devices)).toEqual([
      { scope: [], devices: 1 },
      { scope: ['everyone'], devices: 2 },
    ]);
  });

  it('replace a list whole', async () => {
    const lists = new ListStore(db);
    const list = {
      category: 'c',
      title: 't',
      source: 's',
      licence: 'l',
      hash: hash('a'),
      bytes: 1,
      names: 2,
      skipped: 0,
      canary: 'a.example',
      format: 'hosts',
      ownExceptions: ['b.example'],
      exceptions: ['c.example'],
      subscription: null,
      updatedAt: 3,
    };
    const heard = { etag: '"x"', lastModified: null, refreshedAt: 5, problem: 'silent' };
    const fetched = { ...list, subscription: { url: 'https://lists.example/c', refreshHours: 24, ...heard } };
    await lists.replace(list);
    await lists.replace({ ...fetched, canary: null, names: 9 });
    expect(await lists.list()).toEqual([{ ...fetched, canary: null, names: 9 }]);
    expect(await lists.find('d')).toBeUndefined();
    expect(await lists.known(['c', 'd'])).toEqual(new Set(['c']));
    const { hash: fromHash, bytes, names, skipped, canary, format, ownExceptions, updatedAt } = list;
    const from = { hash: fromHash, bytes, names, skipped, canary, format, ownExceptions, updatedAt };
    const rollout = { category: 'c', from, toHash: hash('b'), added: 1, removed: 2, state: 'halted', ring: 1 } as const;
    await lists.replace(list, { ...rollout, since: 6, startedAt: 4, reason: 'why' });
    await lists.replace({ ...list, names: 3 });
    expect(await lists.rollouts()).toEqual([{ ...rollout, since: 6, startedAt: 4, reason: 'why' }]);
    await lists.replace(list, null);
    expect(await lists.rollout('c')).toBeUndefined();
    await lists.delete('c');
    expect(await lists.list()).toEqual([]);
  });

  it.runIf(kind === 'file')('hold everything when opened again', async () => {
    await publish(revision);
    await desired.commit({ sections: new Map(), states: [state(5, hash('a'))], devices: [], removed: [] });
    await db.destroy();
    await reopen();
    expect((await profiles.find('p'))?.published).toEqual({ ...revision, number: 1 });
    expect(await desired.lastGeneration()).toBe(5);
  });
});
