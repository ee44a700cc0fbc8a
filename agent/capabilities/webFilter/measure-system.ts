import type { Decision } from '../../../shared/filter/decision.ts';
import type { WebFilterSettings } from '../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import { hasNetwork, type ProbeOptions, type ProbeResult, probeSystem } from '../../filter/probe.ts';
import type { Measurement } from './measure.ts';
import { inTurns, type Probed, summaryOf, timed } from './probing.ts';

type BlockAnswer = NonNullable<WebFilterSettings['blockAnswer']>;

export interface SystemMeasureOptions extends ProbeOptions {
  blockAnswer: BlockAnswer;
  /** Where the device's own pages answer. */
  pageAddress?: string;
}

/** Each takes one of the four threads by which files are read too. */
const atOnce = 2;

/**
 * Asks the way programs do, which proves that the host really is pointed at the filter: for a blocked name, for the name
 * browsers ask, which exists everywhere else, and then for every other name that must be blocked. Only the answer this
 * filter gives counts. A resolver that is dead looks the same to a program as one that refuses, so a refused name is proof
 * only beside the other line. While the host is on no network, programs may get no answer: nothing can be proved then, and
 * nothing can leak.
 */
export async function measureSystem(
  measurements: readonly Measurement[],
  options: SystemMeasureOptions,
): Promise<Evidence[]> {
  const blocked = measurements.filter(({ decision }) => decision.action === 'block');
  const browsers = measurements.find(({ decision }) => decision.action === 'nxdomain');
  const first = await inTurns(blocked.slice(0, 1), atOnce, (measurement) => ask(measurement, options));
  const told = await inTurns(browsers ? [browsers] : [], atOnce, (measurement) => ask(measurement, options));
  const lines = [...first, ...told].map((probed) => lineOf(probed, options));
  // A host that is not pointed here would make each of the others wait for nothing.
  const goesOn = first.every(({ isBlocked }) => isBlocked) && told.every(({ isBlocked }) => isBlocked);
  if (!goesOn) return lines;
  const rest = await inTurns(blocked.slice(1), atOnce, (measurement) => ask(measurement, options));
  return [...lines, ...summaryOf('blocking, measured as programs on this host see it', [...first, ...rest])];
}

interface SystemProbed extends Probed {
  decision: Decision;
}

async function ask({ item, name, decision }: Measurement, options: SystemMeasureOptions): Promise<SystemProbed> {
  const wanted = wantedFor(decision, options.blockAnswer);
  // The dot keeps search domains out: a name that must not be found would be looked for below each of them.
  const asked = wanted.outcomes.includes('no-such-name') ? `${name}.` : name;
  const { result, ms } = await timed(options.clock, () => probeSystem(asked, options));
  const isBlocked =
    wanted.outcomes.includes(result.outcome) || (wanted === wantedOfPrograms.page && isPage(result, options));
  return { item, name, decision, result, ms, isBlocked };
}

function lineOf({ name, decision, result, isBlocked }: SystemProbed, options: SystemMeasureOptions): Evidence {
  const item = `programs on this host asking for ${name}`.slice(0, 300);
  const expected = wantedFor(decision, options.blockAnswer).words;
  if ((result.outcome === 'failed' || result.outcome === 'silent') && !hasNetwork()) {
    return { item, expected, seen: 'no network, so no answer', ok: true };
  }
  return { item, expected, seen: result.seen.slice(0, 500), ok: isBlocked };
}

interface Wanted {
  outcomes: ProbeResult['outcome'][];
  words: string;
}

/**
 * What getaddrinfo makes of each answer. For refused the C library has the error of a resolver that failed or gave no
 * answer, and systemd's nss-resolve that of a name that does not exist (seen with systemd 252).
 */
const wantedOfPrograms: Record<BlockAnswer, Wanted> = {
  address: { outcomes: ['blocked'], words: 'no address that leads anywhere' },
  page: { outcomes: ['blocked'], words: 'the address of the device’s own page' },
  nxdomain: { outcomes: ['no-such-name'], words: 'no such name' },
  refused: { outcomes: ['failed', 'no-such-name'], words: 'refused' },
};

function wantedFor({ action }: Decision, blockAnswer: BlockAnswer): Wanted {
  return wantedOfPrograms[action === 'block' ? blockAnswer : 'nxdomain'];
}

function isPage({ outcome, seen }: ProbeResult, { pageAddress }: SystemMeasureOptions): boolean {
  return outcome === 'answered' && seen.split(', ').every((address) => address === pageAddress || address === '::');
}
