import type { WebFilterFacts } from '../../../shared/diagnostics/judge/enforcement.ts';
import { probeResolver } from '../../filter/probe.ts';
import { parseServer } from '../../filter/upstream/open.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import type { AgentStatus } from '../../local/status.ts';
import { inTime } from '../in-time.ts';
import type { Look } from '../look.ts';

/** Firefox's canary: the filter says that it does not exist, everybody else that it does. */
const canary = 'use-application-dns.net';
const asked = { filter: 6, programs: 2 };
const patienceMs = 4_000;
const unroutable = new Set(['0.0.0.0', '::']);

/** Where the filter answers, and whether one is to be in force. */
export function filterOf({ resolver, sections }: AgentStatus): {
  resolver: ServerAddress | undefined;
  isInForce: boolean;
  section: AgentStatus['sections'][number] | undefined;
} {
  const section = sections.find((reported) => reported.section === 'webFilter' && reported.hash !== undefined);
  const port = Number(/:(\d{1,5})$/.exec(resolver)?.[1] ?? 0);
  return { resolver: port > 0 ? parseServer(resolver, 53) : undefined, isInForce: section !== undefined, section };
}

/** Asks the filter anew for what must be blocked, and programs’ own way for what must not get past it. */
export async function lookAtFilter(look: Look): Promise<WebFilterFacts> {
  const status = await look.status();
  const { resolver, section } = filterOf(status);
  if (!section) return { isSet: false };
  const common = {
    isSet: true as const,
    status: section.status,
    ...(section.failure && { failure: section.failure.message }),
  };
  if (!resolver) return { ...common, answers: false, leaks: [], asked: 0 };
  const answers =
    (await probeResolver(resolver, canary, 'A', { ...look, timeoutMs: patienceMs })).outcome === 'no-such-name';
  const blocked = section.evidence.flatMap(blockedName);
  const atFilter = answers
    ? await leaksOf(blocked.slice(0, asked.filter), (name) => leaksAt(look, resolver, name))
    : [];
  const isPointed = look.isHost ? await programsAskFilter(look) : undefined;
  const atPrograms = look.isHost
    ? await leaksOf(blocked.slice(0, asked.programs), (name) => leaksToPrograms(look, name, status.page))
    : [];
  return {
    ...common,
    answers,
    ...(isPointed !== undefined && { isPointed }),
    leaks: [...new Set([...atFilter, ...atPrograms])],
    asked: Math.min(blocked.length, asked.filter),
  };
}

/** Of the agent’s own measurement: `category gambling: canary.example`, expected to be blocked now. */
function blockedName({ item, expected }: { item: string; expected: string }): { what: string; name: string }[] {
  const [, what, name] = /^(.+): (\S+)$/.exec(item) ?? [];
  return expected === 'blocked' && what !== undefined && name !== undefined ? [{ what, name }] : [];
}

async function leaksOf(
  names: { what: string; name: string }[],
  leaks: (name: string) => Promise<boolean>,
): Promise<string[]> {
  const found = await Promise.all(names.map(async ({ what, name }) => ((await leaks(name)) ? [what] : [])));
  return found.flat();
}

async function leaksAt(look: Look, resolver: ServerAddress, name: string): Promise<boolean> {
  const { outcome } = await probeResolver(resolver, name, 'A', { ...look, timeoutMs: patienceMs });
  return outcome === 'answered' || outcome === 'rewritten' || outcome === 'no-data';
}

async function leaksToPrograms(look: Look, name: string, page: string | undefined): Promise<boolean> {
  const found = (await addressesOf(look, name)) ?? [];
  const own = page?.replace(/:\d+$/, '');
  return found.some((address) => !unroutable.has(address) && address !== own);
}

/** Undefined where nobody answers, so nothing is proved. */
async function programsAskFilter(look: Look): Promise<boolean | undefined> {
  const found = await addressesOf(look, canary);
  return found === undefined ? undefined : found.length === 0;
}

/** Empty: there is no such name; undefined: no answer. */
async function addressesOf(look: Look, name: string): Promise<string[] | undefined> {
  try {
    return await inTime(look.lookup(name), patienceMs, look);
  } catch (error) {
    look.signal.throwIfAborted();
    return (error as NodeJS.ErrnoException).code === 'ENOTFOUND' ? [] : undefined;
  }
}
