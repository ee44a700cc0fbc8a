import type { StreamFilter } from '../../../shared/diagnostics/streams.ts';
import { type LogLevel, type RawLine, unitOf } from './log-lines.ts';

/** Levels of Windows from each of ours up: 1 critical, 2 error, 3 warning, 4 information, 0 always. Winmeta.xml */
const levels: Record<LogLevel, number[]> = {
  error: [1, 2],
  warning: [1, 2, 3],
  notice: [0, 1, 2, 3, 4],
  info: [0, 1, 2, 3, 4],
};

/** What the helpdesk may read: never `Security`, which tells of people. */
export const eventLogs = ['System', 'Application'] as const;

export interface EventQuery {
  path: string;
  args: string[];
}

/**
 * wevtutil(1) of Windows: events of the last milliseconds, the newest first.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/wevtutil. Not run on Windows yet.
 */
export function eventQuery(
  log: (typeof eventLogs)[number],
  filter: StreamFilter,
  withinMs: number,
): EventQuery | undefined {
  const unit = unitOf(filter);
  if (unit === false) return undefined;
  const ofLevel = levels[filter.level ?? 'info'].map((level) => `Level=${level}`).join(' or ');
  const ofUnit = unit === undefined ? '' : ` and Provider[@Name='${unit}']`;
  const query = `*[System[(${ofLevel})${ofUnit} and TimeCreated[timediff(@SystemTime) <= ${Math.round(withinMs)}]]]`;
  return {
    path: 'C:\\Windows\\System32\\wevtutil.exe',
    args: ['qe', log, `/q:${query}`, '/f:RenderedXml', '/c:100', '/rd:true'],
  };
}

export interface EventLine extends RawLine {
  /** Counts up within a log. */
  record: number;
}

/** Events of `/f:RenderedXml`: one element after the other, without a root. Broken ones are left out. */
export function parseEvents(xml: string): EventLine[] {
  return xml.split('</Event>').flatMap((event) => {
    const at = Date.parse(/<TimeCreated SystemTime=['"]([^'"]{10,40})['"]/.exec(event)?.[1] ?? '');
    const record = Number(/<EventRecordID>(\d{1,15})<\/EventRecordID>/.exec(event)?.[1]);
    if (Number.isNaN(at) || Number.isNaN(record)) return [];
    const user = /<Security UserID=['"]([^'"]+)['"]/.exec(event)?.[1];
    return {
      ...{ at, record, level: levelOf(Number(/<Level>(\d)<\/Level>/.exec(event)?.[1] ?? 4)) },
      unit: unescaped(/<Provider Name=['"]([^'"]{1,200})['"]/.exec(event)?.[1] ?? ''),
      words: unescaped(/<Message>([\s\S]*?)<\/Message>/.exec(event)?.[1] ?? '') || '(no text)',
      // Accounts of people: S-1-5-21 of a machine or domain, S-1-12-1 of Entra.
      isPersons: /^S-1-(5-21|12-1)-/.test(user ?? ''),
    };
  });
}

function levelOf(level: number): LogLevel {
  if (level === 1 || level === 2) return 'error';
  return level === 3 ? 'warning' : 'info';
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** XML 1.0 section 4.6, and line breaks as references. */
function unescaped(text: string): string {
  return text.replace(/&(?:(lt|gt|quot|apos|amp)|#x?[0-9a-f]{1,6});/gi, (_, name?: string) =>
    name === undefined ? ' ' : (entities[name.toLowerCase()] ?? ''),
  );
}
