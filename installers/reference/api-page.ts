import { accessRules } from '../../shared/api/access-rules.ts';
import type { Route } from '../../shared/api/contract.ts';
import { components, type JsonSchema, referring } from '../../shared/api/json-schema.ts';
import { tagOf } from '../../shared/api/openapi.ts';
import { type RouteName, routes } from '../../shared/api/routes.ts';
import { code, generatedFrom, page, table } from './markdown.ts';
import { limitWords, typeWords } from './words.ts';

const intro = `# REST interface

What the console and the \`rollcall\` command line use, on the console's port. The same as OpenAPI 3.1: [openapi.json](openapi.json).

From the server's own machine, with the operator's key:

\`\`\`
curl --cacert HOME/console-ca.pem -H "Authorization: Bearer $(cat HOME/operator.key)" https://localhost:8443/api/overview
\`\`\`

From anywhere, a program sends an API token, \`Authorization: Bearer rct_…\`; each route says which scope that needs. A POST may carry an
\`Idempotency-Key\`, a GET \`If-None-Match\`, a PUT or DELETE \`If-Match\`: see [operations.md](../operations.md#programs).

A browser sends the session cookie instead, and every request that changes something must carry this server's own Origin.
Bodies are JSON in UTF-8; a property that is not named here is refused. Every refusal has the form of
[ErrorAnswer](#erroranswer) with a code of [errors.md](../errors.md). Lists come in pages: pass \`nextCursor\` as \`cursor\`
until it is null. Changes are announced on the WebSocket \`/api/live?ticket=…\` (see \`liveTicket\`;
its messages are in \`shared/api/live.ts\`). \`/healthz\` and \`/readyz\` need nothing, \`/metrics\` the operator's key.`;

/** The routes by subject, then every type they name. */
export function apiPage(): string {
  const bySubject = Object.groupBy(Object.entries(routes) as [string, Route][], ([, route]) => tagOf(route.path));
  const subjects = Object.entries(bySubject).map(([subject, entries = []]) =>
    [`## ${subject}`, ...entries.map(([name, route]) => routeWords(name, route))].join('\n\n'),
  );
  const types = Object.entries(components()).map(([name, schema]) => `### ${name}\n\n${typeTable(schema)}`);
  return page(generatedFrom('`shared/api`'), intro, ...subjects, '## Types', ...types);
}

function routeWords(name: string, route: Route): string {
  const parts: [string, JsonSchema][] = [
    ['path', referring(route.params)],
    ['query', referring(route.query)],
    ['body', referring(route.body)],
  ];
  const fields = parts.flatMap(([place, schema]) => fieldRows(schema).map((row) => [place, ...row]));
  return [
    `### ${name}\n\n\`${route.method} ${route.path}\`${route.access === 'public' ? ' (without signing in)' : ''}: ${route.summary}. ${tokenWords(name)}`,
    fields.length > 0 ? table(['In', 'Name', 'Value', 'Needed', 'Limits'], fields) : '',
    route.upload
      ? `Body: the file itself, as ${route.upload.types.map(code).join(' or ')}, at most ${bytes(route.upload.limitBytes)}.`
      : '',
    route.download
      ? `Answer: a file, as ${route.download.types.map(code).join(' or ')}.`
      : `Answer: ${typeWords(referring(route.response))}`,
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function tokenWords(name: string): string {
  const scope = accessRules[name as RouteName].token;
  return scope === 'people' ? 'No API token.' : `Scope ${code(scope)}.`;
}

function typeTable(schema: JsonSchema): string {
  if (!schema.properties) return typeWords(schema);
  return table(['Name', 'Value', 'Needed', 'Limits'], fieldRows(schema));
}

function fieldRows({ properties = {}, required = [] }: JsonSchema): string[][] {
  return Object.entries(properties).map(([name, schema]) => [
    code(name),
    typeWords(schema),
    required.includes(name) ? 'yes' : '',
    [schema.description ?? '', limitWords(schema)].filter((words) => words !== '').join(' · '),
  ]);
}

function bytes(count: number): string {
  return `${count / 1_048_576} MiB`;
}
