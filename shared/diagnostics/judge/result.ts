import type { ProbeName, ProbeResult, ProbeStatus } from '../probe.ts';

export type Evidence = ProbeResult['evidence'];
/** What was seen of an item; undefined: nothing, and it is left out. */
export type Seen = Record<string, string | undefined>;

/** The most that fits into the contract. */
const longest = { words: 500, item: 200, lines: 20 };

function result(probe: ProbeName, status: ProbeStatus, words: string, seen: Seen, fix?: string): ProbeResult {
  const evidence = Object.entries(seen).flatMap(([item, what]) =>
    what === undefined ? [] : [{ item: item.slice(0, longest.item), seen: what.slice(0, longest.words) }],
  );
  return {
    probe,
    status,
    words: words.slice(0, longest.words),
    evidence: evidence.slice(0, longest.lines),
    ...(fix === undefined ? {} : { fix: fix.slice(0, longest.words) }),
  };
}

export const ok = (probe: ProbeName, words: string, seen: Seen = {}) => result(probe, 'ok', words, seen);

export const warn = (probe: ProbeName, words: string, seen: Seen, fix: string) =>
  result(probe, 'warn', words, seen, fix);

export const bad = (probe: ProbeName, words: string, seen: Seen, fix: string) => result(probe, 'bad', words, seen, fix);

/** Nothing could be read, and why. Never a guess. */
export const unknown = (probe: ProbeName, words: string, seen: Seen = {}) => result(probe, 'unknown', words, seen);

/** This device has no such thing. */
export const notApplicable = (probe: ProbeName, words: string, seen: Seen = {}) =>
  result(probe, 'not-applicable', words, seen);
