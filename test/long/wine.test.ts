import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser } from '../../agent/capabilities/browser/index.ts';
import type { Capability } from '../../agent/capabilities/capability.ts';
import { createScreenLock } from '../../agent/capabilities/screenLock/index.ts';
import { createTimeSync } from '../../agent/capabilities/timeSync/index.ts';
import { createUpdates } from '../../agent/capabilities/updates/index.ts';
import type { CommandResult, Commands } from '../../agent/platform/commands.ts';
import { enforceOnce, removeOnce } from '../../agent/reconcile/enforce.ts';
import { MemoryOriginals } from '../fakes/originals.ts';
import { PretendedHostFiles } from '../unit/agent/browser/recorded.ts';
import { keptLog } from '../unit/agent/health/recorded.ts';

/* The registry as Wine keeps it, written and read by Wine's own reg.exe: not Windows, but not ours either. */

const why = whyNot();

function whyNot(): string | undefined {
  try {
    execFileSync('sh', ['-c', 'command -v wine'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'wine is not installed';
  }
}

const prefix = mkdtempSync(join(tmpdir(), 'rollcall-wine-'));
const environment = { ...process.env, WINEPREFIX: join(prefix, 'wine'), WINEDEBUG: '-all' };
/** The folder that passes for the root of the disk: a path of Windows is one name in it. */
const files = new PretendedHostFiles(join(prefix, 'files'), new MemoryOriginals());

/** Programs of Windows under Wine. It finds no file with a backslash in its name, so that one is handed over as a copy. */
const commands: Commands = {
  run: async (path, args) => {
    const program = path.slice(path.lastIndexOf('\\') + 1);
    const handed = join(prefix, 'handed.reg');
    const file = args.find((arg) => arg.startsWith('C:\\'));
    if (file !== undefined) await copyFile(files.real(file), handed);
    const seen = args.map((arg) => (arg === file ? `Z:${handed}` : arg));
    return await new Promise<CommandResult>((resolve) => {
      execFile('wine', [program, ...seen], { env: environment, timeout: 60_000 }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
      );
    });
  },
};
const reg = 'C:\\Windows\\System32\\reg.exe';
const query = async (key: string) => (await commands.run(reg, ['query', key, '/s', '/reg:64'])).stdout;
/** The keys that hold values, with them: a maker's key may stay behind, empty. */
const valuesOf = async (key: string) =>
  (await query(key)).split('\r\n\r\n').filter((block) => block.includes('\r\n    '));
const add = (key: string, name: string, type: string, content: string) =>
  commands.run(reg, ['add', key, '/v', name, '/t', type, '/d', content, '/f', '/reg:64']);

const host = { platform: 'win32' as const, files, commands };
const policies = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies';
const clock = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W32Time';
const system = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Policies\\System';

interface Case {
  capability: Capability;
  desired: object;
  root: string;
  /** As `reg query` prints it. */
  written: string;
  drift: () => Promise<CommandResult>;
}
const cases: [string, Case][] = [
  [
    'screen lock',
    {
      capability: createScreenLock(host) as Capability,
      desired: { mode: 'enforce', idleMinutes: 10 },
      root: system,
      written: 'InactivityTimeoutSecs    REG_DWORD    0x258',
      drift: () => add(system, 'InactivityTimeoutSecs', 'REG_DWORD', '0'),
    },
  ],
  [
    'updates',
    {
      capability: createUpdates(host) as Capability,
      desired: { mode: 'enforce', automatic: 'all', deferDays: 3, restart: true },
      root: policies,
      written: 'DeferQualityUpdatesPeriodInDays    REG_DWORD    0x3',
      drift: () => add(`${policies}\\Microsoft\\Windows\\WindowsUpdate\\AU`, 'NoAutoUpdate', 'REG_DWORD', '1'),
    },
  ],
  [
    'clock',
    {
      capability: createTimeSync(host) as Capability,
      desired: { mode: 'enforce', automatic: true, servers: ['time.example.org'] },
      root: clock,
      written: 'NtpServer    REG_SZ    time.example.org,0x9',
      drift: () => add(`${clock}\\Parameters`, 'NtpServer', 'REG_SZ', 'other.example'),
    },
  ],
  [
    'browser',
    {
      capability: createBrowser(host) as Capability,
      desired: { blockPrivateWindows: true, blockedUrls: ['games.example', 'Straße.example/«x»'] },
      root: policies,
      written: 'IncognitoModeAvailability    REG_DWORD    0x1',
      drift: () => add(`${policies}\\Google\\Chrome`, 'IncognitoModeAvailability', 'REG_DWORD', '0'),
    },
  ],
];

describe.skipIf(why)(`the registry, by Wine${why ? ` (skipped: ${why})` : ''}`, () => {
  beforeAll(async () => {
    for (const folder of ['files', 'wine']) mkdirSync(join(prefix, folder));
    execFileSync('wineserver', ['--persistent'], { env: environment, stdio: 'ignore' });
    for (const key of [policies, clock, system]) await commands.run(reg, ['add', key, '/f', '/reg:64']);
    await add(`${clock}\\Parameters`, 'NtpServer', 'REG_SZ', 'before.example');
  }, 120_000);
  afterAll(async () => {
    await new Promise((resolve) => execFile('wineserver', ['--kill', '--wait'], { env: environment }, resolve));
    await rm(prefix, { recursive: true, force: true });
  });

  it.each(cases)(
    '%s: applied, seen, put right after drift, and put back',
    async (_, { capability, desired, root, written, drift }) => {
      const pass = async () => (await enforceOnce(capability, desired as never, keptLog())).changes.length;
      const before = await valuesOf(root);
      expect(await pass()).toBeGreaterThan(0);
      expect(await query(root)).toContain(written);
      expect(await pass()).toBe(0);
      expect((await drift()).code).toBe(0);
      expect(await pass()).toBe(1);
      expect(await query(root)).toContain(written);
      await removeOnce(capability, keptLog());
      expect(await valuesOf(root)).toEqual(before);
    },
    60_000,
  );
});
