import type { PortalFacts } from '../../../shared/diagnostics/judge/network.ts';
import { request } from '../../platform/http.ts';
import { inTime } from '../in-time.ts';
import type { Look } from '../look.ts';

/** A page without encryption that answers the same everywhere, unless a network wants a sign-in first. */
export interface PortalCheck {
  url: string;
  /** What the answer holds. */
  answer: string;
}

/** What these systems ask by themselves; hosts of `shared/filter/captive.ts`, which every filter lets through. */
export const portalChecks: Record<Look['platform'], PortalCheck> = {
  linux: { url: 'http://detectportal.firefox.com/success.txt', answer: 'success' },
  win32: { url: 'http://www.msftconnecttest.com/connecttest.txt', answer: 'Microsoft Connect Test' },
  darwin: { url: 'http://captive.apple.com/hotspot-detect.html', answer: 'Success' },
};

const timeoutMs = 5_000;
const longestAnswer = 4_096;

/** Where the answer leads is not told: it names the place somebody is at. */
export async function lookAtPortal(look: Look): Promise<PortalFacts> {
  const { portal, signal, lookup } = look;
  const { hostname } = new URL(portal.url);
  try {
    // As programs ask, so that a filter or a portal answers as it does for them.
    const [address] = await inTime(lookup(hostname), timeoutMs, look);
    if (address === undefined) return { outcome: 'silent', words: 'its name has no address' };
    const { status, body } = await fetched(portal, address, signal);
    if (status === 200 && body.includes(portal.answer)) return { outcome: 'open', words: 'answered as it always does' };
    if (status >= 400) return { outcome: 'silent', words: `answered with error ${status}` };
    return { outcome: 'portal', words: status === 200 ? 'another page came' : `sent elsewhere (${status})` };
  } catch (error) {
    signal.throwIfAborted();
    return { outcome: 'silent', words: (error as NodeJS.ErrnoException).code ?? (error as Error).message };
  }
}

/** 511 is Network Authentication Required (RFC 6585 section 6); it counts as a portal, so it is handed on as 307. */
async function fetched(
  { url }: PortalCheck,
  address: string,
  signal: AbortSignal,
): Promise<{ status: number; body: string }> {
  const { host, port, pathname } = new URL(url);
  return await new Promise((resolve, reject) => {
    const asking = request(
      {
        host: address,
        port: port === '' ? 80 : Number(port),
        path: pathname,
        headers: { host },
        agent: false,
        timeout: timeoutMs,
        signal,
      },
      (response) => {
        let body = '';
        const done = () => {
          const { statusCode = 0 } = response;
          resolve({ status: statusCode === 511 ? 307 : statusCode, body });
          response.destroy();
        };
        response.setEncoding('latin1').on('data', (part: string) => {
          body += part;
          if (body.length > longestAnswer) done();
        });
        response.on('end', done).on('error', reject);
      },
    );
    asking.on('timeout', () => asking.destroy(new Error('no answer in time'))).on('error', reject);
    asking.end();
  });
}
