import Type from 'typebox';
import { choice, strictObject, text } from '../../schema.ts';
import { Id, Instant, Nullable } from '../contract.ts';
import { apiScopes } from '../scopes.ts';

const Scopes = Type.Array(choice(apiScopes), { minItems: 1, maxItems: apiScopes.length, uniqueItems: true });

/** A year, after which whoever runs the program looks at it again. */
export const longestTokenDays = 365;

export const ApiTokenInput = strictObject({
  name: Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,59}$',
    description: 'what the events call it: token:NAME',
  }),
  scopes: Scopes,
  /** It reaches this unit and what lies below it; absent: as far as whoever makes it. */
  orgId: Type.Optional(Id),
  expiresInDays: Type.Integer({ minimum: 1, maximum: longestTokenDays }),
});
export type ApiTokenInput = Type.Static<typeof ApiTokenInput>;

/** A token without its secret, which nobody sees again. */
export const ApiTokenView = strictObject({
  id: Id,
  name: text(60),
  scopes: Scopes,
  orgId: Nullable(Id),
  createdAt: Instant,
  createdBy: text(300),
  expiresAt: Instant,
  /** To the minute. */
  lastUsedAt: Nullable(Instant),
  status: choice(['live', 'expired', 'revoked']),
});
export type ApiTokenView = Type.Static<typeof ApiTokenView>;
