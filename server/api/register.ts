import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Value } from 'typebox/value';
import type { FileAnswer, Params, Query, RequestBody, Response, Route } from '../../shared/api/contract.ts';
import { type RouteName, type Routes, routes } from '../../shared/api/routes.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type Validator, validator } from '../../shared/schema.ts';
import { type Answering, answerJson, type Handler } from './answering.ts';
import { Turns } from './entity-tags.ts';
import type { Caller, Guard } from './guard.ts';
import type { Idempotency } from './idempotency.ts';
import type { RequestAudit } from './request-audit.ts';

/** What a handler gets: everything is checked against the route's schemas, and the caller may call it. */
export interface ApiRequest<R extends Route> {
  params: Params<R>;
  query: Query<R>;
  body: RequestBody<R>;
  /** The raw body of an upload; empty otherwise. */
  bytes: Uint8Array;
  caller: Caller;
  /** Aborts when the connection closes: what nobody waits for need not be worked out. */
  gone: AbortSignal;
  /** Sets or clears the session cookie of the answer; when the session ends, the server says. */
  setSession(token: string | undefined): void;
}

export type Handlers = { [K in RouteName]: (request: ApiRequest<Routes[K]>) => Promise<Response<Routes[K]>> };

export const sessionCookie = '__Host-rollcall';
/** Longer than any session may last. */
const cookieSeconds = 86_400;
const cookieOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

/** Registers every route of the contract. A route without a handler does not compile. */
export function registerRoutes(
  app: FastifyInstance,
  handlers: Handlers,
  { guard, idempotency, audit }: { guard: Guard; idempotency: Idempotency; audit: RequestAudit },
): void {
  const answering: Answering = { idempotency, turns: new Turns(), readers: readersOf(handlers) };
  for (const name of Object.keys(routes) as RouteName[])
    register(app, name, handlers[name] as Handler, { guard, answering, audit });
}

/** What is read by GET, by path: `If-Match` of a change is compared with it. */
function readersOf(handlers: Handlers): Map<string, Handler> {
  const reading = (Object.keys(routes) as RouteName[]).filter((name) => routes[name].method === 'GET');
  return new Map(reading.map((name) => [routes[name].path, handlers[name] as Handler]));
}

const callers = new WeakMap<FastifyRequest, Caller>();

function register(
  app: FastifyInstance,
  name: RouteName,
  handler: Handler,
  { guard, answering, audit }: { guard: Guard; answering: Answering; audit: RequestAudit },
): void {
  const route: Route = routes[name];
  const check = { params: validator(route.params), query: validator(route.query), body: validator(route.body) };
  app.route({
    method: route.method,
    url: route.path,
    ...limited(route.upload?.limitBytes ?? route.limitBytes),
    // Before the body is read: a stranger's upload must not cost memory.
    preParsing: async (request) => void callers.set(request, await guard.admit(request, name)),
    handler: async (request, reply) => {
      const caller = callers.get(request) ?? (await guard.admit(request, name));
      const params = checked(check.params, Value.Convert(route.params, request.params), 'path');
      const query = checked(check.query, Value.Convert(route.query, request.query), 'query');
      const bytes = route.upload ? uploaded(request, route) : new Uint8Array();
      const body = route.upload ? {} : checked(check.body, request.body ?? {}, 'body');
      await guard.authorise(name, caller, { params, query, body });
      const gone = goneSignal(reply);
      const asked = { params, query, body, bytes, caller, gone, setSession: sessionSetter(reply) };
      const witnessed: Handler = (wanted) => audit.witness(name, wanted, request.headers, () => handler(wanted));
      if (route.download) return sendFile(reply, (await witnessed(asked)) as FileAnswer);
      return await answerJson(answering, { route, handler: witnessed, asked, request, reply });
    },
  });
}

function limited(bodyLimit: number | undefined): { bodyLimit?: number } {
  return bodyLimit === undefined ? {} : { bodyLimit };
}

function checked<T>(schema: Validator<T>, value: unknown, place: string): T {
  if (schema.check(value)) return value;
  const problems = schema.problems(value).map((problem) => `${place}${problem}`);
  throw new CodedError('bad-request', `The request is not valid: ${problems[0]}`, problems);
}

function uploaded(request: FastifyRequest, route: Route): Uint8Array {
  const types = route.upload?.types ?? [];
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  if (!types.includes(type))
    throw new CodedError('bad-request', `Send the file as ${types.join(' or ')}, not ${type || 'nothing'}.`);
  if (!(request.body instanceof Uint8Array) || request.body.length === 0)
    throw new CodedError('bad-file', 'The file is empty.');
  return request.body;
}

function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  return gone.signal;
}

function sessionSetter(reply: FastifyReply): (token: string | undefined) => void {
  return (token) => {
    if (token === undefined) reply.clearCookie(sessionCookie, cookieOptions);
    else reply.setCookie(sessionCookie, token, { ...cookieOptions, maxAge: cookieSeconds });
  };
}

/** To be saved, not shown: nothing of it is kept by a cache or taken for a page. */
function sendFile(reply: FastifyReply, { name, type, bytes }: FileAnswer): FastifyReply {
  return reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .type(type)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** Bodies of uploads arrive as bytes; everything else that is not JSON is refused. */
export function acceptUploads(app: FastifyInstance): void {
  const types = new Set(Object.values(routes).flatMap((route: Route) => route.upload?.types ?? []));
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
