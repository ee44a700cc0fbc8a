import type { apiTokenRoutes } from '../../../shared/api/routes/api-tokens.ts';
import type { ApiTokenService } from '../../access/api-tokens.ts';
import type { Handlers } from '../register.ts';

/** Tokens of programs. That no token comes here is the guard's to see to (`shared/api/access-rules.ts`). */
export function apiTokenHandlers({
  apiTokens,
}: {
  apiTokens: ApiTokenService;
}): Pick<Handlers, keyof typeof apiTokenRoutes> {
  return {
    listApiTokens: ({ query, caller: { sight } }) => apiTokens.list({ ...query, sight }),
    createApiToken: ({ body, caller }) => apiTokens.create(body, caller.actor, caller.staff?.id),
    revokeApiToken: async ({ params, caller }) => {
      await apiTokens.revoke(params.id, caller.actor);
      return { done: true };
    },
  };
}
