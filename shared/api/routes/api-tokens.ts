import { strictObject, text } from '../../schema.ts';
import { Done, IdParams, PageQuery, page, route } from '../contract.ts';
import { ApiTokenInput, ApiTokenView } from '../schemas/api-tokens.ts';

/** Tokens of programs. People and the operator deal with them; no token ever does. */
export const apiTokenRoutes = {
  listApiTokens: route('GET', '/api/api-tokens', {
    summary: 'API tokens, newest first',
    query: strictObject(PageQuery),
    response: page(ApiTokenView),
  }),
  createApiToken: route('POST', '/api/api-tokens', {
    summary: 'Make an API token; its secret is answered this once',
    body: ApiTokenInput,
    response: strictObject({ secret: text(100), token: ApiTokenView }),
    secret: true,
  }),
  revokeApiToken: route('DELETE', '/api/api-tokens/:id', {
    summary: 'Revoke an API token at once',
    params: IdParams,
    response: Done,
  }),
} as const;
