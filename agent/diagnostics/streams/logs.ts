import type { StreamFilter } from '../../../shared/diagnostics/streams.ts';
import type { StreamRequest } from '../session/streams.ts';
import { unifiedLog } from './log-darwin.ts';
import type { LogLine, LogProgram, RawLine } from './log-lines.ts';
import { journal } from './log-linux.ts';
import { type EventLine, eventLogs, eventQuery, parseEvents } from './log-win32.ts';
import type { SampleOf, StreamParts, StreamSource, Taken } from './stream-parts.ts';

type Sample = SampleOf<'logs'>;

const mostLines = 100;
const longestWords = 1_000;
/** A sample must fit into its frame in any script. */
const mostCharacters = 24_000;
/** More of a second are counted and not read: a log that runs wild must not cost the device more than it does. */
const mostRead = 300;
/** Of those that were before the stream was opened. */
const first = 30;

/**
 * New lines of the system's log, as the filter says. Lines of what people run are left out; the text of the filter is looked
 * for in what is told, so that nobody can search for what is not.
 */
export function logSource(parts: StreamParts, { filter }: Pick<StreamRequest, 'filter'>): StreamSource<Sample> {
  if (parts.platform === 'win32') return eventLog(parts, filter);
  const program = parts.platform === 'linux' ? journal(filter, first, true) : unifiedLog(filter);
  return program ? followed(program, parts, filter) : nothing;
}

const nothing: StreamSource<Sample> = { take: async () => ({ sample: undefined, isLast: true }) };

/** Lines that wait to be told, the oldest of too many left out and counted. */
class Waiting {
  readonly #told: (line: RawLine) => LogLine | undefined;
  #lines: LogLine[] = [];
  #dropped = 0;
  #read = 0;

  constructor({ redactor }: StreamParts, { text }: StreamFilter) {
    const wanted = text?.toLowerCase() ?? '';
    this.#told = ({ at, level, unit, words, isPersons }) => {
      if (isPersons) return undefined;
      const line = { at, level, unit: redactor.text(unit, 200), words: redactor.text(words, longestWords) };
      return line.words.toLowerCase().includes(wanted) ? line : undefined;
    };
  }

  /** False when enough was read for now. */
  add(parse: () => RawLine | undefined): void {
    this.#read += 1;
    if (this.#read > mostRead) {
      this.#dropped += 1;
      return;
    }
    const raw = parse();
    const line = raw && this.#told(raw);
    if (!line) return;
    this.#lines.push(line);
    if (this.#lines.length <= mostLines) return;
    this.#lines.shift();
    this.#dropped += 1;
  }

  take(): Sample {
    const [lines, dropped] = [withinFrame(this.#lines), this.#dropped];
    const left = this.#lines.length - lines.length;
    [this.#lines, this.#dropped, this.#read] = [[], 0, 0];
    return { kind: 'logs', lines, dropped: dropped + left };
  }

  /** What did not leave comes first again, as far as there is room. */
  putBack({ lines, dropped }: Sample): void {
    const all = [...lines, ...this.#lines];
    this.#lines = all.slice(-mostLines);
    this.#dropped += dropped + all.length - this.#lines.length;
  }
}

/** The newest that fit. */
function withinFrame(lines: readonly LogLine[]): LogLine[] {
  let room = mostCharacters;
  const from = lines.findLastIndex(({ words, unit }) => {
    room -= words.length + unit.length + 60;
    return room < 0;
  });
  return lines.slice(from + 1);
}

function followed(program: LogProgram, parts: StreamParts, filter: StreamFilter): StreamSource<Sample> {
  const waiting = new Waiting(parts, filter);
  let isOver = false;
  const running = parts.follower.follow(program.path, program.args, {
    line: (line) => waiting.add(() => program.parse(line)),
    ended: () => {
      isOver = true;
    },
  });
  return {
    take: async (): Promise<Taken<Sample>> => ({ sample: waiting.take(), isLast: isOver }),
    undo: (sample) => waiting.putBack(sample),
    stop: () => running.stop(),
  };
}

const eventsEveryMs = 3_000;
const beforeMs = 300_000;

/** Windows has no program that says new events as they come: it is asked each few seconds, and what was told is left out. */
function eventLog(parts: StreamParts, filter: StreamFilter): StreamSource<Sample> {
  const { clock, commands } = parts;
  const waiting = new Waiting(parts, filter);
  const last = new Map<string, number>();
  let askedAt = Number.NEGATIVE_INFINITY;
  const ask = async (log: (typeof eventLogs)[number], within: number): Promise<EventLine[]> => {
    const query = eventQuery(log, filter, within);
    const { code, stdout } = query ? await commands.run(query.path, query.args) : { code: -1, stdout: '' };
    const known = last.get(log) ?? 0;
    const fresh = code === 0 ? parseEvents(stdout).filter(({ record }) => record > known) : [];
    last.set(log, Math.max(known, ...fresh.map(({ record }) => record)));
    return fresh;
  };
  return {
    take: async () => {
      const since = clock.monotonic() - askedAt;
      if (since >= eventsEveryMs) {
        askedAt = clock.monotonic();
        const within = Number.isFinite(since) ? since + eventsEveryMs : beforeMs;
        const found = await Promise.all(eventLogs.map((log) => ask(log, within)));
        for (const line of found.flat().sort((a, b) => a.at - b.at)) waiting.add(() => line);
      }
      return { sample: waiting.take() };
    },
    undo: (sample) => waiting.putBack(sample),
  };
}
