import type { ApiTokenView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Answers } from './console-api.ts';
import { ago } from './console-district.ts';

const day = 86_400_000;

const token = (id: string, given: Partial<ApiTokenView>): ApiTokenView => ({
  id,
  name: 'pipeline',
  scopes: ['read', 'policy:write'],
  createdAt: ago(40 * day),
  createdBy: 'staff:Ada Byrne',
  expiresAt: ago(-50 * day),
  lastUsedAt: ago(20 * 60_000),
  status: 'live',
  ...given,
});

/** API tokens of the console's stand-in. */
export function apiTokenAnswers(): Pick<Answers, 'listApiTokens' | 'createApiToken' | 'revokeApiToken'> {
  const tokens = [
    token('at1', {}),
    token('at2', { name: 'help desk', scopes: ['read', 'helpdesk:write'], lastUsedAt: null, createdAt: ago(2 * day) }),
    token('at3', { name: 'roster nightly', scopes: ['people:write'], status: 'expired', expiresAt: ago(9 * day) }),
    token('at4', { name: 'old dashboard', scopes: ['read'], status: 'revoked', createdBy: 'command line' }),
  ];
  return {
    listApiTokens: () => ({ items: tokens, total: tokens.length, nextCursor: null }),
    createApiToken: ({ body }) => {
      if (tokens.some(({ name, status }) => status === 'live' && name === body.name))
        throw new CodedError('conflict', `There is a token called ${body.name}. Take another name or revoke it first.`);
      const { name, scopes, expiresInDays } = body;
      const expiresAt = ago(-expiresInDays * day);
      const made = token(`at${tokens.length + 1}`, { name, scopes, expiresAt, createdAt: ago(0), lastUsedAt: null });
      tokens.unshift(made);
      return { secret: 'rct_kZ3mQ1xT8vLr5nYw2cBf9hJd7sGp4uEa6oRi0tXqMNVABCDEF', token: made };
    },
    revokeApiToken: ({ params }) => {
      const found = tokens.find(({ id }) => id === params.id);
      if (!found) throw new CodedError('not-found');
      found.status = 'revoked';
      return { done: true };
    },
  };
}
