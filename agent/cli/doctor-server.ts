import { lookup } from 'node:dns/promises';
import { createConnection } from 'node:net';
import { type Address, agentPaths, enrolmentPaths } from '../../shared/protocol/enrolment.ts';
import { ask, type HttpsAnswer } from '../identity/https.ts';
import type { Identity } from '../identity/identity-files.ts';
import { systemClock } from '../platform/clock.ts';
import { bad, type Finding, good } from './finding.ts';

const tolerableSkewMs = 5 * 60_000;
const patienceMs = 5_000;

/** From the device to the server: name, port, TLS with both certificates, clock. Each needs the one before. */
export async function serverSteps(identity: Identity): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const step of [nameStep, portStep, tlsStep]) {
    const finding = await step(identity);
    findings.push(finding);
    if (!finding.ok) return findings;
  }
  return [...findings, await clockStep(identity)];
}

async function nameStep({ agents: [address] }: Identity): Promise<Finding> {
  const host = address?.host ?? '';
  try {
    return good('server name', `${host} is ${(await lookup(host)).address}`);
  } catch (error) {
    const fix = "Check this device's network and DNS, and with IT whether the server's name is right.";
    return bad('server name', `${host} cannot be found (${(error as Error).message})`, fix);
  }
}

async function portStep({ agents: [address] }: Identity): Promise<Finding> {
  const problem = address ? await connectProblem(address) : 'no address is known';
  const where = address ? `${address.host}:${address.port}` : '';
  if (!problem) return good('server port', `${where} accepts connections`);
  const fix = `Check that the server runs and that no firewall between here and there blocks TCP port ${address?.port}.`;
  return bad('server port', `${where} does not: ${problem}`, fix);
}

async function tlsStep({ agents: [address], trust, credentials: [credential] }: Identity): Promise<Finding> {
  if (!address) return bad('server identity', 'no address is known', 'Enrol again.');
  try {
    await ask(address, { root: trust.root, credential }, 'GET', agentPaths.artifact('0'.repeat(64)));
    return good('server identity', "both sides accept each other's certificate");
  } catch (error) {
    const fix =
      'Something between here and the server may open TLS (a proxy): let this address pass untouched. If the certificate is refused, ask IT whether the device was revoked.';
    return bad('server identity', (error as Error).message, fix);
  }
}

async function clockStep({ enrolment, trust }: Identity): Promise<Finding> {
  const fix = 'Set the clock of this device, or let it follow a time server.';
  const [address] = enrolment;
  if (!address) return bad('clock', 'no address is known', fix);
  try {
    return judgeClock(await ask(address, { root: trust.root }, 'GET', enrolmentPaths.trust), fix);
  } catch (error) {
    return bad(
      'clock',
      `could not be compared: ${(error as Error).message}`,
      'Check the enrolment port of the server.',
    );
  }
}

function judgeClock({ headers }: HttpsAnswer, fix: string): Finding {
  const server = Date.parse(headers.date ?? '');
  if (Number.isNaN(server)) return bad('clock', 'the server did not say its time', fix);
  const skew = systemClock.now() - server;
  const words = `${Math.round(Math.abs(skew) / 1000)} s ${skew < 0 ? 'behind' : 'ahead of'} the server`;
  return Math.abs(skew) <= tolerableSkewMs ? good('clock', words) : bad('clock', words, fix);
}

async function connectProblem({ host, port }: Address): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: patienceMs });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end(`no answer within ${patienceMs / 1000} s`));
    socket.once('error', (error) => end(error.message));
  });
}
