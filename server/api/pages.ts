import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyHelmetOptions } from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';

const built = fileURLToPath(new URL('../console/dist', import.meta.url));
const startPage = join(built, 'index.html');
const hstsSeconds = 365 * 86_400;
/** Where `server/console/vite.config.ts` has the build leave room for the nonce. */
const noncePlaceholder = '__CSP_NONCE__';

/**
 * Headers of every answer. Scripts and connections come from this server alone, style elements too unless they carry
 * the nonce of their page; style attributes are allowed, because Mantine sets them.
 */
export function securityHeaders(nonce?: string): FastifyHelmetOptions {
  const directives = {
    'default-src': ["'none'"],
    'script-src': ["'self'"],
    'style-src': ["'self'", ...(nonce ? [`'nonce-${nonce}'`] : [])],
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ["'self'", 'data:'],
    'font-src': ["'self'"],
    'connect-src': ["'self'"],
    'manifest-src': ["'self'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  };
  // Browsers heed it only where they trust the certificate (RFC 6797 section 8.1); units below the name are not ours to bind.
  const hsts = { maxAge: hstsSeconds, includeSubDomains: false };
  return { contentSecurityPolicy: { useDefaults: false, directives }, hsts };
}

/** The built console: its files, and for every other address that looks like a page its start page, with a fresh nonce. */
export async function servePages(app: FastifyInstance, random: Random): Promise<void> {
  const sendPage = async (_request: FastifyRequest, reply: FastifyReply) => {
    // Read for each answer, so that a console built anew is served at once and whole.
    const page = existsSync(startPage) ? await readFile(startPage, 'utf8') : undefined;
    if (page === undefined) throw new CodedError('not-found', 'The console has not been built. Run npm run setup.');
    const nonce = Buffer.from(random.bytes(18)).toString('base64');
    await reply.helmet(securityHeaders(nonce));
    return reply
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(page.replaceAll(noncePlaceholder, nonce));
  };
  if (existsSync(built)) await app.register(fastifyStatic, { root: built, index: false, maxAge: '1h' });
  for (const path of ['/', '/index.html']) app.get(path, sendPage);
  app.setNotFoundHandler((request, reply) => {
    if (!looksLikePage(request)) throw new CodedError('not-found');
    return sendPage(request, reply);
  });
}

function looksLikePage({ method, url }: FastifyRequest): boolean {
  const [path = ''] = url.split('?');
  return method === 'GET' && !path.startsWith('/api/') && !/\.[a-z0-9]+$/i.test(path);
}
