import { createHash } from 'node:crypto';
import type { ApiTokenInput, ApiTokenView } from '../../shared/api/schemas.ts';
import type { ApiScope } from '../../shared/api/scopes.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Bus } from '../bus.ts';
import type { Actor, Changed, EventLog, Page } from '../services.ts';
import type { ApiTokenRow, ApiTokenStore } from '../store/api-tokens.ts';
import { TryLimiter } from './limiter.ts';
import { networkOf } from './network.ts';
import { hashOf } from './staff-identity.ts';
import type { Seen } from './standing.ts';

export interface ApiTokenParts {
  store: ApiTokenStore;
  events: EventLog;
  /** For what a stranger can cause at will. */
  refusals: { add(key: string, event: Parameters<EventLog['add']>[0]): Promise<unknown> };
  bus: Bus;
  clock: Clock;
  random: Random;
}

/** A program that showed a token which is good now. */
export interface TokenIdentity {
  id: string;
  name: string;
  scopes: readonly ApiScope[];
  /** The account of staff that made it; undefined: the operator did. */
  makerId: string | undefined;
  /** It reaches this unit and what lies below it; empty: as far as its maker. */
  orgId: string;
}

/** How each begins, so that it is told from other bearer tokens. */
export const apiTokenPrefix = 'rct_';
const secretBytes = 32;
const checksumLength = 6;
const shape = /^rct_[A-Za-z0-9_-]{43}[A-Za-z0-9_-]{6}$/;
const atMost = 200;
const dayMs = 86_400_000;
const usedEveryMs = 60_000;
/** Wrong tokens of one network in a quarter of an hour. Good ones of the same network are never refused for them. */
const wrongTokens = { limit: 30, windowMs: 900_000 };

/** Tokens of programs: who made them, what they may do, until when. */
export class ApiTokenService {
  readonly #parts: ApiTokenParts;
  readonly #wrong: TryLimiter;

  constructor(parts: ApiTokenParts) {
    this.#parts = parts;
    this.#wrong = new TryLimiter(parts.clock, wrongTokens.limit, wrongTokens.windowMs);
  }

  /** `makerId`: the account of staff that makes it. */
  async create(
    wanted: ApiTokenInput,
    actor: Actor,
    makerId?: string,
  ): Promise<{ secret: string; token: ApiTokenView }> {
    const { store, clock, random } = this.#parts;
    const secret = apiTokenSecret(random.bytes(secretBytes));
    const now = clock.now();
    const row: ApiTokenRow = {
      id: random.uuid(),
      name: wanted.name,
      secret_hash: hashOf(secret),
      scopes: JSON.stringify(wanted.scopes),
      created_at: now,
      created_by: actor,
      created_by_staff: makerId ?? null,
      org_id: wanted.orgId ?? '',
      expires_at: now + wanted.expiresInDays * dayMs,
      last_used_at: null,
      revoked_at: null,
    };
    await store.insert(row, atMost);
    await this.#tell(
      'api-token-made',
      row,
      `The API token ${row.name} was made for ${wanted.scopes.join(', ')}.`,
      actor,
      {
        before: {},
        after: { scopes: wanted.scopes, org: wanted.orgId, expires: new Date(row.expires_at).toISOString() },
      },
    );
    return { secret, token: viewOf(row, now) };
  }

  async list(query: Seen<{ cursor?: string; limit?: number }>): Promise<Page<ApiTokenView>> {
    const page = await this.#parts.store.page(query);
    return { ...page, items: page.items.map((row) => viewOf(row, this.#parts.clock.now())) };
  }

  async revoke(id: string, actor: Actor): Promise<void> {
    const revoked = await this.#parts.store.revoke(id, this.#parts.clock.now());
    if (revoked)
      await this.#tell('api-token-revoked', revoked, `The API token ${revoked.name} was revoked.`, actor, {
        ...{ before: 'live', after: 'revoked' },
      });
  }

  /** Whose token this is, when it is good now. Changes and counts nothing. */
  async identify(secret: string): Promise<TokenIdentity | undefined> {
    const row = await this.#find(secret);
    return row && identityOf(row);
  }

  /** As `identify`, and the use is noted. `wrong-api-token`, or `too-many-requests` for a network that goes on trying. */
  async admit(secret: string, address: string): Promise<TokenIdentity> {
    const row = await this.#find(secret);
    if (!row) {
      await this.#refuse(`wrong ${networkOf(address)}`, 'server', `An API token from ${address} was refused.`);
      throw new CodedError(this.#wrong.take(networkOf(address)) ? 'wrong-api-token' : 'too-many-requests');
    }
    const now = this.#parts.clock.now();
    if (now - (row.last_used_at ?? 0) >= usedEveryMs) await this.#parts.store.used(row.id, now);
    return identityOf(row);
  }

  /** A good token that asks for what it may not. */
  async refuseScope({ id, name }: TokenIdentity, what: string): Promise<void> {
    await this.#refuse(`scope ${id}`, `token:${name}`, `An API token asked for what it may not do: ${what}.`);
  }

  async #find(secret: string): Promise<ApiTokenRow | undefined> {
    if (!isWellFormed(secret)) return undefined;
    const row = await this.#parts.store.bySecret(hashOf(secret));
    return row && statusOf(row, this.#parts.clock.now()) === 'live' ? row : undefined;
  }

  async #refuse(key: string, actor: Actor, words: string): Promise<void> {
    await this.#parts.refusals.add(key, { actor, code: 'api-token-refused', words });
  }

  async #tell(code: string, { id }: ApiTokenRow, words: string, actor: Actor, changed: Changed): Promise<void> {
    await this.#parts.events.add({ actor, code, words, ...changed, subject: { kind: 'api-token', id } });
    this.#parts.bus.publish('api-tokens-changed', {});
  }
}

/** The text of a token made of these random bytes. */
export function apiTokenSecret(bytes: Uint8Array): string {
  return withChecksum(`${apiTokenPrefix}${Buffer.from(bytes).toString('base64url')}`);
}

/** So that a slip of the pen, or a scanner of leaked secrets, can be told from a token without asking the server. */
function withChecksum(text: string): string {
  return text + createHash('sha256').update(text).digest('base64url').slice(0, checksumLength);
}

function isWellFormed(secret: string): boolean {
  return shape.test(secret) && withChecksum(secret.slice(0, -checksumLength)) === secret;
}

function identityOf({ id, name, scopes, created_by_staff, org_id }: ApiTokenRow): TokenIdentity {
  return { id, name, scopes: JSON.parse(scopes) as ApiScope[], makerId: created_by_staff ?? undefined, orgId: org_id };
}

function viewOf(row: ApiTokenRow, now: number): ApiTokenView {
  return {
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes) as ApiScope[],
    orgId: row.org_id === '' ? null : row.org_id,
    createdAt: new Date(row.created_at).toISOString(),
    createdBy: row.created_by,
    expiresAt: new Date(row.expires_at).toISOString(),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at).toISOString(),
    status: statusOf(row, now),
  };
}

function statusOf(row: ApiTokenRow, now: number): ApiTokenView['status'] {
  if (row.revoked_at !== null) return 'revoked';
  return row.expires_at <= now ? 'expired' : 'live';
}
