/*
 * Run by accessibility.test.ts on a host whose /etc, /usr and /var go with it: accessibility and the screen lock side by side
 * with the real dconf, undone as a person might, and what was seen is printed.
 */
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAccessibility } from '../../../agent/capabilities/accessibility/index.ts';
import { Dconf } from '../../../agent/capabilities/baseline/dconf.ts';
import type { Capability } from '../../../agent/capabilities/capability.ts';
import { createScreenLock } from '../../../agent/capabilities/screenLock/index.ts';
import { SystemCommands } from '../../../agent/platform/commands.ts';
import { HostFiles } from '../../../agent/platform/host-files.ts';
import { enforceOnce, removeOnce } from '../../../agent/reconcile/enforce.ts';
import { MemoryOriginals } from '../../fakes/originals.ts';
import { keptLog } from '../../unit/agent/health/recorded.ts';

const commands = new SystemCommands();
const host = { platform: 'linux' as const, files: new HostFiles('', new MemoryOriginals()), commands };
const dconf = new Dconf(host);
const log = keptLog();
const help = createAccessibility(host, dconf) as Capability;
const lock = createScreenLock(host, dconf) as Capability;
const needs = { mode: 'enforce', screenReader: true, magnification: 2, textScalePercent: 125, keyRepeatDelayMs: 1500 };
const locks = { mode: 'enforce', idleMinutes: 10 };

async function snapshot(): Promise<string[]> {
  const entries = await readdir('/etc/dconf', { recursive: true, withFileTypes: true }).catch(() => []);
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() ? `${path} ${(await stat(path)).mode} ${await readFile(path, 'base64')}` : path;
  });
  return (await Promise.all(lines)).sort();
}

async function pass(capability: Capability, desired: object) {
  const { changes, evidence } = await enforceOnce(capability, desired as never, log);
  return { changes: changes.map(({ item }) => item), wrong: evidence.filter(({ ok }) => !ok) };
}

async function values(): Promise<Record<string, string>> {
  const keys = [
    'a11y/applications/screen-reader-enabled',
    'a11y/magnifier/mag-factor',
    'interface/text-scaling-factor',
    'peripherals/keyboard/delay',
    'session/idle-delay',
  ];
  const read = keys.map(async (key) => {
    const { stdout } = await commands.run('/usr/bin/dconf', ['read', '-d', `/org/gnome/desktop/${key}`]);
    return [key, stdout.trim()] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

await rm('/etc/dconf', { recursive: true, force: true });
const before = await snapshot();
const applied = await Promise.all([pass(help, needs), pass(lock, locks)]);
const inForce = await values();
const locked = (await commands.run('/usr/bin/dconf', ['list-locks', '/'])).stdout.trim().split('\n');
await writeFile('/etc/dconf/db/local.d/zz-rollcall-accessibility', '[org/gnome/desktop/a11y/applications]\n');
await commands.run('/usr/bin/dconf', ['update']);
const drifted = await pass(help, needs);
const repaired = await values();
await removeOnce(lock, log);
const withoutLock = await values();
await removeOnce(help, log);
const after = await snapshot();
const clean = JSON.stringify(after) === JSON.stringify(before);
process.stdout.write(
  JSON.stringify({ applied, inForce, locked, drifted, repaired, withoutLock, clean, after, logged: log.lines }),
);
