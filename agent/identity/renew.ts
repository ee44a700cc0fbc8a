import { createSign } from 'node:crypto';
import {
  type Address,
  enrolmentPaths,
  RenewalAnswer,
  type RenewalRequest,
  renewalProof,
} from '../../shared/protocol/enrolment.ts';
import { validator } from '../../shared/schema.ts';
import { type Credential, credentialProblem, leafPem } from './certificate.ts';
import { fetchChallenge, post, ServerRefused } from './enrolment-client.ts';
import { Unreachable } from './https.ts';
import type { Identity } from './identity-files.ts';
import { newKeyWithRequest } from './key.ts';

const renewalAnswer = validator(RenewalAnswer);

/**
 * A new key and certificate for the same device, also when the old certificate has expired: the old key signs the
 * server's challenge. The pinned root and state keys stay: they change by signed statements only, never by an answer.
 * Throws `Unreachable` or `ServerRefused`.
 */
export async function renew(identity: Identity): Promise<{ credential: Credential; agents: Address[] }> {
  const { root, district } = identity.trust;
  const [old] = identity.credentials;
  const { key, csr } = await newKeyWithRequest();
  const answer = await atFirstReachable(identity.enrolment, async (address) => {
    const challenge = await fetchChallenge(address, { root });
    const request: RenewalRequest = {
      certificate: leafPem(old.certificateChain),
      csr,
      challenge,
      signature: createSign('sha256').update(renewalProof(challenge, csr)).sign(old.key, 'base64'),
    };
    return await post(address, { root }, enrolmentPaths.renew, request, renewalAnswer);
  });
  const credential = { key, certificateChain: answer.certificateChain };
  const problem =
    credentialProblem(credential, root) ??
    (answer.trust.district === district ? undefined : 'it names another district');
  if (problem) throw new ServerRefused('bad-answer', `The server's answer cannot be used: ${problem}.`);
  return { credential, agents: answer.agents };
}

async function atFirstReachable<T>(addresses: Address[], work: (address: Address) => Promise<T>): Promise<T> {
  let failure: unknown;
  for (const address of addresses) {
    try {
      return await work(address);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      failure = error;
    }
  }
  throw failure;
}
