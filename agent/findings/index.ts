import type { Clock, Random } from '../../shared/clock.ts';
import type { Host } from '../capabilities/capability.ts';
import { searchHosts } from '../capabilities/webFilter/holding/hosts-file.ts';
import type { ServerAddress } from '../filter/upstream/udp.ts';
import { type Job, Schedule } from '../health/schedule.ts';
import type { Log } from '../log.ts';
import type { Reports } from '../store/reports.ts';
import { darwinLooks } from './darwin.ts';
import { linuxLooks } from './linux.ts';
import { type FindingCode, findingCodes, type Looks } from './look.ts';
import { win32Looks } from './win32.ts';

export interface FindingsOptions {
  host: Host;
  /** Where the filter listens. */
  filter: ServerAddress;
  /** Hosts of this district's server, which no hosts file may lead elsewhere. */
  serverHosts: () => readonly string[];
  reports: Pick<Reports, 'openFinding' | 'closeFinding'>;
  clock: Clock;
  random: Random;
  log: Log;
}

const minute = 60_000;
/** Longest words of a finding (`FindingRecord`). */
const longest = 1000;

const looksOf = { linux: linuxLooks, darwin: darwinLooks, win32: win32Looks };

/** Looks for ways around the filter by cadence, and says when one opens and when it closes. Nothing is changed. */
export function createFindings(options: FindingsOptions) {
  const { host, filter, serverHosts } = options;
  const isGuarded = (name: string) => searchHosts(name) || serverHosts().includes(name);
  // Below another root the device itself is not looked at.
  const looks = host.files.isHost ? looksOf[host.platform]({ host, filter, isGuarded }) : {};
  const schedule = new Schedule(findingJobs(looks, options), options);
  return { start: async () => schedule.start(), stop: async () => schedule.stop() };
}

/** The jobs of given looks; apart from `createFindings` so that tests can pass their own. */
export function findingJobs(looks: Looks, options: Pick<FindingsOptions, 'host' | 'reports' | 'clock'>): Job[] {
  // On Windows a look starts PowerShell, which costs a second of CPU.
  const everyMs = options.host.platform === 'win32' ? 60 * minute : 10 * minute;
  return findingCodes.flatMap((code) => {
    const look = looks[code];
    if (!look) return [];
    return [
      { name: code, everyMs, firstWithinMs: minute / 2, limitMs: minute, collect: look, accept: tell(code, options) },
    ];
  });
}

function tell(code: FindingCode, { reports, clock }: Pick<FindingsOptions, 'reports' | 'clock'>) {
  return (words: unknown): void => {
    if (typeof words !== 'string') return;
    if (words === '') reports.closeFinding(code, clock.now());
    else reports.openFinding(code, words.slice(0, longest), clock.now());
  };
}
