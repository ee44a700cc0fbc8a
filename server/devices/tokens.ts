import { createHash } from 'node:crypto';
import type { TokenView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { Address } from '../../shared/protocol/enrolment.ts';
import { encodeToken } from '../../shared/protocol/token.ts';
import type { Sight } from '../access/standing.ts';
import type { Bus } from '../bus.ts';
import type { Actor, Changed, EventLog, Tokens } from '../services.ts';
import type { TokenListing, TokenRow, TokenStore } from '../store/tokens.ts';

export interface TokenParts {
  store: TokenStore;
  events: EventLog;
  bus: Bus;
  clock: Clock;
  random: Random;
  /** SHA-256 of the root certificate. */
  district: string;
  /** Where devices enrol, the best first; at most four go into a token. */
  enrolmentAddresses: () => readonly Address[];
}

type Wanted = Parameters<Tokens['create']>[0];

const secretBytes = 32;
const addressLimit = 4;

/** Only the hash is kept. 256 random bits need no salt and no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Enrolment tokens: who may enrol, how many, until when, and what they become. */
export class TokenService implements Tokens {
  readonly #parts: TokenParts;

  constructor(parts: TokenParts) {
    this.#parts = parts;
  }

  /** `bad-request` when one person would get several devices; `not-found` when school or person is unknown. */
  async create(wanted: Wanted, actor: Actor): Promise<{ token: string; view: TokenView }> {
    const { store, clock, random, bus, district } = this.#parts;
    if (wanted.personId && wanted.maxUses !== 1)
      throw new CodedError('bad-request', 'A token for one person enrols one device: set the number of uses to 1.');
    const secret = Buffer.from(random.bytes(secretBytes)).toString('base64url');
    const row = tokenRow(wanted, secret, random.uuid(), clock.now(), actor);
    const listing = await store.create(row);
    const devices = row.max_uses === 1 ? 'one device' : `up to ${row.max_uses} devices`;
    await this.#tell('token-created', row.id, `An enrolment token for ${devices} was made.`, actor, {
      ...{ before: {}, after: stateOf(row) },
    });
    bus.publish('tokens-changed', {});
    const addresses = this.#parts.enrolmentAddresses().slice(0, addressLimit);
    const label = row.label ? { label: row.label } : {};
    const token = encodeToken({ addresses, ca: district, secret, expiresAt: row.expires_at, ...label });
    return { token, view: viewOf(listing, clock.now()) };
  }

  async list(sight?: Sight): Promise<TokenView[]> {
    const now = this.#parts.clock.now();
    return (await this.#parts.store.list(sight)).map((listing) => viewOf(listing, now));
  }

  async revoke(id: string, actor: Actor): Promise<void> {
    if (!(await this.#parts.store.revoke(id, this.#parts.clock.now()))) return;
    await this.#tell('token-revoked', id, 'An enrolment token was revoked.', actor, {
      ...{ before: 'live', after: 'revoked' },
    });
    this.#parts.bus.publish('tokens-changed', {});
  }

  async #tell(code: string, id: string, words: string, actor: Actor, changed: Changed): Promise<void> {
    await this.#parts.events.add({ actor, code, words, ...changed, subject: { kind: 'token', id } });
  }
}

/** As the audit shows it: whatever devices become by it. */
function stateOf({ label, max_uses, expires_at, org_id, platform, approval, tags, simulated }: TokenRow) {
  const expires = new Date(expires_at).toISOString();
  return { label, uses: max_uses, expires, org: org_id, platform, approval, tags, simulated: simulated === 1 };
}

function tokenRow(wanted: Wanted, secret: string, id: string, now: number, actor: Actor): TokenRow {
  return {
    id,
    secret_hash: hashSecret(secret),
    label: wanted.label ?? '',
    max_uses: wanted.maxUses,
    uses: 0,
    expires_at: now + wanted.expiresInSeconds * 1000,
    org_id: wanted.orgId ?? null,
    platform: wanted.platform ?? null,
    approval: wanted.approval ?? 'automatic',
    person_id: wanted.personId ?? null,
    tags: JSON.stringify(wanted.tags ?? []),
    simulated: wanted.simulated ? 1 : 0,
    created_at: now,
    created_by: actor,
    revoked_at: null,
  };
}

function viewOf(token: TokenListing, now: number): TokenView {
  const { person_id: personId } = token;
  return {
    id: token.id,
    label: token.label,
    maxUses: token.max_uses,
    uses: token.uses,
    expiresAt: new Date(token.expires_at).toISOString(),
    orgName: token.org_name,
    platform: token.platform as TokenView['platform'],
    approval: token.approval as TokenView['approval'],
    person: personId === null ? null : { id: personId, name: `${token.given_name} ${token.family_name}` },
    status: statusOf(token, now),
    createdAt: new Date(token.created_at).toISOString(),
    createdBy: token.created_by,
  };
}

function statusOf(token: TokenListing, now: number): TokenView['status'] {
  if (token.revoked_at !== null) return 'revoked';
  if (token.uses >= token.max_uses) return 'used';
  return token.expires_at <= now ? 'expired' : 'open';
}
