import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyPlan } from '../../../shared/api/schemas.ts';
import { PolicyServer, reader } from '../../fakes/policy-pair.ts';
import { rollcallHere } from '../../fakes/running-server.ts';

let a: PolicyServer;
let b: PolicyServer;
let folder: string;
beforeAll(async () => {
  a = await PolicyServer.start();
  b = await PolicyServer.start();
  await a.fillPolicy();
  folder = join(mkdtempSync(join(tmpdir(), 'rollcall-policy-')), 'policy');
}, 120_000);
afterAll(async () => {
  await a?.stop();
  await b?.stop();
  if (folder) rmSync(join(folder, '..'), { recursive: true });
});

const at = (on: PolicyServer, ...words: string[]) => rollcallHere(...words, '--home', on.server.home);

async function planOf(on: PolicyServer, ...words: string[]): Promise<PolicyPlan & { code: number | null }> {
  const { code, stdout, stderr } = await at(on, ...words, '--json');
  if (stdout === '') throw new Error(stderr);
  return { ...(JSON.parse(stdout) as PolicyPlan), code };
}

const changedIn = ({ steps }: PolicyPlan) =>
  steps
    .filter(({ action }) => action !== 'unchanged')
    .map(({ kind, name, action, state }) => `${action} ${kind} ${name}: ${state}`);

function edit(file: string, from: string | RegExp, to: string): void {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  if (after === before) throw new Error(`${file} does not hold ${from}`);
  writeFileSync(path, after);
}

function bytesOf(of: string): Record<string, string> {
  const files = readdirSync(of, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.endsWith('state.json'));
  return Object.fromEntries(paths.map((path) => [path.slice(of.length), readFileSync(path, 'base64')]));
}

describe('the policy as a folder', { timeout: 60_000 }, () => {
  it('is exported with a file for each document, schemas and the compiled names', async () => {
    expect(await at(a, 'export', folder)).toMatchObject({ code: 0, stderr: '' });
    expect(readdirSync(folder).toSorted()).toEqual([
      '.rollcall',
      'calendars',
      'compliance.yaml',
      'filter.yaml',
      'groups',
      'lists',
      'profiles',
      'publishing.yaml',
      'schemas',
    ]);
    expect(readdirSync(join(folder, 'groups')).toSorted()).toEqual(['high-school.yaml', 'readers.yaml']);
    expect(readFileSync(join(folder, 'compliance.yaml'), 'utf8')).toContain('profile: Only school sites');
  });

  it('is the same bytes when it is exported again', async () => {
    const before = bytesOf(folder);
    await at(a, 'export', folder);
    expect(bytesOf(folder)).toEqual(before);
  });

  it('changes nothing where it came from', async () => {
    const plan = await planOf(a, 'apply', folder);
    expect(plan.code).toBe(0);
    expect(changedIn(plan)).toEqual([]);
    expect(plan.steps.length).toBeGreaterThan(12);
  });

  it('says what it would do to an empty server, and whom it would change, and changes nothing', async () => {
    const plan = await planOf(b, 'apply', folder, '--dry-run', '--prune');
    expect(plan.problems).toEqual([]);
    expect(changedIn(plan)).toContain('create profile Exams: planned');
    expect(plan.preview).toMatchObject({ devices: 6, people: 5, percent: 100 });
    expect((await b.client.call('listProfiles')).items).toEqual([]);
    expect((await b.client.call('listLists')).items).toEqual([]);
  });

  it('waits for a second person where the policy has a locked minimum, and goes on when it is approved', async () => {
    const first = await planOf(b, 'apply', folder, '--note', 'Moved house');
    expect(first.code).toBe(5);
    expect(first.change).toMatchObject({ published: false, needs: [expect.stringContaining('Locked minimum')] });
    expect(changedIn(first)).toContain('update compliance compliance: waits');
    const again = await planOf(b, 'apply', folder);
    expect(again.change?.id).toBe(first.change?.id);
    await b.approve(first.change?.id ?? '');
    const approved = await planOf(b, 'apply', folder);
    expect(approved).toMatchObject({ code: 0, change: { id: first.change?.id, published: true } });
    const view = await b.client.call('readChange', { params: { id: first.change?.id ?? '' } });
    expect(view).toMatchObject({ note: 'Moved house', change: { state: 'published' } });
  });

  it('gives every device of the other server the same desired state', async () => {
    const [here, there] = [await a.desired(), await b.desired()];
    expect(Object.keys(there)).toHaveLength(6);
    expect(new Set(Object.values(there)).size).toBeGreaterThan(3);
    expect(there).toEqual(here);
    expect(changedIn(await planOf(b, 'apply', folder))).toEqual([]);
  });

  it('is not written over what somebody changed in the console, unless that is said', async () => {
    await b.publish('School browsers', 'Browser settings for everybody', {
      settings: { browser: { safeSearch: true, homePage: 'https://elsewhere.example/' } },
      assignments: [{ to: { kind: 'everyone' }, priority: 50 }],
    });
    edit('profiles/school-browsers.yaml', 'priority: 50', 'priority: 60');
    const refused = await at(b, 'apply', folder);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/profile School browsers: changed on the server by command line on 20\d\d-/);
    const forced = await planOf(b, 'apply', folder, '--overwrite');
    expect(forced.code).toBe(0);
    expect(changedIn(forced)).toEqual(['update profile School browsers: done']);
    expect(forced.steps.find(({ name }) => name === 'School browsers')?.differences).toContain(
      'settings.browser.homePage: https://elsewhere.example/ → https://www.maple-county.example/',
    );
  });

  it('is applied again and again by a pipeline that never writes its lock file back', async () => {
    const lock = readFileSync(join(folder, '.rollcall/state.json'));
    for (const priority of ['61', '62']) {
      writeFileSync(join(folder, '.rollcall/state.json'), lock);
      edit('profiles/school-browsers.yaml', /priority: \d+/, `priority: ${priority}`);
      expect(changedIn(await planOf(b, 'apply', folder))).toEqual(['update profile School browsers: done']);
    }
  });

  it('takes away what is not in it only when asked, and not what is in use', async () => {
    rmSync(join(folder, 'profiles/exams.yaml'));
    expect(changedIn(await planOf(b, 'apply', folder))).toEqual([]);
    expect(changedIn(await planOf(b, 'apply', folder, '--prune'))).toEqual(['remove profile Exams: done']);
    const { items } = await b.client.call('listProfiles');
    expect(items.find(({ name }) => name === 'Exams')).toMatchObject({ assignments: [], deviceCount: 0 });
    expect(changedIn(await planOf(b, 'apply', folder, '--prune'))).toEqual([]);
    rmSync(join(folder, 'groups/readers.yaml'));
    const used = await at(b, 'apply', folder, '--prune');
    expect(used).toMatchObject({ code: 4, stderr: expect.stringContaining('there is no group “Readers”') });
  });

  it('takes away most of the policy only when that is said, whatever the folder knows', async () => {
    const whole = join(folder, '..', 'whole');
    cpSync(folder, whole, { recursive: true });
    for (const name of ['profiles', 'groups', 'calendars', 'lists']) rmSync(join(folder, name), { recursive: true });
    for (const name of ['compliance.yaml', 'publishing.yaml']) rmSync(join(folder, name));
    expect((await planOf(b, 'diff', folder, '--prune')).warnings).toContainEqual(expect.stringMatching(/--yes/));
    const refused = await at(b, 'apply', folder, '--prune');
    expect(refused).toMatchObject({ code: 4, stderr: expect.stringMatching(/take away \d+ of the \d+ .*--yes/) });
    expect((await b.client.call('listProfiles')).items.some(({ deviceCount }) => deviceCount > 0)).toBe(true);
    rmSync(folder, { recursive: true });
    renameSync(whole, folder);
    expect(changedIn(await planOf(b, 'diff', folder))).not.toContainEqual(expect.stringMatching(/profile/));
  });

  const wrong: [string, () => void, RegExp][] = [
    [
      'a name that the server would write otherwise',
      () => edit('profiles/school-browsers.yaml', 'name: School browsers', 'name: "School browsers "'),
      /profiles\/school-browsers\.yaml: its name begins or ends with a space/,
    ],
    [
      'a bad value, by file and line',
      () =>
        edit('profiles/school-browsers.yaml', 'name: "School browsers "', 'name: School browsers') ??
        edit('filter.yaml', /requestHours: \d+/, 'requestHours: soon'),
      /filter\.yaml, line \d+: \/requestHours/,
    ],
    [
      'a unit nobody knows, by file',
      () =>
        edit('filter.yaml', 'requestHours: soon', 'requestHours: 24') ??
        edit('groups/high-school.yaml', /org: \S+/, 'org: nowhere'),
      /groups\/high-school\.yaml: the roster has no unit nowhere/,
    ],
  ];
  it.each(wrong)('is refused whole for %s', async (_, spoil, words) => {
    spoil();
    const refused = await at(b, 'apply', folder);
    expect(refused.stderr).toMatch(words);
    expect(refused.code).toBe(4);
  });

  it('refuses a folder of something else, and names that were changed on the way', async () => {
    const other = mkdtempSync(join(folder, '..', 'other-'));
    writeFileSync(join(other, 'notes.txt'), 'mine');
    expect(await at(b, 'export', other)).toMatchObject({ code: 4, stderr: expect.stringMatching(/something else/) });
    expect(await at(b, 'diff', other)).toMatchObject({ code: 4, stderr: expect.stringMatching(/holds no policy/) });
    const upload = { bytes: new TextEncoder().encode('not names'), type: 'application/octet-stream' };
    const given = b.client.call('giveListArtifact', { params: { hash: 'a'.repeat(64) }, upload });
    await expect(given).rejects.toMatchObject({ code: 'bad-list' });
  });
});

describe('rollcall explain', { timeout: 60_000 }, () => {
  it('says where a value comes from, what it beat and why, since when and by whom', async () => {
    const said = await at(a, 'explain', reader, 'screenLock');
    expect(said).toMatchObject({ code: 0, stderr: '' });
    expect(said.stdout).toMatch(/laptop d-\S+, which /);
    expect(said.stdout).toMatch(
      /screenLock\.idleMinutes +8 minutes +Locked minimum \(revision 1\) +locked minimum +20\d\d-/,
    );
    expect(said.stdout).toMatch(/beaten +10 minutes +Security baseline.*strictest wins: 8 minutes is stricter than 10/);
    expect(said.stdout).not.toContain('browser.');
  });

  it('answers as the API does, with since when the device is to hold it', async () => {
    const { stdout } = await at(a, 'explain', reader, `d-${reader}`, 'screenLock.idleMinutes', '--json');
    const [explanation] = JSON.parse(stdout) as { settings: { value: number; heldSince: string; from: object[] }[] }[];
    expect(explanation?.settings).toMatchObject([
      { value: 8, heldSince: expect.stringMatching(/^20/), from: [{ by: 'command line', rank: 'locked minimum' }] },
    ]);
    const asked = await a.client.call('explainDevice', {
      params: { id: `d-${reader}` },
      query: { setting: 'screenLock.idleMinutes' },
    });
    expect(asked).toEqual(explanation);
  });

  it.each([
    ['a person nobody knows', ['nobody-at-all'], 4, /no person nobody-at-all/],
    ['a device nobody knows', [reader, 'd-none'], 4, /no device d-none/],
    ['a device of somebody else', [reader, 'd-nobody'], 4, /does not have the device d-nobody/],
    ['a setting nobody knows', [reader, 'browser.wings'], 4, /has no setting “wings”/],
    ['nobody', [], 2, /explain PERSON/],
  ])('answers %s in words', async (_, words, code, said) => {
    const { stderr, code: ended } = await at(a, 'explain', ...words);
    expect(stderr).toMatch(said);
    expect(ended).toBe(code);
  });
});
