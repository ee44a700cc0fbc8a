import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFiles } from '../../../server/people/source.ts';
import {
  csv,
  district11,
  manifest11,
  openRosterDesk,
  type RosterDesk,
  user11,
  usersCsv11,
  zipOf,
} from '../../fakes/roster-desk.ts';

const secrets = [
  'Passw0rd-Secret',
  '+1-555-0100-Phone',
  '+1-555-0101-Sms',
  'Middle-Secret',
  'agent-secret',
  'local-secret',
];
const privateUser = user11('s1', {
  password: 'Passw0rd-Secret',
  phone: '+1-555-0100-Phone',
  sms: '+1-555-0101-Sms',
  middleName: 'Middle-Secret',
  agentSourcedIds: 'agent-secret',
  userIds: '{LDAP:local-secret}',
});
const files = (mode: string) =>
  district11({
    'manifest.csv': manifest11({ demographics: mode }),
    'users.csv': usersCsv11(
      privateUser,
      user11('t1', { role: 'teacher', orgSourcedIds: 'nowhere', password: 'Passw0rd-Secret' }),
    ),
    'demographics.csv': csv(['sourcedId', 'birthDate', 'sex'], ['s1', '2014-02-03-Secret', 'secret-sex']),
  });

describe('what is never read', () => {
  let desk: RosterDesk;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-private-'));
    desk = await openRosterDesk(join(folder, 'store.sqlite'));
  });
  afterEach(async () => {
    await desk.close();
    await rm(folder, { recursive: true });
  });

  it.each(['absent', 'bulk'])('demographics.csv is never opened, although the manifest says %s', async (mode) => {
    const opened: string[] = [];
    const source = openFiles(new Map(files(mode)));
    const watched = {
      ...source,
      open: (name: string) => {
        opened.push(name);
        return source.open(name);
      },
    };
    await desk.rosters.importFiles(watched, { mode: 'lenient', dryRun: false, confirm: false }, 'command line');
    expect(opened.toSorted()).toEqual([
      'academicSessions.csv',
      'classes.csv',
      'enrollments.csv',
      'manifest.csv',
      'orgs.csv',
      'users.csv',
    ]);
  });

  it('a zip whose demographics are damaged beyond reading imports all the same', async () => {
    const zip = await zipOf([...files('bulk')]);
    const start = zip.indexOf('demographics.csv') + 16;
    zip.fill(0xff, start, start + 40);
    expect((await desk.importZip(zip, { mode: 'lenient' })).applied).toBe(true);
  });

  it('passwords, phone numbers and the like are in no result, no event and not in the database', async () => {
    const strict = await desk.importFiles(files('absent'));
    const result = await desk.importFiles(files('absent'), { mode: 'lenient' });
    expect(result.applied).toBe(true);
    await desk.db.destroy();
    const stored = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'latin1')));
    const everything = [JSON.stringify([strict, result, desk.said]), ...stored].join('\n');
    expect(everything).toContain('Givens1');
    for (const secret of [...secrets, '2014-02-03-Secret', 'secret-sex']) expect(everything).not.toContain(secret);
    desk = await openRosterDesk(join(folder, 'store.sqlite'));
  });

  it('a folder may hold what else it likes', async () => {
    const roster = await mkdtemp(join(folder, 'roster-'));
    for (const [name, text] of files('absent')) await writeFile(join(roster, name), text);
    await writeFile(join(roster, 'notes.docx'), Buffer.alloc(100, 0));
    expect((await desk.importPath(roster, { mode: 'lenient' })).applied).toBe(true);
  });
});
