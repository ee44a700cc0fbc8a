import { type ErrorAnswer, unattendedHeader } from '../../../shared/api/contract.ts';
import { type RouteName, routes } from '../../../shared/api/routes.ts';
import { isUnattended } from './attendance.ts';
import { reauthentication } from './reauthentication.ts';
import { addressOf, type Input, type Output } from './request.ts';

/** A refusal by the server, or no answer at all (`code` is then `unreachable`). `message` is written for people. */
export class ApiError extends Error {
  readonly code: string;
  readonly details: readonly string[];
  readonly status: number;

  constructor(status: number, code: string, message: string, details: readonly string[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/**
 * Calls a route of the contract and resolves to its answer; rejects with `ApiError`. Where the server wants the person to
 * show once more who they are, they are asked and the call is repeated.
 */
export async function call<N extends RouteName>(name: N, input: Input<N>): Promise<Output<N>> {
  return await callOnce(name, input).catch(async (error: unknown) => {
    const isStale = error instanceof ApiError && error.code === 'reauthentication-needed';
    if (!isStale || !(await reauthentication.ask())) throw error;
    return await callOnce(name, input);
  });
}

async function callOnce<N extends RouteName>(name: N, input: Input<N>): Promise<Output<N>> {
  const { signal } = input;
  const answer = await reach(addressOf(name, input), {
    method: routes[name].method,
    ...payload(name, input),
    headers: headersOf(name, input),
    ...(signal ? { signal } : {}),
  });
  if (!answer.ok) throw await refusal(answer);
  return (await answer.json()) as Output<N>;
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'The server does not answer. Check the connection and try again.');
  }
}

function payload(name: RouteName, input: { body?: unknown; upload?: { bytes: Blob; type: string } }): RequestInit {
  if (input.upload) return { body: input.upload.bytes };
  const { method } = routes[name];
  return method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(input.body ?? {}) };
}

function headersOf(name: RouteName, { upload }: { upload?: { type: string } }): Record<string, string> {
  const { method } = routes[name];
  const type = upload?.type ?? (method === 'GET' || method === 'DELETE' ? undefined : 'application/json');
  return {
    ...(type === undefined ? {} : { 'content-type': type }),
    ...(isUnattended() ? { [unattendedHeader]: '1' } : {}),
  };
}

async function refusal(answer: Response): Promise<ApiError> {
  const parsed: Partial<ErrorAnswer> = await answer.json().catch(() => ({}));
  const { code = 'internal', message = `The server answered ${answer.status}.`, details = [] } = parsed.error ?? {};
  return new ApiError(answer.status, code, message, details);
}
