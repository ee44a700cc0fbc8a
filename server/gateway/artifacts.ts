import { basename, dirname } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { agentPaths, deltaFromHeader, deltaType, heldArtifacts } from '../../shared/protocol/agent-paths.ts';
import type { Lists, Scripts } from '../services.ts';

const hash = /^[0-9a-f]{64}$/;
const yearSeconds = 31_536_000;

type Artifacts = Pick<Lists, 'artifactPath' | 'deltaPath'>;
export type ScriptSources = Pick<Scripts, 'sourceOf'>;

/**
 * Lists and scripts by content hash; lists are resumable by Range (RFC 9110 section 14). The name is the content: it never
 * changes. A device that names artefacts it holds (`?from=`) gets a delta from one of them where there is one.
 */
export async function serveArtifacts(app: FastifyInstance, lists: Artifacts, scripts: ScriptSources): Promise<void> {
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
  type Asked = { Params: { hash: string }; Querystring: { from?: unknown } };
  app.get<Asked>(agentPaths.artifact(':hash'), { errorHandler }, async ({ params, query }, reply) => {
    if (!hash.test(params.hash)) throw notThere();
    const delta = await findDelta(lists, params.hash, heldArtifacts(query.from));
    const path = delta?.path ?? (await lists.artifactPath(params.hash));
    if (path === undefined) return reply.type('application/octet-stream').send(await scriptOf(scripts, params.hash));
    if (delta) reply.header(deltaFromHeader, delta.from);
    reply.header('content-type', delta ? deltaType : 'application/octet-stream');
    return reply.sendFile(basename(path), dirname(path));
  });
}

async function findDelta(lists: Artifacts, to: string, held: readonly string[]) {
  for (const from of held) {
    const path = await lists.deltaPath(from, to);
    if (path !== undefined) return { from, path };
  }
  return undefined;
}

async function scriptOf(scripts: ScriptSources, hash: string): Promise<Buffer> {
  const source = await scripts.sourceOf(hash);
  if (source === undefined) throw notThere();
  return Buffer.from(source, 'utf8');
}

function notThere(): CodedError {
  return new CodedError('not-found', 'There is no artefact of this hash.');
}

/** RFC 9110 section 15.5.17: a range beyond the end; everything else is answered as everywhere. */
function errorHandler(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  if (error.statusCode !== 416) throw error;
  const message = 'The range lies beyond the end of the artefact. Ask for it from the start.';
  void reply.status(416).send({ error: { code: 'bad-request', message, details: [] } });
}
