import { isIP } from 'node:net';
import packet from 'dns-packet';
import type { LookupStep, NameLookupFacts } from '../../../shared/diagnostics/judge/network.ts';
import { probeResolver } from '../../filter/probe.ts';
import { openUpstream, UpstreamSettingError } from '../../filter/upstream/open.ts';
import type { ServerAddress } from '../../filter/upstream/udp.ts';
import { askOnce, isUnhelpful, UpstreamError } from '../../filter/upstream/upstream.ts';
import { inTime, TooSlow } from '../in-time.ts';
import type { Look } from '../look.ts';
import { filterOf } from './filter.ts';

const patienceMs = 5_000;

/** The way of a name, each step asked by itself and timed. */
export async function lookAtNames(look: Look): Promise<NameLookupFacts> {
  const name = nameToAsk(look);
  const { resolver, isInForce } = filterOf(await look.status());
  const [system, filter, upstream] = await Promise.all([
    askSystem(look, name),
    isInForce && resolver ? askFilter(look, resolver, name) : notAsked,
    askUpstream(look, name, resolver),
  ]);
  return { name, system, filter, upstream };
}

const notAsked: LookupStep = { outcome: 'not-asked' };

/** The district's own server, or else what systems ask by themselves: never a name that tells about the person. */
function nameToAsk({ identity, portal }: Look): string {
  const own = identity().agents.find(({ host }) => isIP(host) === 0 && host.includes('.'));
  return own?.host ?? new URL(portal.url).hostname;
}

async function askSystem(look: Look, name: string): Promise<LookupStep> {
  return await timed(look, async () => {
    try {
      return { outcome: (await look.lookup(name)).length > 0 ? 'answered' : 'no-such-name' };
    } catch (error) {
      const { code = 'failed' } = error as NodeJS.ErrnoException;
      return code === 'ENOTFOUND' ? { outcome: 'no-such-name' } : { outcome: 'failed', words: code };
    }
  });
}

async function askFilter(look: Look, resolver: ServerAddress, name: string): Promise<LookupStep> {
  return await timed(look, async () => {
    const { outcome, seen } = await probeResolver(resolver, name, 'A', { ...look, timeoutMs: patienceMs });
    if (outcome === 'failed' || outcome === 'silent') return { outcome, words: seen };
    return { outcome: outcome === 'no-such-name' ? 'no-such-name' : 'answered' };
  });
}

/** Through sockets of its own, closed afterwards: what the filter remembers of a name must not hide that nobody answers. */
async function askUpstream(look: Look, name: string, self: ServerAddress | undefined): Promise<LookupStep> {
  const setting = look.sections().webFilter?.settings.upstream ?? { kind: 'system' as const };
  const systemServers = await look.systemServers();
  if (setting.kind === 'system' && systemServers.length === 0) return notAsked;
  return await timed(look, async () => {
    try {
      const upstream = await openUpstream(setting, { ...look, systemServers, self });
      try {
        const answer = await askOnce(upstream, questionFor(look, name));
        if (isUnhelpful(answer)) return { outcome: 'failed', words: `error ${(answer[3] ?? 0) & 0xf}` };
        return { outcome: ((answer[3] ?? 0) & 0xf) === 3 ? 'no-such-name' : 'answered' };
      } finally {
        upstream.close();
      }
    } catch (error) {
      return upstreamFailure(error);
    }
  });
}

function upstreamFailure(error: unknown): LookupStep {
  if (error instanceof UpstreamSettingError) return { outcome: 'failed', words: error.message };
  if (!(error instanceof UpstreamError)) throw error;
  if (error.failure === 'none') return notAsked;
  return { outcome: error.failure === 'timed-out' ? 'silent' : 'failed', words: error.message };
}

function questionFor({ random }: Look, name: string) {
  const [high = 0, low = 0] = random.bytes(2);
  const id = (high << 8) | low;
  const encoded = Buffer.from(
    packet.encode({ type: 'query', id, flags: packet.RECURSION_DESIRED, questions: [{ name, type: 'A' }] }),
  );
  return { packet: encoded, id, end: encoded.length, stream: false };
}

async function timed(look: Look, ask: () => Promise<LookupStep>): Promise<LookupStep> {
  const began = look.clock.monotonic();
  const step = await inTime(ask(), patienceMs, look).catch(silence);
  return step.outcome === 'not-asked' ? step : { ...step, ms: Math.round(look.clock.monotonic() - began) };
}

function silence(error: unknown): LookupStep {
  if (error instanceof TooSlow) return { outcome: 'silent', words: error.message };
  throw error;
}
