import { serverVersion as version } from '../../server/version.ts';
import { ErrorAnswer, type Route } from '../../shared/api/contract.ts';
import { routes } from '../../shared/api/routes.ts';
import { components, type JsonSchema, referring } from './json-schema.ts';

interface Operation {
  operationId: string;
  [field: string]: unknown;
}

/** The REST interface as OpenAPI 3.1, whose schemas are the contracts themselves. https://spec.openapis.org/oas/v3.1.1 */
export function openApi() {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Rollcall', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: 'https://localhost:8443' }],
    security: [{ session: [] }, { operator: [] }],
    paths,
    components: {
      schemas: components(),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-rollcall', description: 'A browser that is signed in' },
        operator: {
          type: 'http',
          scheme: 'bearer',
          description: 'The key in HOME/operator.key, from the same machine',
        },
      },
    },
  };
}

function operation(name: string, route: Route): Operation {
  const body = requestBody(route);
  return {
    operationId: name,
    summary: route.summary,
    tags: [tagOf(route.path)],
    ...(route.access === 'public' ? { security: [] } : {}),
    parameters: [...parameters('path', route.params), ...parameters('query', route.query)],
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: {
      200: { description: 'Done', content: answerContent(route) },
      default: { description: 'Refused; see docs/errors.md', content: json(referring(ErrorAnswer)) },
    },
  };
}

/** The first word of the path after /api. */
export function tagOf(path: string): string {
  return path.split('/')[2] ?? '';
}

function parameters(place: 'path' | 'query', schema: Route['params']) {
  const { properties = {}, required = [] } = referring(schema);
  return Object.entries(properties).map(([name, value]) => {
    const { description, ...rest } = value;
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function requestBody(route: Route): Record<string, unknown> | undefined {
  if (route.upload) return Object.fromEntries(route.upload.types.map((type) => [type, {}]));
  const schema = referring(route.body);
  return Object.keys(schema.properties ?? {}).length > 0 ? json(schema) : undefined;
}

function answerContent({ download, response }: Route): Record<string, unknown> {
  return download ? Object.fromEntries(download.types.map((type) => [type, {}])) : json(referring(response));
}

function json(schema: JsonSchema): Record<string, unknown> {
  return { 'application/json': { schema } };
}
