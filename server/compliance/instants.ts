import { Temporal } from 'temporal-polyfill';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Span } from '../store/views/compliance-histories.ts';

const dayMs = 86_400_000;
const usualSpanMs = 90 * dayMs;
const longestSpanMs = 731 * dayMs;

/**
 * The instant a request asks for (epoch ms); absent: now. `since` is when the first thing was known. Throws `bad-request`
 * for what is no instant, and for one nothing can be known of.
 */
export function instantFrom(written: string | undefined, now: number, since: number | null): number {
  if (written === undefined) return now;
  const at = readInstant(written, 'at');
  demandPast(at, now, 'at');
  if (since === null || at < since) throw nothingKnown(since);
  return at;
}

/** The span a request asks for; absent: the last 90 days. Throws `bad-request` where it cannot be answered. */
export function spanFrom(asked: { from?: string; to?: string }, now: number, since: number | null): Span {
  const to = asked.to === undefined ? now : readInstant(asked.to, 'to');
  demandPast(to, now, 'to');
  const from = asked.from === undefined ? to - usualSpanMs : readInstant(asked.from, 'from');
  if (from >= to) throw new CodedError('bad-request', 'The span ends before it begins. Exchange “from” and “to”.');
  if (to - from > longestSpanMs)
    throw new CodedError('bad-request', 'The span is longer than two years. Choose a later “from” or an earlier “to”.');
  if (asked.to !== undefined && (since === null || to < since)) throw nothingKnown(since);
  return { from, to };
}

function readInstant(written: string, name: string): number {
  try {
    return Temporal.Instant.from(written).epochMilliseconds;
  } catch (error) {
    const words = `“${name}” is no instant. Write it like 2026-10-03T15:00:00Z.`;
    throw new CodedError('bad-request', words, [], error);
  }
}

function demandPast(at: number, now: number, name: string): void {
  if (at > now) throw new CodedError('bad-request', `“${name}” lies in the future. Choose an earlier instant.`);
}

function nothingKnown(since: number | null): CodedError {
  return new CodedError(
    'bad-request',
    since === null
      ? 'No device has been judged here yet, so nothing is known of the past.'
      : `Records begin on ${beginning.format(since)} UTC. Choose a later moment.`,
  );
}

/** `26 January 2026 at 14:58` */
const beginning = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
