import type { RecordType } from 'dns-packet';
import { decideName, type FilterPolicy } from '../../../shared/filter/decide.ts';
import type { Decision } from '../../../shared/filter/decision.ts';
import { normaliseName } from '../../../shared/filter/name.ts';
import type { WebFilterSection } from '../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import { type ProbeOptions, type ProbeResult, probeResolver } from '../../filter/probe.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import { inTurns, type Probed, summaryOf, timed } from './probing.ts';

/** A name to ask for, what it stands for, and what must come. */
export interface Measurement {
  item: string;
  name: string;
  type: RecordType;
  decision: Decision;
  /** A name that passes and is asked for all the same, to see that it is not blocked. */
  isEssential?: boolean;
}

type Asked = [item: string, name: string, type: RecordType];

const canaryName = 'use-application-dns.net';
const searchHost = 'www.google.com';
const youtubeHost = 'www.youtube.com';
/** Of possibly thousands of blocked domains, and hundreds of essentials. */
const domainsAsked = 5;
const essentialsAsked = 3;
/** A pass must not hold up what the person asks. */
const atOnce = 8;

/**
 * What is measured of a section: the name browsers ask to learn of a filter, each category by its canary name, the first
 * blocked domains, safe search, and the first essentials. Lists that are not here are not asked for: the policy's own line
 * says so. What must come is decided by the policy of now, so that a name that is allowed, or opened at this hour, is not
 * called a leak.
 */
export function measurementsOf(
  { settings, lists, essentials = [] }: WebFilterSection,
  policy: FilterPolicy,
): Measurement[] {
  const loaded = new Set(policy.categories.map(({ id }) => id));
  const names: Asked[] = [
    ['browsers told to keep to this resolver', canaryName, 'A'],
    ...lists.flatMap(({ category, canary }): Asked[] =>
      canary === undefined || !loaded.has(category) ? [] : [[`category ${category}`, canary, 'A']],
    ),
    ...(settings.blockedDomains ?? [])
      .slice(0, domainsAsked)
      .map((pattern): Asked => [`blocked domain ${pattern}`, sampleOf(pattern), 'A']),
    // Asked as CNAME, which the resolver answers by itself: the proof does not depend on the network.
    ...(settings.safeSearch ? [['safe search', searchHost, 'CNAME'] satisfies Asked] : []),
    ...(settings.youtube && settings.youtube !== 'off'
      ? [[`YouTube ${settings.youtube}`, youtubeHost, 'CNAME'] satisfies Asked]
      : []),
  ];
  const passing = essentials
    .slice(0, essentialsAsked)
    .map((pattern): Asked => [`essential ${pattern}`, sampleOf(pattern), 'A']);
  const made = (isEssential: boolean) => (asked: Asked) => measurementOf(asked, policy, isEssential);
  return [...names.flatMap(made(false)), ...passing.flatMap(made(true))];
}

/**
 * Asks the resolver for each. Names that pass are not asked, so that nothing leaves the device, but for essentials: of those
 * any answer will do that is no block, as they may not exist on the network of now.
 */
export async function measure(
  measurements: readonly Measurement[],
  server: ServerAddress,
  options: ProbeOptions,
): Promise<Evidence[]> {
  const blocked: Probed[] = [];
  const lines = await inTurns(measurements, atOnce, async ({ item, name, type, decision, isEssential }) => {
    const what = isEssential ? item : `${item}: ${name}`;
    if (decision.action === 'pass' && !isEssential) return line(what, passWords(decision), 'not asked', true);
    const { result, ms } = await timed(options.clock, () => probeResolver(server, name, type, options));
    if (isEssential) return essentialLine(what, result);
    const fit = fits(decision, result);
    if (decision.action === 'block') blocked.push({ item, name, result, ms, isBlocked: fit });
    return line(what, expectedWords(decision), result.seen, fit);
  });
  return [...summaryOf('blocking, measured at the filter', blocked), ...lines];
}

function measurementOf([item, written, type]: Asked, policy: FilterPolicy, isEssential: boolean): Measurement[] {
  const name = normaliseName(written);
  return name === undefined ? [] : [{ item, name, type, decision: decideName(name, policy), isEssential }];
}

function sampleOf(pattern: string): string {
  return pattern.startsWith('*.') ? `rollcall-probe.${pattern.slice(2)}` : pattern.replace(/^=/, '');
}

function expectedWords({ action, target }: Decision): string {
  if (action === 'rewrite') return `sent to ${target}`;
  return { pass: 'answered', block: 'blocked', nxdomain: 'no such name', nodata: 'no records' }[action];
}

function passWords({ layer, rule, assignment }: Decision): string {
  if (layer === 'override') return `opened by ${assignment ?? 'staff'}`;
  if (layer === 'schedule') return `opened by the schedule "${rule ?? ''}"`;
  return layer === 'default' ? 'not in force now' : 'allowed by a rule';
}

function fits({ action, target }: Decision, { outcome, seen }: ProbeResult): boolean {
  if (action === 'rewrite') return outcome === 'rewritten' && seen.split(', ')[0] === target;
  const wanted = { pass: 'answered', block: 'blocked', nxdomain: 'no-such-name', nodata: 'no-data' }[action];
  return outcome === wanted;
}

/** Without the answer, which changes with the network. */
function essentialLine(item: string, { outcome, seen }: ProbeResult): Evidence {
  return outcome === 'blocked'
    ? line(item, 'not blocked', seen, false)
    : line(item, 'not blocked', 'not blocked', true);
}

/** Without the time it took: see `summaryOf`. */
function line(item: string, expected: string, seen: string, ok: boolean): Evidence {
  return { item: item.slice(0, 300), expected: expected.slice(0, 500), seen: seen.slice(0, 500), ok };
}
