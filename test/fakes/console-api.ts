import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import websocket from '@fastify/websocket';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { Value } from 'typebox/value';
import type { FileAnswer, Params, Query, RequestBody, Response, Route } from '../../shared/api/contract.ts';
import type { LiveEvent, LiveRequest, LiveTopic } from '../../shared/api/live.ts';
import { type RouteName, type Routes, routes } from '../../shared/api/routes.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { validator } from '../../shared/schema.ts';
import { consoleAnswers } from './console-answers.ts';
import { sampleOf } from './console-samples.ts';

export type Answers = {
  [K in RouteName]: (request: {
    params: Params<Routes[K]>;
    query: Query<Routes[K]>;
    body: RequestBody<Routes[K]>;
  }) => Response<Routes[K]>;
};

const built = fileURLToPath(new URL('../../server/console/dist', import.meta.url));

/** The strictest policy the console is promised to run under; Mantine's run-time styles are let in by the nonce. */
const policy = (nonce: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; ` +
  "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** One call that changes something, as it was asked. */
export interface Act {
  name: RouteName;
  params: unknown;
  body: unknown;
}

export interface ConsoleApi {
  url: string;
  /** Every call but GET, oldest first; those that break their schema never get here. */
  acts: Act[];
  /** Tells every console that something changed, when the page that was loaded last listens. */
  tell: (topic: LiveTopic) => Promise<void>;
  stop: () => Promise<void>;
}

/**
 * A stand-in for the server's console port, for looking at the built console without a server: made-up answers, each
 * checked against its route's schema so that they cannot drift from the contract.
 */
export async function startConsoleApi(port = 0): Promise<ConsoleApi> {
  const app = fastify({ forceCloseConnections: true });
  await app.register(websocket);
  for (const type of ['application/zip', 'text/calendar', 'text/csv', 'text/plain', 'application/octet-stream'])
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler((error, _request, reply) => {
    const coded = error instanceof CodedError ? error : new CodedError('internal', String(error));
    const { code, message, details } = coded;
    return reply.status(coded.status).send({ error: { code, message, details } });
  });
  const answers = consoleAnswers();
  const acts: Act[] = [];
  for (const name of Object.keys(routes) as RouteName[])
    answer(app, name, (request) => {
      if (routes[name].method !== 'GET') acts.push({ name, params: request.params, body: request.body });
      return (answers[name] as Answer)(request);
    });
  const sockets = new Set<Socket>();
  let listening = Promise.withResolvers<void>();
  app.get('/api/live', { websocket: true }, (socket) => {
    serveLive(socket);
    sockets.add(socket);
    listening.resolve();
    socket.on('close', () => sockets.delete(socket));
  });
  const onLoad = () => {
    listening = Promise.withResolvers();
  };
  if (existsSync(built)) await servePages(app, onLoad);
  const url = await app.listen({ port, host: '127.0.0.1' });
  const tell = async (topic: LiveTopic) => {
    await listening.promise;
    for (const socket of sockets) socket.send(JSON.stringify({ type: 'changed', topic } satisfies LiveEvent));
  };
  return { url, acts, tell, stop: () => app.close() };
}

type Answer = (request: { params: unknown; query: unknown; body: unknown }) => unknown;

/** What a session may do from an answer on; the rest leaves it as it is. */
const standing: Partial<Record<RouteName, string>> = {
  ...{ setUp: 'half', signIn: 'half', finishProvider: 'half', signOut: '' },
  ...{ proveFactor: 'in', signInByPasskey: 'in', addPasskey: 'in', addCodeApp: 'in' },
};

function answer(app: FastifyInstance, name: RouteName, give: Answer): void {
  const route: Route = routes[name];
  const response = validator(route.response);
  const query = validator(route.query);
  const body = validator(route.body);
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: 300_000_000,
    handler: async (request, reply) => {
      if (route.access === 'staff' && !request.headers.cookie?.includes('signed=in'))
        throw new CodedError('not-signed-in');
      const asked = Value.Convert(route.query, request.query);
      if (!query.check(asked)) throw new CodedError('bad-request', undefined, query.problems(asked));
      const asksBody = route.method !== 'GET' && route.method !== 'DELETE' && !route.upload;
      if (asksBody && !body.check(request.body))
        throw new CodedError('bad-request', undefined, body.problems(request.body));
      const given = give({ params: request.params, query: asked, body: request.body });
      const problems = response.problems(given);
      if (problems.length > 0) throw new Error(`${route.path} answers out of its schema: ${problems.join('; ')}`);
      if (route.download) return sendFile(reply, given as FileAnswer);
      const next = standing[name];
      if (next !== undefined) reply.header('set-cookie', `signed=${next}; Path=/`);
      return given;
    },
  });
}

function sendFile(reply: FastifyReply, { name, type, bytes }: FileAnswer): FastifyReply {
  return reply.header('content-disposition', `attachment; filename="${name}"`).type(type).send(Buffer.from(bytes));
}

interface Socket {
  send(frame: string): void;
  on(event: 'close', listener: () => void): void;
  on(event: 'message', listener: (frame: Buffer) => void): void;
}

function serveLive(socket: Socket): void {
  const watches = new Map<string, NodeJS.Timeout>();
  const tell = (event: LiveEvent) => socket.send(JSON.stringify(event));
  socket.on('message', (frame) => {
    const { type, diagnosisId, stream } = JSON.parse(String(frame)) as LiveRequest;
    const key = `${diagnosisId} ${stream}`;
    clearInterval(watches.get(key));
    if (type !== 'watch') return;
    const take = () => tell({ type: 'sample', diagnosisId, stream, sample: sampleOf(stream, Date.now()) });
    watches.set(key, setInterval(take, 1000));
  });
  socket.on('close', () => {
    for (const timer of watches.values()) clearInterval(timer);
  });
}

async function servePages(app: FastifyInstance, onLoad: () => void): Promise<void> {
  await app.register(fastifyStatic, { root: built, wildcard: false });
  app.addHook('onRequest', (_request, reply, next) => {
    reply.header('content-security-policy', policy('__CSP_NONCE__'));
    next();
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith('/api/')) return reply.status(404).send();
    onLoad();
    return reply.sendFile('index.html');
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await startConsoleApi(Number(process.argv[2] ?? 8500));
