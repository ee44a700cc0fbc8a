import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Route } from '../../shared/api/contract.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { demandMatch, entityTag, isNamed, type Turns } from './entity-tags.ts';
import type { Idempotency } from './idempotency.ts';
import type { ApiRequest } from './register.ts';

export type Handler = (request: ApiRequest<Route>) => Promise<unknown>;

/** What all routes share when they answer. */
export interface Answering {
  idempotency: Idempotency;
  turns: Turns;
  /** The handler of GET by path. */
  readers: ReadonlyMap<string, Handler>;
}

interface Exchange {
  route: Route;
  handler: Handler;
  asked: ApiRequest<Route>;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Answers with JSON under the conditions of the request: `If-None-Match`, `If-Match`, `Idempotency-Key`. */
export async function answerJson(answering: Answering, exchange: Exchange): Promise<FastifyReply> {
  switch (exchange.route.method) {
    case 'GET':
      return await answerRead(exchange);
    case 'POST':
      return await answerOnce(answering, exchange);
    default:
      return send(exchange.reply, await changeIfMatching(answering, exchange));
  }
}

/** An ETag of the very bytes. Nothing is stored in between: answers are about people. */
async function answerRead({ handler, asked, request, reply }: Exchange): Promise<FastifyReply> {
  const text = JSON.stringify(await handler(asked));
  const tag = entityTag(text);
  const named = request.headers['if-none-match'];
  reply.header('etag', tag).header('cache-control', 'no-store');
  return named !== undefined && isNamed(named, tag) ? reply.status(304).send() : send(reply, text);
}

/** Who is not signed in completely has no keys of their own: there the header counts for nothing. */
async function answerOnce({ idempotency }: Answering, exchange: Exchange): Promise<FastifyReply> {
  const { route, handler, asked, request, reply } = exchange;
  const work = async () => JSON.stringify(await handler(asked));
  const [key] = [request.headers['idempotency-key']].flat();
  if (key === undefined || route.access !== 'staff') return send(reply, await work());
  const { text, isReplayed } = await idempotency.once(route, { ...asked, key, url: request.url }, work);
  if (isReplayed) reply.header('idempotency-replayed', 'true');
  return send(reply, text);
}

async function changeIfMatching({ turns, readers }: Answering, exchange: Exchange): Promise<string> {
  const { route, handler, asked, request } = exchange;
  const work = async () => JSON.stringify(await handler(asked));
  const wanted = request.headers['if-match'];
  if (wanted === undefined) return await work();
  const read = readers.get(route.path);
  if (!read)
    throw new CodedError(
      'precondition-failed',
      'Nothing is read at this address that If-Match could name. Leave it out.',
    );
  return await turns.take(request.url.split('?')[0] ?? '', async () => {
    demandMatch(wanted, entityTag(JSON.stringify(await read({ ...asked, query: {}, body: {} }))));
    return await work();
  });
}

function send(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(text);
}
