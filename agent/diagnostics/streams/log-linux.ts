import type { StreamFilter } from '../../../shared/diagnostics/streams.ts';
import { type LogLevel, type LogProgram, objectIn, type RawLine, textIn, unitOf } from './log-lines.ts';
import { isSystemUid } from './processes.ts';

const fields = ['MESSAGE', 'PRIORITY', '_UID', '_SYSTEMD_UNIT', 'SYSLOG_IDENTIFIER'].join(',');
/** syslog(3): 7, what only developers read, is never asked for. */
const priorities: Record<LogLevel, number> = { error: 3, warning: 4, notice: 5, info: 6 };

/** journalctl(1); undefined when the filter names a service that cannot be. `lines`: of those that were, so many first. */
export function journal(filter: StreamFilter, lines: number, isFollowing: boolean): LogProgram | undefined {
  const unit = unitOf(filter);
  if (unit === false) return undefined;
  const args = [
    ...(isFollowing ? ['--follow'] : ['--no-pager']),
    ...['--output=json', `--output-fields=${fields}`, `--lines=${lines}`],
    `--priority=${priorities[filter.level ?? 'info']}`,
    ...(unit === undefined ? [] : [`--unit=${unit}`]),
  ];
  return { path: '/usr/bin/journalctl', args, parse: parseJournal };
}

/** One entry of `--output=json` (systemd: Journal JSON Format). What is no text, or too large, comes as numbers or null. */
export function parseJournal(line: string): RawLine | undefined {
  const entry = objectIn(line);
  const at = Math.round(Number(entry?.__REALTIME_TIMESTAMP) / 1_000);
  if (!entry || !Number.isSafeInteger(at)) return undefined;
  const uid = /^\d{1,10}$/.test(textIn(entry._UID)) ? Number(entry._UID) : undefined;
  return {
    at,
    level: levelOf(Number(entry.PRIORITY ?? 6)),
    unit: textIn(entry._SYSTEMD_UNIT) || textIn(entry.SYSLOG_IDENTIFIER),
    words: textIn(entry.MESSAGE) || '(no text)',
    // The kernel has no user.
    isPersons: uid !== undefined && !isSystemUid(uid),
  };
}

function levelOf(priority: number): LogLevel {
  if (priority <= 3) return 'error';
  if (priority === 4) return 'warning';
  return priority === 5 ? 'notice' : 'info';
}
