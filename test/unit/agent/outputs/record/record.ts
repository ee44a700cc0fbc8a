import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutputCase } from '../cases.ts';
import { byAnswer, Folder, suffixOf } from './folder.ts';
import { type Printed, run } from './host.ts';
import { scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';

/*
 * Runs every scenario in a Debian made by debootstrap and writes what was printed below test/golden/outputs:
 *   node test/unit/agent/outputs/record/record.ts ROOT RELEASE
 * Needs root, and namespaces of its own for everything it runs: nothing of this machine is changed. ROOT is made by
 *   debootstrap --variant=minbase --include=locales RELEASE ROOT
 * with the locales below (localedef), and these packages: nftables iptables ufw firewalld unattended-upgrades systemd-sysv
 * libpam-systemd dbus chrony mokutil kmod dconf-cli libpam-pwquality lightdm clamav-daemon sudo. The root of Debian 12 also
 * has its kernel's modules of USB storage. Expectations are in the scenarios, by hand; the recorder copies them and never
 * asks the agent's parsers.
 */

const locales = ['C', 'en_US.UTF-8', 'de_DE.UTF-8', 'es_ES.UTF-8', 'fr_FR.UTF-8'];
const english = ['C', 'en_US.UTF-8'];

const [, , root = '', release = ''] = process.argv;
const folder = new Folder(`debian-${release}`);
const work = mkdtempSync(join(tmpdir(), 'rollcall-record-'));
const version = readFileSync(join(root, 'etc/debian_version'), 'utf8').trim();
folder.writeIndex({
  system: 'Debian',
  version: release === 'sid' ? `sid (${version})` : release,
  family: 'linux',
  cases: scenarios.filter(({ only }) => only?.includes(release) ?? true).flatMap(record),
});
rmSync(work, { recursive: true });

function record(scenario: Scenario): OutputCase[] {
  const { commands = [], files = [] } = scenario;
  const reads = files.map((path) => ['/bin/cat', path]);
  const wanted = scenario.onlyC ? locales.slice(0, 1) : locales;
  const printed = run(root, work, { ...scenario, commands: [...commands, ...reads], locales: wanted });
  const groups = byAnswer(wanted, (locale) => printed.get(locale)?.slice(0, commands.length));
  return groups.map((group) => caseOf(scenario, group, printed.get(group[0] ?? '') ?? []));
}

function caseOf(scenario: Scenario, group: readonly string[], printed: readonly Printed[]): OutputCase {
  const { commands = [], name, check, what, program, expected, translated, byRelease } = scenario;
  const isEnglish = group.some((locale) => english.includes(locale));
  const suffix = suffixOf(group, 'C');
  const answers = commands.map((command, at) => {
    const answer = printed[at];
    return answer && folder.answer(`${name}.${at}${suffix}`, command.join(' '), answer);
  });
  const files = filesOf(scenario, printed.slice(commands.length));
  const inEnglish = byRelease?.[release] ?? expected;
  return {
    name: `${name}${suffix}`,
    check,
    what,
    locales: group,
    answers: answers.filter((answer) => answer !== undefined),
    ...(files.length > 0 && { files: Object.fromEntries(files) }),
    source: { kind: 'run-here', from: `debootstrap of Debian ${release}, ${program} ${versionOf(program)}` },
    expected: isEnglish ? inEnglish : (translated ?? inEnglish),
  };
}

function filesOf({ files = [], name }: Scenario, printed: readonly Printed[]): (readonly [string, string])[] {
  return files.flatMap((path, at) => {
    const { code, stdout = Buffer.alloc(0) } = printed[at] ?? {};
    // Programs are only looked for, so that an empty file stands for them.
    const text = path.includes('bin/') ? Buffer.from('\n') : stdout;
    const file = code === 0 ? folder.keep(`${name}.${path.slice(path.lastIndexOf('/') + 1)}.txt`, text) : undefined;
    return file === undefined ? [] : [[path, file] as const];
  });
}

function versionOf(program: string): string {
  const { stdout } = spawnSync('chroot', [root, '/usr/bin/dpkg-query', '-s', program], { encoding: 'utf8' });
  return /^Version: (.+)$/m.exec(stdout)?.[1] ?? 'of no known version';
}
