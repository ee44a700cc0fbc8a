/*
 * Run by applications.test.ts on a host with packages of its own: real apt and dpkg, and a source of packages made here.
 * Prints what was seen.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createApplications } from '../../../agent/capabilities/applications/index.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import type { ApplicationsSettings } from '../../../shared/profile/applications.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const commands = new SystemCommands();
async function run(path: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await commands.run(path, args, { timeoutMs: 60_000 });
  if (code !== 0) throw new Error(`${path} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
const source = '/mnt/source';
async function make(name: string, version: string, more = ''): Promise<void> {
  const folder = `/mnt/build/${name}`;
  mkdirSync(`${folder}/DEBIAN`, { recursive: true });
  mkdirSync(`${folder}/usr/share/${name}`, { recursive: true });
  mkdirSync(`${folder}/etc/${name}`, { recursive: true });
  writeFileSync(`${folder}/usr/share/${name}/program`, `${name} ${version}\n`);
  writeFileSync(`${folder}/etc/${name}/settings`, 'as packaged\n');
  writeFileSync(`${folder}/DEBIAN/conffiles`, `/etc/${name}/settings\n`);
  const control = `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: Test <test@example.org>\n${more}Description: made for a test\n`;
  writeFileSync(`${folder}/DEBIAN/control`, control);
  await run('/usr/bin/dpkg-deb', '--root-owner-group', '-b', folder, `${source}/${name}_${version}.deb`);
}
mkdirSync(source, { recursive: true });
await make('demo-library', '1.0');
await make('demo-writer', '2.0', 'Depends: demo-library\n');
await make('demo-game', '1.5');
await make('demo-needed', '1.0');
await make('demo-needing', '1.0', 'Depends: demo-needed\n');
await make('brave-browser', '1.0');
writeFileSync(`${source}/Packages`, await run('/bin/sh', '-c', `cd ${source} && dpkg-scanpackages -m .`));
rmSync('/etc/apt/sources.list.d', { recursive: true, force: true });
writeFileSync('/etc/apt/sources.list', `deb [trusted=yes] file:${source} ./\n`);
await run('/usr/bin/apt-get', '-q', 'update');
await run('/usr/bin/apt-get', '-y', '-q', 'install', 'demo-game', 'demo-needing', 'brave-browser');
writeFileSync('/etc/demo-game/settings', 'changed by a person\n');

const status = () =>
  readFileSync('/var/lib/dpkg/status', 'utf8')
    .split('\n\n')
    .filter((text) => /^Package: (demo|brave)/.test(text))
    .sort();
const names = () =>
  status()
    .filter((text) => text.includes('ok installed'))
    .map((text) => /^Package: (.*)$/m.exec(text)?.[1]);
const log = keptLog();
const applications = createApplications({
  platform: 'linux',
  files: new HostFiles('', new MemoryOriginals()),
  commands,
});
const pass = async (settings: ApplicationsSettings) => {
  const { status: reported, changes, failure, evidence } = await enforceOnce(applications, settings, log);
  const wrong = evidence.filter(({ ok }) => !ok).map(({ item, seen }) => `${item}: ${seen}`);
  return { status: reported, changes: changes.map(({ item }) => item), failure: failure?.code, wrong, names: names() };
};

const wanted: ApplicationsSettings = {
  mode: 'enforce',
  unmanagedBrowsers: true,
  linuxRequired: ['demo-writer'],
  linuxForbidden: ['demo-game'],
};
const seen: Record<string, unknown> = {};
const before = status();
seen.audit = await pass({ ...wanted, mode: 'audit' });
seen.applied = await pass(wanted);
seen.again = await pass(wanted);
await run('/usr/bin/apt-get', '-y', '-q', 'install', 'demo-game');
await run('/usr/bin/apt-get', '-y', '-q', 'remove', 'demo-writer');
seen.drifted = await pass(wanted);
seen.needed = await pass({ ...wanted, linuxForbidden: ['demo-game', 'demo-needed', 'dpkg'] });
seen.unknown = await pass({ ...wanted, linuxRequired: ['demo-writer', 'no-such-package'] });
seen.relaxed = await pass({ ...wanted, linuxForbidden: [] });
seen.removed = {
  status: (await removeOnce(applications, log)).status,
  names: names(),
  same: JSON.stringify(status()) === JSON.stringify(before),
};
seen.settings = readFileSync('/etc/demo-game/settings', 'utf8');
seen.left = readdirSync('/etc').filter((name) => name === 'demo-writer');
seen.removedTwice = { status: (await removeOnce(applications, log)).status, names: names() };
seen.faults = log.lines.map(({ words }) => words);
process.stdout.write(`${JSON.stringify(seen)}\n`);
