import type {
  CertificateFacts,
  ClockFacts,
  InterceptionFacts,
  ServerPathFacts,
} from '../../../shared/diagnostics/judge/server.ts';
import { type Address, agentPaths, agentServerName, enrolmentPaths } from '../../../shared/protocol/enrolment.ts';
import { parseServer, UpstreamSettingError } from '../../filter/upstream/open.ts';
import { linuxTimeSync, macTimeSync, windowsTimeSync } from '../../health/posture/time-sync.ts';
import { expiryOf, notBeforeOf } from '../../identity/certificate.ts';
import { tlsOptions } from '../../identity/https.ts';
import type { ExaminerParts, Look } from '../look.ts';
import { systemLookup } from '../system-lookup.ts';
import { type Destination, leadsTo, type Walk, walkTo } from './tls-path.ts';

export interface ServerLook {
  /** Where sessions are opened, with the certificate of this device. */
  session: Walk;
  /** Where certificates are renewed: it answers without one. */
  enrolment: Walk;
}

const noAddress: Walk = { where: 'nowhere', failure: { step: 'lookup', words: 'no address is known' } };

/** The district's server at both its ports, once for everybody who asks in an examination. */
export async function lookAtServer(parts: ExaminerParts, signal: AbortSignal): Promise<ServerLook> {
  const { agents, enrolment, trust, credentials } = parts.identity();
  const walking = { clock: parts.clock, signal, lookup: parts.lookup ?? systemLookup };
  const to = async (address: Address | undefined, more: Pick<Destination, 'tls' | 'ask'>): Promise<Walk> =>
    address
      ? await walkTo(
          { ...address, ...more, isTrusted: (chain) => leadsTo(chain, trust.root, agentServerName) },
          walking,
        )
      : noAddress;
  const [session, renewal] = await Promise.all([
    to(agents[0], {
      tls: tlsOptions({ root: trust.root, credential: credentials[0] }),
      ask: agentPaths.artifact('0'.repeat(64)),
    }),
    to(enrolment[0], { tls: tlsOptions({ root: trust.root }), ask: enrolmentPaths.trust }),
  ]);
  return { session, enrolment: renewal };
}

/** The server's time counts only when its certificate proves that it is the server. */
function serverTime({ session, enrolment }: ServerLook): Walk['date'] {
  return [enrolment, session].find(({ chain, date }) => chain?.isTrusted && date)?.date;
}

export async function lookAtInterception(look: Look): Promise<InterceptionFacts> {
  const [{ session, enrolment }, canary] = await Promise.all([look.server(), canaryOf(look)]);
  const server =
    [session, enrolment].find(({ chain }) => chain && !chain.isTrusted) ?? (session.chain ? session : enrolment);
  return { server, ...(canary && { canary }) };
}

/** The encrypted resolver the policy names, if it names one. */
async function canaryOf(look: Look): Promise<Walk | undefined> {
  const upstream = look.sections().webFilter?.settings.upstream;
  if (upstream?.kind !== 'doh' && upstream?.kind !== 'dot') return undefined;
  const isDoh = upstream.kind === 'doh';
  const written = (isDoh ? upstream.addresses : upstream.servers)[0] ?? '';
  const url = isDoh && URL.canParse(upstream.url) ? new URL(upstream.url) : undefined;
  const servername = isDoh ? url?.hostname : upstream.serverName;
  const server = addressOf(written, isDoh ? Number(url?.port || 443) : 853);
  if (!server || servername === undefined) return undefined;
  const tls = { servername, ...(look.publicRoots && { ca: [...look.publicRoots] }) };
  return await walkTo(
    { host: server.address, port: server.port, tls, isTrusted: (_, socket) => isPublic(socket) },
    look,
  );
}

function addressOf(written: string, port: number) {
  try {
    return parseServer(written, port);
  } catch (error) {
    if (error instanceof UpstreamSettingError) return undefined;
    throw error;
  }
}

/** A certificate that only the clock finds fault with was still issued by somebody systems trust. */
const onlyTheDate = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

function isPublic({ authorized, authorizationError }: { authorized: boolean; authorizationError: unknown }): boolean {
  return authorized || onlyTheDate.has(codeOf(authorizationError));
}

/** Node gives the code itself, or an error that has it. */
function codeOf(error: unknown): string {
  return typeof error === 'string' ? error : String((error as { code?: unknown } | undefined)?.code ?? '');
}

export async function lookAtClock(look: Look): Promise<ClockFacts> {
  const [server, sync] = await Promise.all([look.server(), syncOf(look)]);
  const date = serverTime(server);
  if (date) return { ...date, ...(look.now && { trusted: look.now() }), sync };
  return { machine: look.clock.now(), ...(look.now && { trusted: look.now() }), sync };
}

async function syncOf({ platform, commands }: Look): Promise<NonNullable<ClockFacts['sync']>> {
  if (platform === 'linux') return (await linuxTimeSync(commands)).state;
  return (await (platform === 'win32' ? windowsTimeSync(commands) : macTimeSync(commands))).state;
}

export async function lookAtCertificate(look: Look): Promise<CertificateFacts> {
  const { certificateChain } = look.identity().credentials[0];
  const now = serverTime(await look.server())?.server ?? look.now?.() ?? look.clock.now();
  return { validFrom: notBeforeOf(certificateChain), validUntil: expiryOf(certificateChain), now };
}

export async function lookAtServerPath(look: Look): Promise<ServerPathFacts> {
  const [{ session }, status] = await Promise.all([look.server(), look.status()]);
  return {
    path: session,
    isConnected: status.connected,
    ...(status.whyNotConnected !== undefined && { whyNot: status.whyNotConnected }),
  };
}
