import type { StreamFilter } from '../../../shared/diagnostics/streams.ts';
import { type LogLevel, type LogProgram, objectIn, type RawLine, textIn, unitOf } from './log-lines.ts';

/** Message types from each level up; the unified log knows no warnings. log(1) */
const types: Record<LogLevel, string[]> = {
  error: ['error', 'fault'],
  warning: ['error', 'fault'],
  notice: ['default', 'error', 'fault'],
  info: ['info', 'default', 'error', 'fault'],
};
const firstPerson = 500;

/** log(1) of macOS; `last`: of what was instead of what comes, such as `10m`. Not run on a Mac yet. */
export function unifiedLog(filter: StreamFilter, last?: string): LogProgram | undefined {
  const unit = unitOf(filter);
  if (unit === false) return undefined;
  const level = filter.level ?? 'info';
  const ofType = types[level].map((type) => `messageType == ${type}`).join(' OR ');
  const ofUnit = unit === undefined ? '' : ` AND (process == "${quoted(unit)}" OR subsystem == "${quoted(unit)}")`;
  const verb = last === undefined ? ['stream'] : ['show', '--last', last];
  const more = level === 'info' ? (last === undefined ? ['--level', 'info'] : ['--info']) : [];
  const args = [...verb, '--style', 'ndjson', ...more, '--predicate', `(${ofType})${ofUnit}`];
  return { path: '/usr/bin/log', args, parse: parseUnified };
}

/** One entry of `--style ndjson`; the first line says what is filtered by and is none. */
export function parseUnified(line: string): RawLine | undefined {
  const entry = objectIn(line);
  const at = Date.parse(
    textIn(entry?.timestamp)
      .replace(' ', 'T')
      .replace(/(\.\d{3})\d*/, '$1')
      .replace(/([+-]\d\d)(\d\d)$/, '$1:$2'),
  );
  if (!entry || Number.isNaN(at)) return undefined;
  const process = textIn(entry.processImagePath).split('/').at(-1) ?? '';
  const uid = Number(entry.userID ?? 0);
  return {
    at,
    level: levelOf(textIn(entry.messageType)),
    unit: textIn(entry.subsystem) || process,
    words: textIn(entry.eventMessage) || '(no text)',
    isPersons: !(uid < firstPerson),
  };
}

function levelOf(type: string): LogLevel {
  if (/^(error|fault)$/i.test(type)) return 'error';
  return /^info$/i.test(type) ? 'info' : 'notice';
}

/** In a string of NSPredicate. */
function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}
