import { accessRules } from './access-rules.ts';
import { ErrorAnswer, type Route } from './contract.ts';
import { examples } from './examples.ts';
import { components, type JsonSchema, referring } from './json-schema.ts';
import { type RouteName, routes } from './routes.ts';
import { apiScopes, scopeWords } from './scopes.ts';
import { webhookPayloads } from './webhook-events.ts';

interface Operation {
  operationId: string;
  [field: string]: unknown;
}

/** The REST interface as OpenAPI 3.1, whose schemas are the contracts themselves. https://spec.openapis.org/oas/v3.1.1 */
export function openApi(version: string) {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Rollcall', version, description, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    security: people,
    paths,
    webhooks: Object.fromEntries(
      Object.entries(webhookPayloads).map(([name, schema]) => [name, webhook(name, schema)]),
    ),
    components: { schemas: components(), parameters, headers, responses: refusals, securitySchemes },
  };
}

const scopeList = apiScopes.map((scope) => `- `.concat('`', scope, '`: ', scopeWords[scope])).join('\n');

const description = `Everything the console and the command line do. Programs send an API token: \`Authorization: Bearer rct_…\`.
What it may do is said by its scopes, of which none includes another:

${scopeList}

Every refusal is an \`ErrorAnswer\` with a code. Listings come in pages: pass \`nextCursor\` as \`cursor\` until it is null.`;

const people = [{ session: [] }, { operator: [] }];

const securitySchemes = {
  session: { type: 'apiKey', in: 'cookie', name: '__Host-rollcall', description: 'A browser that is signed in' },
  operator: { type: 'http', scheme: 'bearer', description: 'The key in HOME/operator.key, from the same machine' },
  apiToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'An API token of a program, `rct_…`; each operation names the scope it needs',
  },
};

const parameters = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A new one for each thing to do, such as a UUID. The same request with the same key within a day is not done again: it gets the same answer with `idempotency-replayed: true`. Another request with the key is refused with 422, one that is still being done with 409.',
    schema: { type: 'string', maxLength: 202 },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'The ETag of an earlier answer: 304 without a body when the answer would be the same.',
    schema: { type: 'string' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description:
      'The ETag that GET of the same path answered: 412, and nothing is changed, when it would answer another.',
    schema: { type: 'string' },
  },
};

const headers = {
  ETag: { description: 'A strong validator of these very bytes', schema: { type: 'string' } },
  IdempotencyReplayed: {
    description: '`true`: this was done by an earlier request with the key',
    schema: { type: 'string', enum: ['true'] },
  },
};

const refusal = (words: string, code: string, message: string) => ({
  description: words,
  content: json(referring(ErrorAnswer), { error: { code, message, details: [] } }),
});

const refusals = {
  BadRequest: refusal('The request is not valid', 'bad-request', 'The request is not valid: body/name must be string'),
  NotSignedIn: refusal('Nobody is signed in, or the token is wrong', 'not-signed-in', 'Sign in first.'),
  Forbidden: refusal(
    'Not for this caller',
    'outside-scope',
    'This API token may not do this: it needs the scope policy:write.',
  ),
  NotFound: refusal('There is no such thing', 'not-found', 'There is no such thing here.'),
  Conflict: refusal('It conflicts with what is there', 'changed-meanwhile', 'Somebody else changed this meanwhile.'),
  PreconditionFailed: refusal(
    'If-Match names another',
    'precondition-failed',
    'This is not what If-Match names any more.',
  ),
  Unprocessable: refusal(
    'It cannot be done so',
    'idempotency-key-reused',
    'This Idempotency-Key came with another request before. Take a new one.',
  ),
  TooMany: refusal('Too many requests', 'too-many-requests', 'Too many tries. Wait a little.'),
  Refused: { description: 'Refused; see docs/errors.md', content: json(referring(ErrorAnswer)) },
};
const refused = (name: keyof typeof refusals) => ({ $ref: `#/components/responses/${name}` });

function operation(name: RouteName, route: Route): Operation {
  const body = requestBody(name, route);
  return {
    operationId: name,
    summary: route.summary,
    description: scopeOf(name),
    tags: [tagOf(route.path)],
    ...securityOf(name, route),
    parameters: [
      ...parametersIn('path', route.params),
      ...parametersIn('query', route.query),
      ...conditions(route).map((condition) => ({ $ref: `#/components/parameters/${condition}` })),
    ],
    ...(body ? { requestBody: { required: true, content: body } } : {}),
    responses: responses(name, route),
  };
}

function scopeOf(name: RouteName): string {
  const scope = accessRules[name].token;
  return scope === 'people' ? 'Not with an API token.' : `API token: scope \`${scope}\`.`;
}

function securityOf(name: RouteName, route: Route): { security?: object[] } {
  if (route.access === 'public') return { security: [] };
  const scope = accessRules[name].token;
  return scope === 'people' ? {} : { security: [...people, { apiToken: [scope] }] };
}

function conditions(route: Route): (keyof typeof parameters)[] {
  if (route.access === 'public' || route.download) return [];
  if (route.method === 'GET') return ['IfNoneMatch'];
  if (route.method === 'POST') return ['IdempotencyKey'];
  return isRead(route.path) ? ['IfMatch'] : [];
}

function isRead(path: string): boolean {
  return Object.values(routes).some((route) => route.path === path && route.method === 'GET');
}

function responses(name: RouteName, route: Route): Record<string, unknown> {
  const [condition] = conditions(route);
  const [answerHeaders, others] = {
    IfNoneMatch: [{ ETag: { $ref: '#/components/headers/ETag' } }, { 304: { description: 'As it was' } }],
    IdempotencyKey: [{ 'idempotency-replayed': { $ref: '#/components/headers/IdempotencyReplayed' } }, {}],
    IfMatch: [undefined, { 412: refused('PreconditionFailed') }],
    none: [undefined, {}],
  }[condition ?? 'none'];
  return {
    200: {
      description: 'Done',
      ...(answerHeaders ? { headers: answerHeaders } : {}),
      content: answerContent(name, route),
    },
    ...others,
    400: refused('BadRequest'),
    ...(route.access === 'public' ? {} : { 401: refused('NotSignedIn'), 403: refused('Forbidden') }),
    ...(/:/.test(route.path) ? { 404: refused('NotFound') } : {}),
    ...(route.method === 'GET' ? {} : { 409: refused('Conflict'), 422: refused('Unprocessable') }),
    429: refused('TooMany'),
    default: refused('Refused'),
  };
}

/** The first word of the path after /api. */
export function tagOf(path: string): string {
  return path.split('/')[2] ?? '';
}

function parametersIn(place: 'path' | 'query', schema: Route['params']) {
  const { properties = {}, required = [] } = referring(schema);
  return Object.entries(properties).map(([name, value]) => {
    const { description: words, ...rest } = value;
    return {
      name,
      in: place,
      required: required.includes(name),
      ...(words ? { description: words } : {}),
      schema: rest,
    };
  });
}

function requestBody(name: RouteName, route: Route): Record<string, unknown> | undefined {
  if (route.upload) return Object.fromEntries(route.upload.types.map((type) => [type, {}]));
  const schema = referring(route.body);
  const isAsked = schema.$ref !== undefined || Object.keys(schema.properties ?? {}).length > 0;
  return isAsked ? json(schema, examples[name]?.body) : undefined;
}

function answerContent(name: RouteName, { download, response }: Route): Record<string, unknown> {
  if (download) return Object.fromEntries(download.types.map((type) => [type, {}]));
  return json(referring(response), examples[name]?.answer);
}

/** What a receiver of webhooks is sent. https://www.standardwebhooks.com */
function webhook(name: string, schema: Route['body']) {
  const header = (field: string, words: string) => ({
    ...{ name: field, in: 'header', required: true },
    ...{ description: words, schema: { type: 'string' } },
  });
  return {
    post: {
      operationId: `webhook-${name}`,
      summary: referring(schema).description,
      tags: ['webhooks'],
      security: [],
      parameters: [
        header('webhook-id', 'The same in every try: what was seen before is thrown away'),
        header('webhook-timestamp', 'Seconds since 1970; what is older than five minutes is thrown away'),
        header(
          'webhook-signature',
          '`v1,` and the HMAC-SHA256 in base64 of `id.timestamp.body`; several, apart by spaces',
        ),
      ],
      requestBody: { required: true, content: json(referring(schema)) },
      responses: { '2XX': { description: 'Taken' }, 410: { description: 'Gone: the webhook is turned off' } },
    },
  };
}

function json(schema: JsonSchema, example?: unknown): Record<string, unknown> {
  return { 'application/json': { schema, ...(example === undefined ? {} : { example }) } };
}
