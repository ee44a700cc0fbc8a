import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, Expected, OutputCase } from '../cases.ts';
import { byAnswer, Folder, suffixOf } from './folder.ts';
import type { Printed } from './host.ts';

/*
 * Asks Wine's own reg.exe, which is not Windows but prints what Windows does, in its translations and code pages:
 *   node test/unit/agent/outputs/record/wine.ts LOCALES
 * LOCALES is a folder that glibc reads locales from (LOCPATH), with those below.
 */

const locales = ['en_US.UTF-8', 'de_DE.UTF-8', 'es_ES.UTF-8', 'fr_FR.UTF-8'];
const policies = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';
const uninstall = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const lock = ['query', policies, '/reg:64'];
const programs = ['query', uninstall, '/s', '/reg:64'];

interface Scenario {
  name: string;
  check: Check;
  what: string;
  /** Arguments of reg.exe, run before. */
  setup: readonly (readonly string[])[];
  command: readonly string[];
  expected: Expected;
}

const number = (key: string, name: string, value: string) => [
  'add',
  key,
  '/v',
  name,
  '/t',
  'REG_DWORD',
  '/d',
  value,
  '/f',
];
const text = (key: string, name: string, value: string) => ['add', key, '/v', name, '/t', 'REG_SZ', '/d', value, '/f'];

const scenarios: readonly Scenario[] = [
  {
    name: 'inactivity-not-set',
    check: 'screenLock',
    what: 'the key of policies, without a limit',
    setup: [],
    command: lock,
    expected: { state: 'not-enforced', reason: 'InactivityTimeoutSecs is not set' },
  },
  {
    name: 'inactivity-900',
    check: 'screenLock',
    what: 'locked after a quarter of an hour',
    setup: [number(policies, 'InactivityTimeoutSecs', '900')],
    command: lock,
    expected: { state: 'enforced', afterSeconds: 900, reason: 'InactivityTimeoutSecs is set' },
  },
  {
    name: 'inactivity-zero',
    check: 'screenLock',
    what: 'the limit is never',
    setup: [number(policies, 'InactivityTimeoutSecs', '0')],
    command: lock,
    expected: { state: 'not-enforced', reason: 'InactivityTimeoutSecs is not set' },
  },
  {
    name: 'inactivity-text',
    check: 'screenLock',
    what: 'the limit is a text, which Windows does not heed',
    setup: [['delete', policies, '/v', 'InactivityTimeoutSecs', '/f'], text(policies, 'InactivityTimeoutSecs', '900')],
    command: lock,
    expected: { state: 'not-enforced', reason: 'InactivityTimeoutSecs is not set' },
  },
  {
    name: 'inactivity-no-key',
    check: 'screenLock',
    what: 'the key of policies is not there',
    setup: [['delete', policies, '/f']],
    command: lock,
    expected: { state: 'unknown', reason: 'reg gave no usable answer (exit code 1)' },
  },
  {
    name: 'programs-none',
    check: 'applications',
    what: 'nothing installed',
    setup: [],
    command: programs,
    expected: { names: [] },
  },
  {
    name: 'programs-some',
    check: 'applications',
    what: 'two programs, a part of the system, and a key without a name',
    setup: [
      text(`${uninstall}\\Brave`, 'DisplayName', 'Brave Browser'),
      text(`${uninstall}\\Brave`, 'DisplayVersion', '1.70'),
      text(`${uninstall}\\{6A7B}`, 'DisplayName', 'LibreOffice 24.8'),
      text(`${uninstall}\\Part`, 'DisplayName', 'Part of the system'),
      number(`${uninstall}\\Part`, 'SystemComponent', '1'),
      text(`${uninstall}\\KB1`, 'ParentKeyName', 'OperatingSystem'),
    ],
    command: programs,
    expected: { names: ['Brave Browser', 'LibreOffice 24.8'] },
  },
];

const [, , localeFolder = ''] = process.argv;
const prefix = mkdtempSync(join(tmpdir(), 'rollcall-wine-'));
const folder = new Folder('wine');
const version = execFileSync('wine', ['--version'], { encoding: 'utf8' }).trim().replace('wine-', '').split(' ')[0];
// The first start makes the registry, and speaks of it.
wine('en_US.UTF-8', ['wine', 'reg', 'query', 'HKLM']);
const cases = scenarios.flatMap(record);
folder.writeIndex({ system: 'Wine', version: `${version} (not Windows)`, family: 'win32', cases });
wine('en_US.UTF-8', ['wineserver', '-k']);
rmSync(prefix, { recursive: true });

function record({ name, check, what, setup, command, expected }: Scenario): OutputCase[] {
  for (const args of setup) wine('en_US.UTF-8', ['wine', 'reg', ...args]);
  const printed = new Map(locales.map((locale) => [locale, wine(locale, ['wine', 'reg', ...command])] as const));
  return byAnswer(locales, (locale) => printed.get(locale)).map((group) => {
    const suffix = suffixOf(group, 'en_US.UTF-8');
    const answered = printed.get(group[0] ?? '');
    const program = `C:\\Windows\\System32\\reg.exe ${command.join(' ')}`;
    const answer = answered && folder.answer(`${name}${suffix}`, program, answered);
    const source = { kind: 'run-here' as const, from: `Wine ${version}, its own reg.exe` };
    return { name: `${name}${suffix}`, check, what, locales: group, answers: answer ? [answer] : [], source, expected };
  });
}

function wine(locale: string, [program = '', ...args]: readonly string[]): Printed {
  const env = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', LC_ALL: locale, LOCPATH: localeFolder };
  const { status, stdout, stderr } = spawnSync(program, args, { env, timeout: 120_000 });
  return { code: status ?? -1, stdout, stderr };
}
