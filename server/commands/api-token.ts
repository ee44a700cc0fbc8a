import type { ApiTokenInput, ApiTokenView } from '../../shared/api/schemas.ts';
import { apiScopes } from '../../shared/api/scopes.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { allPages, type OperatorClient } from './client.ts';
import { type Output, table } from './output.ts';
import { parseDuration } from './token.ts';

const daySeconds = 86_400;

export interface ApiTokenFlags {
  scope?: string[] | undefined;
  expires?: string | undefined;
}

/** `rollcall api-token create`: prints the secret alone, so that it can go into a file. */
export async function createApiToken(
  client: OperatorClient,
  name: string,
  { scope = [], expires = '90d' }: ApiTokenFlags,
  output: Output,
): Promise<void> {
  if (scope.length === 0)
    throw new CodedError(
      'bad-request',
      `Say what it may do with --scope, once or several times: ${apiScopes.join(', ')}.`,
    );
  const expiresInDays = Math.ceil(parseDuration(expires) / daySeconds);
  const made = await client.call('createApiToken', {
    body: { name, scopes: scope as ApiTokenInput['scopes'], expiresInDays },
  });
  output.result(made, made.secret);
}

export async function listApiTokens(client: OperatorClient, output: Output): Promise<void> {
  const tokens = await Array.fromAsync(
    allPages((cursor) => client.call('listApiTokens', { query: { limit: 200, ...(cursor ? { cursor } : {}) } })),
  );
  output.result(tokens, table(['TOKEN', 'SCOPES', 'STATUS', 'EXPIRES', 'LAST USED', 'ID'], tokens.map(row)));
}

/** By its id, or by its name while it is live. */
export async function revokeApiToken(client: OperatorClient, wanted: string, output: Output): Promise<void> {
  const tokens = allPages((cursor) =>
    client.call('listApiTokens', { query: { limit: 200, ...(cursor ? { cursor } : {}) } }),
  );
  for await (const { id, name, status } of tokens) {
    if (id !== wanted && !(name === wanted && status === 'live')) continue;
    output.result(await client.call('revokeApiToken', { params: { id } }), `The API token ${name} is revoked.`);
    return;
  }
  throw new CodedError('not-found', `There is no API token ${wanted}. See: rollcall api-token list`);
}

function row({ name, scopes, status, expiresAt, lastUsedAt, id }: ApiTokenView): string[] {
  return [name, scopes.join(' '), status, expiresAt.slice(0, 10), lastUsedAt?.slice(0, 16) ?? 'never', id];
}
