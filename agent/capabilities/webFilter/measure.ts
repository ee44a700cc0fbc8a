import type { RecordType } from 'dns-packet';
import { decideName, type FilterPolicy } from '../../../shared/filter/decide.ts';
import type { Decision } from '../../../shared/filter/decision.ts';
import { normaliseName } from '../../../shared/filter/name.ts';
import type { WebFilterSection, WebFilterSettings } from '../../../shared/profile/web-filter.ts';
import type { Evidence } from '../../../shared/protocol/messages.ts';
import { hasNetwork, type ProbeOptions, type ProbeResult, probeResolver, probeSystem } from '../../filter/probe.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';

/** A name to ask for, what it stands for, and what must come. */
export interface Measurement {
  item: string;
  name: string;
  type: RecordType;
  decision: Decision;
}

const canaryName = 'use-application-dns.net';
const searchHost = 'www.google.com';
const youtubeHost = 'www.youtube.com';
/** Blocked domains that are asked for, of possibly thousands. */
const domainsAsked = 5;

/**
 * What is measured of a section: the name browsers ask to learn of a filter, each category by its canary name, the first
 * blocked domains, safe search. Lists that are not here are not asked for: the policy's own line says so. What must come is decided by the same rules, so that an allowed name is not called a leak.
 */
export function measurementsOf({ settings, lists }: WebFilterSection, policy: FilterPolicy): Measurement[] {
  const loaded = new Set(policy.categories.map(({ id }) => id));
  const names: [string, string, RecordType][] = [
    ['browsers told to keep to this resolver', canaryName, 'A'],
    ...lists.flatMap(({ category, canary }): [string, string, RecordType][] =>
      canary === undefined || !loaded.has(category) ? [] : [[`category ${category}`, canary, 'A']],
    ),
    ...(settings.blockedDomains ?? [])
      .slice(0, domainsAsked)
      .map((pattern): [string, string, RecordType] => [`blocked domain ${pattern}`, sampleOf(pattern), 'A']),
    // Asked as CNAME, which the resolver answers by itself: the proof does not depend on the network.
    ...(settings.safeSearch ? [['safe search', searchHost, 'CNAME'] satisfies [string, string, RecordType]] : []),
    ...(settings.youtube && settings.youtube !== 'off'
      ? [[`YouTube ${settings.youtube}`, youtubeHost, 'CNAME'] satisfies [string, string, RecordType]]
      : []),
  ];
  return names.flatMap(([item, written, type]) => {
    const name = normaliseName(written);
    return name === undefined ? [] : [{ item, name, type, decision: decideName(name, policy) }];
  });
}

/** Asks the resolver for each; names that are allowed on purpose are not asked, so nothing leaves the device. */
export async function measure(
  measurements: readonly Measurement[],
  server: ServerAddress,
  options: ProbeOptions,
): Promise<Evidence[]> {
  return await Promise.all(
    measurements.map(async ({ item, name, type, decision }) => {
      if (decision.action === 'pass')
        return { item: shorten(item), expected: 'allowed by a rule', seen: 'not asked', ok: true };
      const result = await probeResolver(server, name, type, options);
      return line(`${item}: ${name}`, expectedWords(decision), result, fits(decision, result));
    }),
  );
}

type BlockAnswer = NonNullable<WebFilterSettings['blockAnswer']>;

/**
 * Asks the way programs do, which proves that the host really is pointed at the filter: for a blocked name, and for the
 * name browsers ask, which exists everywhere else. Only the answer this filter gives counts. A resolver that is dead looks
 * the same to a program as one that refuses, so a refused name is proof only beside the other line. While the host is on no
 * network, programs may get no answer: nothing can be proved then, and nothing can leak.
 */
export async function measureSystem(
  measurements: readonly Measurement[],
  blockAnswer: BlockAnswer,
  options: ProbeOptions,
): Promise<Evidence[]> {
  const asked = [
    measurements.find(({ decision }) => decision.action === 'block'),
    measurements.find(({ decision }) => decision.action === 'nxdomain'),
  ].filter((measurement) => measurement !== undefined);
  return await Promise.all(
    asked.map(async ({ name, decision }) => {
      const wanted = decision.action === 'block' ? wantedOfPrograms[blockAnswer] : wantedOfPrograms.nxdomain;
      // The dot keeps search domains out: a name that must not be found would be looked for below each of them.
      const result = await probeSystem(wanted === wantedOfPrograms.address ? name : `${name}.`, options);
      const item = `programs on this host asking for ${name}`;
      if (isNoAnswer(result) && !hasNetwork()) {
        return { item: shorten(item), expected: wanted.words, seen: 'no network, so no answer', ok: true };
      }
      return line(item, wanted.words, result, wanted.outcomes.includes(result.outcome));
    }),
  );
}

function isNoAnswer({ outcome }: ProbeResult): boolean {
  return outcome === 'failed' || outcome === 'silent';
}

/**
 * What getaddrinfo makes of each answer. For refused the C library has the error of a resolver that failed or gave no
 * answer, and systemd's nss-resolve that of a name that does not exist (seen with systemd 252).
 */
const wantedOfPrograms: Record<BlockAnswer, { outcomes: ProbeResult['outcome'][]; words: string }> = {
  address: { outcomes: ['blocked'], words: 'no address that leads anywhere' },
  nxdomain: { outcomes: ['no-such-name'], words: 'no such name' },
  refused: { outcomes: ['failed', 'no-such-name'], words: 'refused' },
};

function sampleOf(pattern: string): string {
  return pattern.startsWith('*.') ? `rollcall-probe.${pattern.slice(2)}` : pattern.replace(/^=/, '');
}

function expectedWords({ action, target }: Decision): string {
  if (action === 'rewrite') return `sent to ${target}`;
  return { pass: 'answered', block: 'blocked', nxdomain: 'no such name', nodata: 'no records' }[action];
}

function fits({ action, target }: Decision, { outcome, seen }: ProbeResult): boolean {
  if (action === 'rewrite') return outcome === 'rewritten' && seen.split(', ')[0] === target;
  const wanted = { pass: 'answered', block: 'blocked', nxdomain: 'no-such-name', nodata: 'no-data' }[action];
  return outcome === wanted;
}

/** Without the time it took: evidence that differs from pass to pass would be sent again with each of them. */
function line(item: string, expected: string, { seen }: ProbeResult, ok: boolean): Evidence {
  return { item: shorten(item), expected, seen: seen.slice(0, 500), ok };
}

function shorten(item: string): string {
  return item.slice(0, 300);
}
