import type { ProbeResult } from '../probe.ts';
import { dayWords, momentWords, msWords, spanWords } from './measures.ts';
import { bad, ok, type Seen, unknown, warn } from './result.ts';

/** What stands in the chain of certificates that was met. */
export interface ChainFacts {
  /** It leads to the authority that is pinned, or, of a public server, to one that systems trust; dates apart. */
  isTrusted: boolean;
  /** Who signed it, as it says itself. */
  issuer: string;
  validFrom: number;
  validUntil: number;
}

/** One try to reach a server: each step in milliseconds; a step that is absent was not reached. */
export interface PathFacts {
  where: string;
  lookupMs?: number;
  connectMs?: number;
  handshakeMs?: number;
  answerMs?: number;
  /** At which step it ended, and why. */
  failure?: { step: 'lookup' | 'connect' | 'handshake' | 'answer'; words: string; isTimeout?: boolean };
  chain?: ChainFacts;
}

export interface InterceptionFacts {
  server: PathFacts;
  /** A public server the policy names: its encrypted resolver. */
  canary?: PathFacts;
}

/** Whether somebody between here and there opens encrypted connections. */
export function judgeInterception({ server, canary }: InterceptionFacts): ProbeResult {
  const seen: Seen = {
    'the district’s server': chainWords(server.chain),
    'the resolver the policy names': canary && chainWords(canary.chain),
  };
  const opened = [server, canary].find((path) => path?.chain && !path.chain.isTrusted);
  if (opened?.chain)
    return bad(
      'tls-interception',
      `Something on the way opens encrypted connections: the certificate met at ${opened === server ? 'the district’s server' : 'the resolver the policy names'} is by “${opened.chain.issuer}”.`,
      seen,
      'Let the addresses of the district’s server and of its resolver pass the proxy or firewall unopened; on a network that is not the school’s, use another one.',
    );
  if (!server.chain && !canary?.chain)
    return unknown('tls-interception', 'No server could be reached, so no certificate was seen.', seen);
  return ok('tls-interception', 'The certificates met are the right ones.', seen);
}

const chainWords = (chain: ChainFacts | undefined) =>
  chain === undefined
    ? 'not reached'
    : `${chain.isTrusted ? 'its own' : 'not its own'}, by ${chain.issuer}, ${dayWords(chain.validFrom)} to ${dayWords(chain.validUntil)}`;

export interface ClockFacts {
  /** What the clock of the device says. */
  machine: number;
  /** What the district's server says, proved by its certificate. */
  server?: number;
  /** What the agent goes by. */
  trusted?: number;
  /** Whether the system says that its clock follows a time server. */
  sync?: 'synchronised' | 'not-synchronised' | 'unknown';
}

const clockLimits = { badMs: 5 * 60_000, warnMs: 60_000 };

/** The clock against the best time that is known. */
export function judgeClock({ machine, server, trusted, sync }: ClockFacts): ProbeResult {
  const right = server ?? trusted;
  const seen: Seen = {
    'this device': momentWords(machine),
    'the server': server === undefined ? undefined : momentWords(server),
    'the agent’s own count': trusted === undefined ? undefined : momentWords(trusted),
    'follows a time server': sync && { synchronised: 'yes', 'not-synchronised': 'no', unknown: 'not told' }[sync],
  };
  const fix =
    'Let the clock follow a time server (date and time: automatic). If it is wrong after each start, its battery is empty.';
  if (right === undefined) {
    if (sync === 'not-synchronised')
      return warn(
        'clock',
        'The clock follows no time server, and there is nothing here to compare it with.',
        seen,
        fix,
      );
    return sync === 'synchronised'
      ? ok('clock', 'The clock follows a time server.', seen)
      : unknown('clock', 'There is nothing to compare the clock with.', seen);
  }
  const off = machine - right;
  const words = `${spanWords(Math.abs(off))} ${off < 0 ? 'behind' : 'ahead'}`;
  if (Math.abs(off) >= clockLimits.badMs)
    return bad(
      'clock',
      `The clock is wrong: it is ${words}. Encrypted connections and sign-ins fail by that.`,
      seen,
      fix,
    );
  if (Math.abs(off) >= clockLimits.warnMs) return warn('clock', `The clock is ${words}.`, seen, fix);
  return ok('clock', 'The clock is right.', seen);
}

export interface CertificateFacts {
  validFrom: number;
  validUntil: number;
  /** The best time that is known. */
  now: number;
}

const day = 86_400_000;
/** It should have been renewed from sixty days of age on, long before. */
const soon = 30 * day;

/** The certificate by which the server knows this device. */
export function judgeCertificate({ validFrom, validUntil, now }: CertificateFacts): ProbeResult {
  const seen = { valid: `${dayWords(validFrom)} to ${dayWords(validUntil)}`, today: dayWords(now) };
  if (now >= validUntil)
    return bad(
      'certificate',
      `The certificate of this device expired on ${dayWords(validUntil)}: the server no longer knows it.`,
      seen,
      'The agent renews it by itself as soon as it reaches the enrolment port of the server; if that does not help within an hour, enrol the device anew.',
    );
  if (now < validFrom)
    return bad(
      'certificate',
      `The certificate of this device is not valid before ${dayWords(validFrom)}.`,
      seen,
      'Look at the clocks of the device and of the server.',
    );
  if (validUntil - now < soon)
    return warn(
      'certificate',
      `The certificate of this device expires in ${spanWords(validUntil - now)} and has not been renewed.`,
      seen,
      'Look whether the enrolment port of the server can be reached from here.',
    );
  return ok('certificate', `The certificate of this device is valid until ${dayWords(validUntil)}.`, seen);
}

export interface ServerPathFacts {
  path: PathFacts;
  isConnected: boolean;
  whyNot?: string;
}

const slow = { stepMs: 2_000 };

/** The way to the district's server, step by step. */
export function judgeServerPath({ path, isConnected, whyNot }: ServerPathFacts): ProbeResult {
  const { failure, lookupMs, connectMs, handshakeMs, answerMs } = path;
  const ms = (step: number | undefined) => (step === undefined ? undefined : msWords(step));
  const seen: Seen = {
    server: path.where,
    'name looked up': ms(lookupMs),
    'connection made': ms(connectMs),
    'certificates shown': ms(handshakeMs),
    'first answer': ms(answerMs),
    'ended at': failure && `${stepNames[failure.step]}: ${failure.words}`,
    'the agent is connected': isConnected ? 'yes' : `no${whyNot === undefined ? '' : `: ${whyNot}`}`,
  };
  if (failure)
    return bad('server-path', failureWords[failure.step](failure.isTimeout === true), seen, failureFix[failure.step]);
  if (!isConnected)
    return warn(
      'server-path',
      'The server can be reached, but the agent is not connected.',
      seen,
      'It tries again by itself; if it stays so, ask whether the device was revoked, and restart the agent.',
    );
  const slowest = Math.max(lookupMs ?? 0, connectMs ?? 0, handshakeMs ?? 0, answerMs ?? 0);
  if (slowest >= slow.stepMs)
    return warn(
      'server-path',
      `The way to the server is slow: one step takes ${msWords(slowest)}.`,
      seen,
      'See which step takes the time; try another network.',
    );
  return ok('server-path', 'The server is reached.', seen);
}

type Step = NonNullable<PathFacts['failure']>['step'];

const stepNames: Record<Step, string> = {
  lookup: 'looking up its name',
  connect: 'making the connection',
  handshake: 'showing the certificates',
  answer: 'waiting for an answer',
};

const failureWords: Record<Step, (isTimeout: boolean) => string> = {
  lookup: () => 'The name of the district’s server cannot be looked up.',
  connect: (isTimeout) =>
    isTimeout
      ? 'The district’s server does not answer: something on the way drops the connection, or it is down.'
      : 'The district’s server refuses the connection: it is down, or a firewall says no.',
  handshake: () => 'The district’s server was reached, but the certificates were not accepted.',
  answer: (isTimeout) =>
    isTimeout
      ? 'The district’s server takes the connection, but does not answer.'
      : 'The district’s server ends the connection as soon as it sees the certificate of this device.',
};

const failureFix: Record<Step, string> = {
  lookup: 'See what is said of the lookup of names; else ask whether the name is right.',
  connect: 'Try another network. If that helps, this one blocks the port; else see whether the server runs.',
  handshake: 'See what is said of the clock, of the certificate of this device and of opened connections.',
  answer: 'Ask whether the device was revoked; else see whether the server is overloaded.',
};
