import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { type Address, agentServerName } from '../../shared/protocol/enrolment.ts';
import { type Credential, leafPem } from './certificate.ts';

/** The server could not be reached, or what answered is not the district's server. */
export class Unreachable extends Error {
  constructor(address: Address, cause: unknown) {
    super(`${address.host}:${address.port} could not be reached: ${(cause as Error).message}`, { cause });
    this.name = 'Unreachable';
  }
}

export interface TlsTrust {
  /** The district's root certificate, PEM: the only authority that counts. */
  root: string;
  /** Shown to the server where it demands one. */
  credential?: Credential;
}

export interface HttpsAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Without a byte; see `artifact-download.ts`. */
const timeoutMs = 45_000;
const bodyLimit = 262_144;

/**
 * TLS 1.3, the district's root alone, and the name that every server leaf for agents carries. The leaf alone is shown: the
 * server holds every certificate it was issued by, and a copy of those would cost it 7 KB for as long as the connection lasts.
 */
export function tlsOptions({ root, credential }: TlsTrust) {
  return {
    ca: [root],
    servername: agentServerName,
    minVersion: 'TLSv1.3' as const,
    rejectUnauthorized: true,
    ...(credential ? { key: credential.key, cert: leafPem(credential.certificateChain) } : {}),
  };
}

/** Asks the district's server. Throws `Unreachable`; every status is an answer. */
export async function ask(
  address: Address,
  trust: TlsTrust,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<HttpsAnswer> {
  return await exchange(address, { ...tlsOptions(trust), method, path }, body);
}

/**
 * The one request that is made before anything is trusted: its answer is only ever compared with a hash the token
 * carries (RFC 7030 section 4.1.1 calls this bootstrapping by a fingerprint known otherwise).
 */
export async function askUnverified(address: Address, path: string): Promise<HttpsAnswer> {
  const options = { rejectUnauthorized: false, servername: agentServerName, minVersion: 'TLSv1.3' as const };
  return await exchange(address, { ...options, method: 'GET', path });
}

async function exchange(address: Address, options: RequestOptions, body?: unknown): Promise<HttpsAnswer> {
  const content = body === undefined ? undefined : JSON.stringify(body);
  const headers = content === undefined ? {} : { 'content-type': 'application/json' };
  try {
    return await new Promise((resolve, reject) => {
      const request = httpsRequest(
        { ...options, host: address.host, port: address.port, headers, agent: false, timeout: timeoutMs },
        (response) => {
          collect(response).then(resolve, reject);
        },
      );
      request.on('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
      request.on('error', reject);
      request.end(content);
    });
  } catch (error) {
    throw new Unreachable(address, error);
  }
}

async function collect(response: IncomingMessage): Promise<HttpsAnswer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > bodyLimit) throw new Error(`an answer of more than ${bodyLimit} bytes`);
    parts.push(part);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) };
}
