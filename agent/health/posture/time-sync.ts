import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { ObservationValue } from '../collector.ts';
import { silence, unknown } from './observation.ts';

export type TimeSync = ObservationValue<'timeSync'>;

export const timedatectl = '/usr/bin/timedatectl';
export const systemsetup = '/usr/sbin/systemsetup';
const chronyc = '/usr/bin/chronyc';
const w32tm = 'C:\\Windows\\System32\\w32tm.exe';
const mostSeconds = 1_000_000_000;

/** chrony tells the offset itself; else systemd is asked, first whether, then how far. */
export async function linuxTimeSync(commands: Commands): Promise<TimeSync> {
  const byChrony = await commands.run(chronyc, ['-c', 'tracking']);
  if (byChrony.failure !== 'missing') {
    const found = readChronyTracking(byChrony);
    if (found.state !== 'unknown') return found;
  }
  const shown = readTimedatectl(await commands.run(timedatectl, ['show']));
  if (shown.state !== 'synchronised') return shown;
  const seconds = readTimesyncStatus(await commands.run(timedatectl, ['timesync-status']));
  return withOffset(shown, seconds);
}

/** `timedatectl show` (timedatectl(1)): `NTP=yes`, `NTPSynchronized=yes`; not translated. */
export function readTimedatectl(result: CommandResult): TimeSync {
  const synchronised = result.code === 0 ? property(result.stdout, 'NTPSynchronized') : undefined;
  if (synchronised === 'yes') return { state: 'synchronised', evidence: 'systemd: the clock is synchronised' };
  if (synchronised !== 'no') return unknown(silence('timedatectl', result));
  const isOff = property(result.stdout, 'NTP') === 'no';
  return {
    state: 'not-synchronised',
    evidence: isOff ? 'systemd: the clock is not set from the network' : 'systemd: the clock is not synchronised yet',
  };
}

/** Whether the clock is to be set from the network; undefined when timedatectl does not tell. */
export function isSwitchedOn({ code, stdout }: CommandResult): boolean | undefined {
  const value = code === 0 ? property(stdout, 'NTP') : undefined;
  return value === 'yes' || value === 'no' ? value === 'yes' : undefined;
}

function property(text: string, name: string): string | undefined {
  return new RegExp(`^${name}=(yes|no)$`, 'm').exec(text)?.[1];
}

/** As systemd writes spans of time; its year has 365.25 days. systemd.time(7) */
const units: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  month: 2_629_800,
  y: 31_557_600,
};

/** Seconds from the line `Offset: +1min 2.345s` of `timedatectl timesync-status`; undefined where there is none. */
export function readTimesyncStatus({ code, stdout }: CommandResult): number | undefined {
  const words = code === 0 ? /^\s*Offset: ([+-]?)(.+)$/m.exec(stdout) : null;
  if (!words?.[2]) return undefined;
  const parts = words[2].trim().split(/\s+/).map(span);
  const sum = parts.reduce((total: number | undefined, part) =>
    total === undefined || part === undefined ? undefined : total + part,
  );
  return sum === undefined ? undefined : words[1] === '-' ? -sum : sum;
}

function span(words: string): number | undefined {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(words) ?? [];
  const size = units[unit];
  return count === undefined || size === undefined ? undefined : Number(count) * size;
}

/** `chronyc -c tracking` (chronyc(1)): commas, the fifth field seconds of offset, the last the leap status. */
export function readChronyTracking(result: CommandResult): TimeSync {
  const fields = result.stdout.trim().split(',');
  const leap = fields.at(-1);
  if (result.code !== 0 || fields.length < 14) return unknown(silence('chronyc', result));
  if (leap === 'Not synchronised')
    return { state: 'not-synchronised', evidence: 'chrony: the clock is not synchronised' };
  if (!['Normal', 'Insert second', 'Delete second'].includes(leap ?? ''))
    return unknown('chronyc told no leap status that is known');
  const seconds = Number(fields[4]);
  const state: TimeSync = { state: 'synchronised', evidence: 'chrony: the clock is synchronised' };
  return withOffset(state, fields[4] === '' ? undefined : seconds);
}

export async function windowsTimeSync(commands: Commands): Promise<TimeSync> {
  return readW32tm(await commands.run(w32tm, ['/query', '/status', '/verbose'], { timeoutMs: 30_000 }));
}

/**
 * `w32tm /query /status /verbose`. Labels are in the language of Windows, so lines are known by their place and form: the
 * first is the leap indicator (3: not synchronised); the first time in seconds after the poll interval, `6 (64s)`, is the
 * offset. https://learn.microsoft.com/windows-server/networking/windows-time-service/windows-time-service-tools-and-settings
 */
export function readW32tm(result: CommandResult): TimeSync {
  if (/0x80070426/i.test(result.stdout + result.stderr))
    return { state: 'not-synchronised', evidence: 'The Windows time service is not running' };
  const leap = /^\s*[^:\r\n]+:\s*([0-3])\s?\(/.exec(result.stdout)?.[1];
  if (result.code !== 0 || leap === undefined) return unknown(silence('w32tm', result));
  if (leap === '3') return { state: 'not-synchronised', evidence: 'Windows: the clock is not synchronised' };
  const [, after = ''] = result.stdout.split(/:\s*\d+\s\(\d+s\)/);
  const offset = /:\s*([+-]?\d+[.,]\d+)s\s*$/m.exec(after)?.[1];
  const state: TimeSync = { state: 'synchronised', evidence: 'Windows: the clock is synchronised' };
  return withOffset(state, offset === undefined ? undefined : Number(offset.replace(',', '.')));
}

/** macOS tells only whether the clock is set from the network, so its own server is asked, as CIS 2.3.2.2 does. */
export async function macTimeSync(commands: Commands): Promise<TimeSync> {
  const shown = await commands.run(systemsetup, ['-getusingnetworktime']);
  const isOn = readNetworkTime(shown);
  if (isOn === undefined) return unknown(silence('systemsetup', shown));
  if (!isOn) return { state: 'not-synchronised', evidence: 'macOS: the clock is not set from the network' };
  const server = readNetworkTimeServer(await commands.run(systemsetup, ['-getnetworktimeserver']));
  if (server === undefined) return unknown('systemsetup names no time server');
  return readSntp(await commands.run('/usr/bin/sntp', ['-t', '5', server], { timeoutMs: 30_000 }));
}

/** `systemsetup -getusingnetworktime`: `Network Time: On`; without rights a sentence about administrators. */
export function readNetworkTime({ stdout }: CommandResult): boolean | undefined {
  const state = /^Network Time: (On|Off)\s*$/m.exec(stdout)?.[1];
  return state === undefined ? undefined : state === 'On';
}

/** `systemsetup -getnetworktimeserver`: `Network Time Server: time.apple.com`; only what is a name or an address. */
export function readNetworkTimeServer({ stdout }: CommandResult): string | undefined {
  return /^Network Time Server: ([0-9A-Za-z][0-9A-Za-z.:-]{0,252})\s*$/m.exec(stdout)?.[1];
}

/** `sntp HOST`: `+0.003456 +/- 0.012345 time.apple.com 17.253.6.125`; seconds. */
export function readSntp(result: CommandResult): TimeSync {
  const offset = /^([+-]?\d+\.\d+) \+\/- \d+\.\d+ /m.exec(result.stdout)?.[1];
  if (result.code !== 0 || offset === undefined) return unknown(silence('sntp', result));
  return withOffset({ state: 'synchronised', evidence: 'macOS: the time server was asked' }, Number(offset));
}

/** Whole seconds: fractions change each time and interest nobody. */
function withOffset(found: TimeSync, seconds: number | undefined): TimeSync {
  if (seconds === undefined || !Number.isFinite(seconds)) return found;
  const offsetSeconds = Math.trunc(Math.max(-mostSeconds, Math.min(mostSeconds, seconds)));
  return { ...found, offsetSeconds: offsetSeconds === 0 ? 0 : offsetSeconds };
}
