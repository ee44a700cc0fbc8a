import {
  type Address,
  EnrolmentAnswer,
  type EnrolmentRequest,
  enrolmentPaths,
} from '../../shared/protocol/enrolment.ts';
import type { TokenContent } from '../../shared/protocol/token.ts';
import { validator } from '../../shared/schema.ts';
import { credentialProblem, fingerprint } from './certificate.ts';
import { fetchRoot, post, ServerRefused } from './enrolment-client.ts';
import { Unreachable } from './https.ts';
import type { Identity } from './identity-files.ts';
import { newKeyWithRequest } from './key.ts';

const enrolmentAnswer = validator(EnrolmentAnswer);

export type AboutDevice = Omit<EnrolmentRequest, 'secret' | 'csr'>;

/**
 * Turns a token into an identity: compares the server's root with the token, then asks for a certificate over a
 * connection that trusts that root alone. Throws `Unreachable` (of the last address), `WrongDistrict`, `ServerRefused`.
 */
export async function enrol(token: TokenContent, about: AboutDevice): Promise<Identity> {
  const { address, root } = await findServer(token);
  const { key, csr } = await newKeyWithRequest();
  const request: EnrolmentRequest = { ...about, secret: token.secret, csr };
  const answer = await post(address, { root }, enrolmentPaths.enroll, request, enrolmentAnswer);
  const { deviceId, certificateChain, trust, agents } = answer;
  const problem =
    credentialProblem({ key, certificateChain }, root) ??
    (trust.district === token.ca && fingerprint(trust.root) === token.ca ? undefined : 'it names another district');
  if (problem) throw new ServerRefused('bad-answer', `The server's answer cannot be used: ${problem}.`);
  return { deviceId, trust, agents, enrolment: token.addresses, credentials: [{ key, certificateChain }] };
}

/** The first address that answers, with its root. An address that answers with another root ends the search. */
async function findServer(token: TokenContent): Promise<{ address: Address; root: string }> {
  let failure: unknown;
  for (const address of token.addresses) {
    try {
      return { address, root: await fetchRoot(address, token.ca) };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      failure = error;
    }
  }
  throw failure;
}
