import type { Platform } from '../../../shared/profile/keywords.ts';
import type { Commands } from '../../platform/commands.ts';
import { type RedactionContext, redact } from '../redact.ts';
import { unifiedLog } from './log-darwin.ts';
import type { RawLine } from './log-lines.ts';
import { journal } from './log-linux.ts';
import { eventLogs, eventQuery, parseEvents } from './log-win32.ts';

interface RecentParts {
  platform: Platform;
  commands: Commands;
  context: RedactionContext;
  signal: AbortSignal;
}

const lines = 400;
const filter = { level: 'warning' } as const;
const dayMs = 24 * 3_600_000;

/** The last warnings and errors of the system, redacted, the oldest first; what people run is left out. */
export async function recentLog(parts: RecentParts): Promise<string[]> {
  const raw = parts.platform === 'win32' ? await events(parts) : await printed(parts);
  return raw
    .filter(({ isPersons }) => !isPersons)
    .slice(-lines)
    .map(({ at, level, unit, words }) => `${new Date(at).toISOString()} ${level} ${unit}: ${words}`)
    .map((line) => redact(line, parts.context).replaceAll('\n', ' '));
}

async function printed({ platform, commands, signal }: RecentParts): Promise<RawLine[]> {
  const program = platform === 'linux' ? journal(filter, lines, false) : unifiedLog(filter, '30m');
  if (!program) return [];
  const { code, stdout } = await commands.run(program.path, program.args, { timeoutMs: 20_000, signal });
  return code === 0 ? stdout.split('\n').flatMap((line) => program.parse(line) ?? []) : [];
}

async function events({ commands, signal }: RecentParts): Promise<RawLine[]> {
  const found = await Promise.all(
    eventLogs.map(async (log) => {
      const query = eventQuery(log, filter, dayMs);
      const told = query && (await commands.run(query.path, query.args, { timeoutMs: 20_000, signal }));
      return told?.code === 0 ? parseEvents(told.stdout) : [];
    }),
  );
  return found.flat().sort((a, b) => a.at - b.at);
}
