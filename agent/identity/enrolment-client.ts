import type Type from 'typebox';
import { ErrorAnswer } from '../../shared/api/contract.ts';
import { type Address, enrolmentPaths, RenewalChallenge, TrustAnswer } from '../../shared/protocol/enrolment.ts';
import { type Validator, validator } from '../../shared/schema.ts';
import { parseJson } from '../store/durable-file.ts';
import { fingerprint } from './certificate.ts';
import { ask, askUnverified, type HttpsAnswer, type TlsTrust } from './https.ts';

/** The server answered and said no: its code and its words. */
export class ServerRefused extends Error {
  readonly code: string;
  constructor(code: string, words: string) {
    super(words);
    this.name = 'ServerRefused';
    this.code = code;
  }
}

/** What answers at the address is not the district of the token. */
export class WrongDistrict extends Error {
  constructor(address: Address) {
    super(
      `The server at ${address.host}:${address.port} is not the one this token was made for (its certificate authority differs). Nothing was sent to it; ask IT for a token of this server.`,
    );
    this.name = 'WrongDistrict';
  }
}

const errorAnswer = validator(ErrorAnswer);
const trustAnswer = validator(TrustAnswer);
const challengeAnswer = validator(RenewalChallenge);

/** The district's root, fetched from a server nothing is known about and kept only when its hash is the token's. */
export async function fetchRoot(address: Address, expected: string): Promise<string> {
  const { root } = read(await askUnverified(address, enrolmentPaths.trust), trustAnswer);
  if (!isRoot(root, expected)) throw new WrongDistrict(address);
  return root;
}

/** Posts to the enrolment listener over verified TLS. Throws `Unreachable` or `ServerRefused`. */
export async function post<T>(
  address: Address,
  trust: TlsTrust,
  path: string,
  body: unknown,
  answer: Validator<T>,
): Promise<T> {
  return read(await ask(address, trust, 'POST', path, body), answer);
}

export async function fetchChallenge(address: Address, trust: TlsTrust): Promise<string> {
  const answer: Type.Static<typeof RenewalChallenge> = await post(
    address,
    trust,
    enrolmentPaths.challenge,
    {},
    challengeAnswer,
  );
  return answer.challenge;
}

function read<T>({ status, body }: HttpsAnswer, answer: Validator<T>): T {
  const parsed = parseJson(body.toString('utf8'));
  if (status >= 200 && status < 300) {
    if (answer.check(parsed)) return parsed;
    throw new ServerRefused('bad-answer', `The server's answer is not valid: ${answer.problems(parsed).join('; ')}`);
  }
  if (errorAnswer.check(parsed)) throw new ServerRefused(parsed.error.code, parsed.error.message);
  throw new ServerRefused('bad-answer', `The server answered with status ${status} and no reason.`);
}

function isRoot(pem: string, expected: string): boolean {
  try {
    return fingerprint(pem) === expected;
  } catch {
    return false;
  }
}
