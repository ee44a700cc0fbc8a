import { closeSync, openSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Address, agentPaths, deltaFromHeader, deltaType } from '../../shared/protocol/enrolment.ts';
import { type TlsTrust, tlsOptions } from '../identity/https.ts';
import type { Download, WantedArtifact } from './artifact-cache.ts';

/** As large as a list may be (`shared/profile/web-filter.ts`). */
const largest = 134_217_728;
/** On a line that loses every third packet, TCP itself is silent for a minute and goes on. */
const idleTimeoutMs = 90_000;

/**
 * Fetches artefacts over HTTPS with the device's certificate, continuing a part that is there (RFC 9110 section 14).
 * `where` says from which server, each time anew.
 */
export function downloadFrom(where: () => { address: Address; trust: TlsTrust }): Download {
  return async (wanted) => {
    const offset = wanted.begun?.offset ?? 0;
    const response = await get(where(), agentPaths.artifact(wanted.hash, wanted.held), offset);
    const status = response.statusCode ?? 0;
    const from = startOfDelta(response, wanted);
    const continues = status === 206 && startOf(response) === offset && from === wanted.begun?.from;
    if (!continues && status !== 200) {
      response.destroy();
      if (status === 416 || status === 206) await rm(wanted.part(wanted.begun?.from), { force: true });
      throw new Error(`the server answered with status ${status}`);
    }
    const file = openSync(wanted.part(from), continues ? 'a' : 'w', 0o600);
    try {
      await pipeline(response, written(file, largest - (continues ? offset : 0)));
    } finally {
      closeSync(file);
    }
    return from;
  };
}

async function get(
  { address, trust }: { address: Address; trust: TlsTrust },
  path: string,
  offset: number,
): Promise<IncomingMessage> {
  const headers = offset > 0 ? { range: `bytes=${offset}-` } : {};
  return await new Promise((resolve, reject) => {
    const options = { ...tlsOptions(trust), host: address.host, port: address.port, path, headers, agent: false };
    const asked = request({ ...options, timeout: idleTimeoutMs }, resolve);
    asked.on('timeout', () => asked.destroy(new Error('the server is silent')));
    asked.on('error', reject);
    asked.end();
  });
}

/** Which of the artefacts held the answer starts from; undefined: it is the whole. */
function startOfDelta({ headers }: IncomingMessage, { held }: WantedArtifact): string | undefined {
  const from = headers[deltaFromHeader];
  return headers['content-type'] === deltaType ? held.find((hash) => hash === from) : undefined;
}

function startOf(response: IncomingMessage): number | undefined {
  const start = /^bytes (\d+)-/.exec(response.headers['content-range'] ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}

/** Each part is in the file when the next comes, so that what breaks off goes on where it was. */
function written(file: number, limit: number): Writable {
  let room = limit;
  return new Writable({
    write(part: Buffer, _encoding, done) {
      room -= part.length;
      if (room < 0) return done(new Error(`the artefact is larger than ${largest} bytes`));
      try {
        writeFileSync(file, part);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
