import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { HealthValue } from '../collector.ts';

export type PendingUpdates = Pick<HealthValue<'os'>, 'pendingUpdates' | 'pendingSecurityUpdates'>;

const timeoutMs = 120_000;

/**
 * Asks apt or dnf what waits, from the lists they already hold: nothing is fetched, nothing is installed, no lock is taken.
 * Empty when neither can tell.
 */
export async function readPendingUpdates(commands: Commands): Promise<PendingUpdates> {
  // --with-new-pkgs: a kernel's security update comes as a new package.
  const apt = await commands.run('/usr/bin/apt-get', ['-s', '--with-new-pkgs', 'upgrade'], { timeoutMs });
  if (apt.code === 0) return parseApt(apt.stdout);
  const check = (more: string[]) => commands.run('/usr/bin/dnf', ['-q', '-C', 'check-update', ...more], { timeoutMs });
  const all = countDnf(await check([]));
  if (all === undefined) return {};
  const security = countDnf(await check(['--security']));
  return { pendingUpdates: all, ...(security === undefined ? {} : { pendingSecurityUpdates: security }) };
}

/** Counts `Inst` lines of a simulated upgrade; an origin such as `Debian-Security:12/…` or `Ubuntu:24.04/noble-security` marks security. */
export function parseApt(stdout: string): PendingUpdates {
  const lines = stdout.split('\n').filter((line) => line.startsWith('Inst '));
  const security = lines.filter((line) => /\([^)]*security[^)]*\)/i.test(line));
  return {
    pendingUpdates: Math.min(lines.length, 100_000),
    pendingSecurityUpdates: Math.min(security.length, 100_000),
  };
}

/** dnf check-update: exit code 100 with one line `name.arch version repository` each, 0 with none; others are errors. */
export function countDnf({ code, stdout }: CommandResult): number | undefined {
  if (code === 0) return 0;
  if (code !== 100) return undefined;
  const [upgrades = ''] = stdout.split(/^Obsoleting Packages/m);
  return upgrades
    .split('\n')
    .filter((line) => /^\S+\.(x86_64|i686|aarch64|armv7hl|noarch|ppc64le|s390x)\s+\S+\s+\S+/.test(line)).length;
}
