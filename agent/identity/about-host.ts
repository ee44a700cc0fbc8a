import { readFile } from 'node:fs/promises';
import { hostname, release, uptime } from 'node:os';
import type { Clock } from '../../shared/clock.ts';
import type { Platform } from '../../shared/profile/keywords.ts';

export interface AboutHost {
  os: { name: string; version: string };
  hostname: string;
  /** Changes with every start of the machine. */
  bootId: string;
}

const names: Record<Platform, string> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

/** What `hello` says of the host; `name` is what it was called at enrolment. */
export async function readAboutHost(platform: Platform, clock: Clock, name?: string): Promise<AboutHost> {
  const described = platform === 'linux' ? parseOsRelease(await read('/etc/os-release')) : undefined;
  const bootId = (await read('/proc/sys/kernel/random/boot_id')).trim();
  return {
    os: described ?? { name: names[platform], version: release().slice(0, 100) },
    hostname: (name ?? hostname()).slice(0, 253),
    bootId: /^[0-9a-f-]{36}$/.test(bootId) ? bootId : bootMinute(clock),
  };
}

/** https://www.freedesktop.org/software/systemd/man/os-release.html */
export function parseOsRelease(content: string): AboutHost['os'] | undefined {
  const field = (name: string) =>
    new RegExp(`^${name}=(["']?)(.*)\\1$`, 'm').exec(content)?.[2]?.replaceAll('\\', '').slice(0, 100);
  const name = field('NAME');
  return name ? { name, version: field('VERSION_ID') ?? field('BUILD_ID') ?? 'rolling' } : undefined;
}

/** Where the system has no id of the boot: the minute it happened. */
function bootMinute(clock: Clock): string {
  return `boot-${Math.round((clock.now() - uptime() * 1000) / 60_000)}`;
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
