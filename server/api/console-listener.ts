import type { Server } from 'node:https';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { ConsoleTls } from '../console-tls.ts';
import { serveDocs } from './docs-pages.ts';
import { answerErrors } from './errors.ts';
import type { Guard } from './guard.ts';
import type { Idempotency } from './idempotency.ts';
import type { LiveConsole } from './live.ts';
import { securityHeaders, servePages } from './pages.ts';
import { acceptUploads, type Handlers, registerRoutes } from './register.ts';
import type { RequestAudit } from './request-audit.ts';

export interface ConsoleParts {
  tls: ConsoleTls;
  handlers: Handlers;
  guard: Guard;
  idempotency: Idempotency;
  audit: RequestAudit;
  live: LiveConsole;
  random: Random;
  /** Proxies whose word on an address is taken. */
  trustedProxies: readonly string[];
  /** Ready to serve: throws with words when not. */
  ready(): Promise<void>;
  /** Hears of each failure that is the server's own. */
  failed?(error: unknown): void;
  metrics(): Promise<{ contentType: string; text: string }>;
  log: Logger;
}

/** Strangers may be slow, but not for long; a roster over a slow line takes minutes. */
const requestWithinMs = 300_000;
const patience = { handshakeTimeout: 30_000, headersTimeout: 30_000, connectionsCheckingInterval: 5_000 } as const;
/** So that strangers cannot take all the files that the process may open. */
const maxConnections = 1_000;

/** An address that cannot be decoded is answered as any that is not there: by fastify itself it would lack our headers. */
const nowhere = '/api/unreadable';
function isReadable(url: string): boolean {
  try {
    return decodeURI(url) !== '';
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/** The console and the API for people: HTTPS, browser sessions, one strict content policy. */
export async function createConsoleApp(parts: ConsoleParts): Promise<FastifyInstance> {
  const app = fastify({
    https: { ...parts.tls.identity, minVersion: 'TLSv1.2', ...patience },
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 2_097_152,
    requestTimeout: requestWithinMs,
    // Whoever comes otherwise is counted and recorded by the address of the socket, whatever they say of themselves.
    trustProxy: parts.trustedProxies.length > 0 ? [...parts.trustedProxies] : false,
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) => (isReadable(url) ? url : nowhere),
  }) as unknown as FastifyInstance;
  app.server.maxConnections = maxConnections;
  const unfollow = parts.tls.onRenewed?.((identity) => (app.server as Server).setSecureContext(identity));
  app.addHook('onClose', async () => unfollow?.());
  answerErrors(app, parts.failed);
  await app.register(helmet, securityHeaders());
  await app.register(cookie);
  await app.register(rateLimit, {
    max: 1200,
    timeWindow: '1 minute',
    keyGenerator: (request) => parts.guard.countedBy(request),
    errorResponseBuilder: () => new CodedError('too-many-requests'),
  });
  acceptUploads(app);
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await parts.ready();
    return { status: 'ready' };
  });
  app.get('/metrics', async (request, reply) => {
    if (!parts.guard.isOperator(request))
      throw new CodedError('forbidden', 'Metrics need the operator key as a bearer token.');
    const { contentType, text } = await parts.metrics();
    return reply.header('content-type', contentType).send(text);
  });
  registerRoutes(app, parts.handlers, parts);
  await parts.live.register(app, parts.guard);
  await serveDocs(app, parts.guard);
  await servePages(app, parts.random);
  return app;
}
