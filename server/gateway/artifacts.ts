import { basename, dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { agentPaths } from '../../shared/protocol/enrolment.ts';
import type { Lists } from '../services.ts';

const hash = /^[0-9a-f]{64}$/;
const yearSeconds = 31_536_000;

/** Artefacts by content hash, resumable by Range (RFC 9110 section 14). The name is the content: it never changes. */
export async function serveArtifacts(app: FastifyInstance, lists: Pick<Lists, 'artifactPath'>): Promise<void> {
  await app.register(fastifyStatic, {
    serve: false,
    acceptRanges: true,
    cacheControl: true,
    immutable: true,
    maxAge: yearSeconds * 1000,
    contentType: false,
    lastModified: false,
    etag: false,
  });
  app.get<{ Params: { hash: string } }>(agentPaths.artifact(':hash'), { errorHandler }, async (request, reply) => {
    const path = hash.test(request.params.hash) ? await lists.artifactPath(request.params.hash) : undefined;
    if (path === undefined) throw new CodedError('not-found', 'There is no artefact of this hash.');
    reply.header('content-type', 'application/octet-stream');
    return reply.sendFile(basename(path), dirname(path));
  });
}

/** RFC 9110 section 15.5.17: a range beyond the end; everything else is answered as everywhere. */
function errorHandler(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  if (error.statusCode !== 416) throw error;
  const message = 'The range lies beyond the end of the artefact. Ask for it from the start.';
  void reply.status(416).send({ error: { code: 'bad-request', message, details: [] } });
}
