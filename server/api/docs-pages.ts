import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { openApi } from '../../shared/api/openapi.ts';
import { serverVersion } from '../version.ts';
import type { Guard } from './guard.ts';

/** Swagger UI asks Fastify for a document under this name; ours is made from the contracts, not from Fastify's routes. */
const documentPlugin = Object.assign(
  async (app: FastifyInstance) => {
    let document: ReturnType<typeof openApi> | undefined;
    app.decorate('swagger', () => {
      document ??= openApi(serverVersion);
      return document;
    });
  },
  { [Symbol.for('skip-override')]: true, [Symbol.for('plugin-meta')]: { name: '@fastify/swagger' } },
);

/**
 * The REST interface to read and to try, at /docs and, for programs, as OpenAPI at /docs/json; for signed-in staff and the
 * operator. Its scripts, styles and pictures are files of this server, under the same content policy as every page.
 */
export async function serveDocs(app: FastifyInstance, guard: Guard): Promise<void> {
  await app.register(documentPlugin);
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiHooks: { onRequest: async (request) => await guard.demandPerson(request) },
    theme: { title: 'Rollcall: REST interface' },
    uiConfig: { layout: 'BaseLayout', docExpansion: 'none', filter: true, tryItOutEnabled: false },
  });
}
