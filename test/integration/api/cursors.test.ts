import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../shared/api/contract.ts';
import type { JsonSchema } from '../../../shared/api/json-schema.ts';
import { type RouteName, routes } from '../../../shared/api/routes.ts';
import { TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.stop());

const paged = (Object.keys(routes) as RouteName[]).filter((name) => {
  const { method, query }: Route = routes[name];
  return method === 'GET' && 'cursor' in ((query as JsonSchema).properties ?? {});
});
const forged = [['x'], [1], ['x', 1], [1, 'x', 1], [1e300, 'x'], ['']].map((keys) => JSON.stringify(keys));

describe('a cursor that somebody made up', () => {
  it.each(paged)('does no harm to %s', async (name) => {
    const path = routes[name].path.replace(/:\w+/g, 'x');
    const headers = { authorization: `Bearer ${server.operatorKey}` };
    for (const keys of [...forged, 'null', '[]', '{']) {
      const cursor = Buffer.from(keys).toString('base64url');
      const { status } = await server.call(`${path}?cursor=${cursor}`, { headers });
      expect([keys, status]).not.toEqual([keys, 500]);
    }
  });
});
