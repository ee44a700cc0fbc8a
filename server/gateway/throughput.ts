import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { agentPaths, measuredBytes } from '../../shared/protocol/agent-paths.ts';
import { Budgets } from './budget.ts';

const piece = Buffer.alloc(65_536);
/** Of one device: down and up for each of some measurements in a row, then one each five minutes. */
const measurements = { burst: 12, perSecond: 1 / 150 };
/** However many devices are measured, the others must not feel it. */
const atOnce = 8;

/** What a device measures its line to this server with: a bounded number of bytes that mean nothing. */
export function serveThroughput(
  app: FastifyInstance,
  clock: Clock,
  deviceOf: (request: FastifyRequest) => string | undefined,
): void {
  const budgets = new Budgets(clock, measurements);
  let running = 0;
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
  const admit = async (request: FastifyRequest) => {
    const deviceId = deviceOf(request);
    if (deviceId === undefined || running >= atOnce || !budgets.take(deviceId, 1))
      throw new CodedError(
        'too-many-requests',
        'This device measured its line often enough. Try again in five minutes.',
      );
    running += 1;
    request.raw.socket.once('close', () => {
      running -= 1;
    });
  };
  app.get(agentPaths.throughput, { onRequest: admit }, async (_request, reply) =>
    reply
      .header('content-length', measuredBytes.download)
      .header('connection', 'close')
      .type('application/octet-stream')
      .send(Readable.from(noughts())),
  );
  app.post(agentPaths.throughput, { onRequest: admit, bodyLimit: measuredBytes.upload }, async (request, reply) => {
    let bytes = 0;
    for await (const part of request.body as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes > measuredBytes.upload) throw new CodedError('too-large');
    }
    return reply.header('connection', 'close').status(204).send();
  });
}

function* noughts(): Generator<Buffer> {
  for (let left = measuredBytes.download; left > 0; left -= piece.length)
    yield left < piece.length ? piece.subarray(0, left) : piece;
}
