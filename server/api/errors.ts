import type { FastifyError, FastifyInstance } from 'fastify';
import type { ErrorAnswer } from '../../shared/api/contract.ts';
import { CodedError, type ErrorCode } from '../../shared/errors/catalogue.ts';
import { troubleOf, troubleWords } from '../store/trouble.ts';

/**
 * Every failure leaves in the form of `ErrorAnswer`; causes and stacks stay in the log. `heard` is told of those of the
 * server.
 */
export function answerErrors(app: FastifyInstance, heard: (error: unknown) => void = () => undefined): void {
  app.setErrorHandler((thrown: FastifyError | CodedError, request, reply) => {
    const error = thrown instanceof CodedError ? thrown : fromFastify(thrown);
    if (error.status >= 500) {
      heard(thrown);
      request.log.error({ err: thrown, route: request.routeOptions.url }, 'request failed');
    }
    return reply.status(error.status).send(answerOf(error));
  });
}

/** What an error looks like to whoever asked. */
export function answerOf(error: CodedError): ErrorAnswer {
  return { error: { code: error.code, message: error.message, details: [...error.details] } };
}

/** Fastify's own refusals (too large, not JSON, wrong media type) in our words; anything else is a bug. */
function fromFastify(error: FastifyError): CodedError {
  const trouble = troubleOf(error);
  if (trouble) return new CodedError('unavailable', troubleWords[trouble], [], error);
  const status = error.statusCode ?? 500;
  if (status >= 500) return new CodedError('internal', undefined, [], error);
  const codes: Partial<Record<number, ErrorCode>> = { 404: 'not-found', 413: 'too-large', 429: 'too-many-requests' };
  const code = codes[status] ?? 'bad-request';
  return new CodedError(
    code,
    code === 'bad-request' ? `The request is not valid: ${error.message}` : undefined,
    [],
    error,
  );
}
