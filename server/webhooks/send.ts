import { Agent, request } from 'undici';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type AddressRule, checkedLookup, refuseAddress } from '../filter/public-address.ts';

/** What one try came to. `status` is null when nothing was answered. */
export interface Sent {
  status: number | null;
  /** In one sentence; null: it was taken. */
  problem: string | null;
}

export type Send = (url: string, headers: Record<string, string>, body: string, gone: AbortSignal) => Promise<Sent>;

export interface SendLimits {
  allowPrivate: boolean;
  totalMs: number;
  resolve?: NonNullable<AddressRule['resolve']>;
}

export const usualSendLimits: SendLimits = { allowPrivate: false, totalMs: 10_000 };

const answerLimit = 1_024;

/** POSTs one delivery. Each has a connection of its own, whose address is checked as it is made. Nothing is followed. */
export function webhookSender(limits: SendLimits): Send {
  const rule: AddressRule = { ...limits, refusal: privateAddress };
  return async (url, headers, body, gone) => {
    const dispatcher = new Agent({ connect: { lookup: checkedLookup(rule), timeout: limits.totalMs } });
    try {
      const address = webhookAddress(url, limits);
      const signal = AbortSignal.any([AbortSignal.timeout(limits.totalMs), gone]);
      const answer = await request(address, { method: 'POST', dispatcher, signal, headers, body });
      await answer.body.dump({ limit: answerLimit, signal });
      return { status: answer.statusCode, problem: problemOf(answer.statusCode) };
    } catch (error) {
      return { status: null, problem: wordsOf(error, limits) };
    } finally {
      await dispatcher.destroy();
    }
  };
}

/** `bad-webhook` for what nothing is ever sent to. */
export function webhookAddress(text: string, { allowPrivate }: Pick<SendLimits, 'allowPrivate'>): URL {
  const url = URL.parse(text);
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw refused('Write an address that begins with https://.');
  if (url.protocol === 'http:' && !allowPrivate)
    throw refused('The address begins with http://. Take https://, or set privateWebhooks in config.yaml.');
  if (url.username !== '' || url.password !== '') throw refused('Leave name and password out of the address.');
  refuseAddress(url, { allowPrivate, refusal: privateAddress });
  return url;
}

function privateAddress(host: string): CodedError {
  return refused(`${host} is an address of this network. Set privateWebhooks in config.yaml to allow that.`);
}

function refused(words: string): CodedError {
  return new CodedError('bad-webhook', words);
}

function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400) return `It sends on to elsewhere (status ${status}), which is not followed.`;
  return `It answered with status ${status}.`;
}

function wordsOf(error: unknown, { totalMs }: SendLimits): string {
  if (error instanceof CodedError) return error.message;
  const { name = '', code = '', message = '' } = error as Partial<NodeJS.ErrnoException>;
  if (name === 'TimeoutError' || /TIMEOUT/.test(code))
    return `It did not answer within ${Math.ceil(totalMs / 1000)} seconds.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name of the server is not known.';
  if (code === 'ECONNREFUSED') return 'Nothing listens at this address.';
  return `The connection failed: ${message.slice(0, 200) || code}.`;
}
