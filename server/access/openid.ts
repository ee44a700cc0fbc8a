import * as oidc from 'openid-client';
import type { Entry, SecurityView } from '../../shared/api/schemas.ts';
import type { Clock, Random } from '../../shared/clock.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { EventLog } from '../services.ts';
import type { StaffStore } from '../store/staff.ts';
import type { IdentityRow, StaffFactorStore } from '../store/staff-factors.ts';
import { type KnownAtProvider, type ProviderSettings, readClaims } from './openid-claims.ts';
import { Pending } from './pending.ts';
import type { Session, Sessions, Whence } from './sessions.ts';
import type { Entered, SignIn } from './sign-in.ts';
import { hashOf, identityOf, type StaffIdentity } from './staff-identity.ts';

const awayMs = 600_000;
/** A provider's own description and keys are read anew after this. */
const describedMs = 3_600_000;
const timeoutSeconds = 10;

/** The page of the console a provider sends the browser back to. */
export const returnPath = '/sign-in/provider';

interface Journey {
  provider: ProviderSettings;
  origin: string;
  state: string;
  nonce: string;
  verifier: string;
  /** Whose session links its account; undefined: to sign in. */
  linkFor: Session | undefined;
}

export interface OpenIdParts {
  providers: readonly ProviderSettings[];
  store: StaffStore;
  factors: StaffFactorStore;
  sessions: Sessions;
  signIn: SignIn;
  events: EventLog;
  clock: Clock;
  random: Random;
}

/**
 * Signing in at an OpenID provider: authorization code with PKCE, state and nonce. Who comes back is matched with an
 * account by what was linked before, else by a verified address; none is ever made. It counts as one factor, unless the
 * district trusts the provider's word on the second.
 */
export class OpenId {
  readonly #parts: OpenIdParts;
  readonly #journeys: Pending<Journey>;
  readonly #described = new Map<string, { at: number; server: Promise<oidc.Configuration> }>();

  constructor(parts: OpenIdParts) {
    this.#parts = parts;
    this.#journeys = new Pending(parts.clock, awayMs);
  }

  get providers(): { id: string; name: string }[] {
    return this.#parts.providers.map(({ id, name }) => ({ id, name }));
  }

  /** How linked accounts are shown; those of providers that are gone are left out. */
  identities(rows: IdentityRow[]): SecurityView['identities'] {
    return rows.flatMap(({ issuer, linked_at }) => {
      const provider = this.#parts.providers.find((one) => one.issuer === issuer);
      return provider
        ? [{ provider: provider.id, name: provider.name, linkedAt: new Date(linked_at).toISOString() }]
        : [];
    });
  }

  /** Where to send the browser, and what the tab must keep to come back. `origin`: the console's, as the browser says. */
  async start(providerId: string, origin: string, linkFor?: Session): Promise<{ url: string; ticket: string }> {
    const provider = this.#provider(providerId);
    if (linkFor) this.#parts.sessions.demandFresh(linkFor);
    const server = await this.#describe(provider);
    const [state, nonce, verifier, ticket] = [this.#secret(), this.#secret(), this.#secret(), this.#secret()];
    this.#journeys.put(hashOf(ticket), { provider, origin, state, nonce, verifier, linkFor });
    const url = oidc.buildAuthorizationUrl(server, {
      ...{ redirect_uri: origin + returnPath, scope: 'openid email profile', state, nonce },
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(provider.hostedDomain === undefined ? {} : { hd: provider.hostedDomain }),
    });
    return { url: url.href, ticket };
  }

  /** `query`: what the provider added to the address. Throws `sign-in-refused` in words for the person. */
  async finish(
    { ticket, query }: { ticket: string; query: string },
    whence: Whence,
    session: Session | undefined,
  ): Promise<{ purpose: 'sign-in' | 'link'; entered?: Entered; entry: Entry }> {
    const journey = this.#journeys.take(hashOf(ticket));
    if (!journey) throw new CodedError('sign-in-refused', 'This took too long, or began in another tab. Begin again.');
    const known = await this.#knownBy(journey, query, whence);
    if (journey.linkFor) {
      if (session?.id !== journey.linkFor.id) throw new CodedError('not-signed-in');
      await this.#link(session.staff, journey.provider, known);
      return { purpose: 'link', entry: { staff: session.staff, entering: null } };
    }
    const staff = await this.#match(journey.provider, known, whence);
    const entered = await this.#enter(staff, journey.provider, known, whence);
    return { purpose: 'sign-in', entered, entry: entered.entry };
  }

  async unlink({ staff, ...session }: Session, providerId: string): Promise<void> {
    this.#parts.sessions.demandFresh(session);
    const { issuer, name } = this.#provider(providerId);
    if (!(await this.#parts.factors.unlink(staff.id, issuer))) throw new CodedError('not-found');
    await this.#tell(staff, 'identity-unlinked', `The account at ${name} opens this one no longer.`);
  }

  async #enter(staff: StaffIdentity, { id, name }: ProviderSettings, known: KnownAtProvider, whence: Whence) {
    const { signIn } = this.#parts;
    return known.hasShownTwoFactors
      ? await signIn.enter(staff, id, whence, `by ${name}, with its second factor,`)
      : await signIn.begin(staff, id, whence);
  }

  async #knownBy(journey: Journey, query: string, whence: Whence): Promise<KnownAtProvider> {
    const { provider, origin, state, nonce, verifier } = journey;
    const server = await this.#describe(provider);
    const back = new URL(`${origin}${returnPath}?${query.replace(/^\?/, '')}`);
    const tokens = await oidc
      .authorizationCodeGrant(server, back, {
        ...{ expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier },
        idTokenExpected: true,
      })
      .catch(
        async (cause: unknown) => await this.#refuse(provider, whence, `${provider.name} did not let you in.`, cause),
      );
    const known = readClaims(provider, { ...tokens.claims() });
    return typeof known === 'string' ? await this.#refuse(provider, whence, known) : known;
  }

  async #match(provider: ProviderSettings, known: KnownAtProvider, whence: Whence): Promise<StaffIdentity> {
    const { store, factors } = this.#parts;
    const linked = await factors.staffByIdentity(provider.issuer, known.subject);
    if (linked !== undefined) {
      const staff = await store.byId(linked);
      if (staff && staff.disabled_at === null) return identityOf(staff);
      return await this.#refuse(provider, whence, 'This account is disabled.');
    }
    if (known.email === undefined)
      return await this.#refuse(provider, whence, `${provider.name} has not verified your e-mail address.`);
    const staff = await store.byEmail(known.email);
    if (!staff) return await this.#refuse(provider, whence, 'Nobody has given you an account here. Ask an owner.');
    await this.#link(identityOf(staff), provider, known);
    return identityOf(staff);
  }

  async #link(staff: StaffIdentity, { issuer, name }: ProviderSettings, { subject }: KnownAtProvider): Promise<void> {
    const row = { staff_id: staff.id, issuer, subject, linked_at: this.#parts.clock.now() };
    if (!(await this.#parts.factors.link(row)))
      throw new CodedError('sign-in-refused', `This account is linked to another account at ${name}.`);
    await this.#tell(staff, 'identity-linked', `An account at ${name} opens this one from now on.`);
  }

  async #refuse(provider: ProviderSettings, { address }: Whence, reason: string, cause?: unknown): Promise<never> {
    const words = `A sign-in by ${provider.name} from ${address} was refused: ${reason}`;
    await this.#parts.events.add({ actor: 'server', code: 'sign-in-refused', words });
    throw new CodedError('sign-in-refused', reason, [], cause);
  }

  #provider(id: string): ProviderSettings {
    const provider = this.#parts.providers.find((one) => one.id === id);
    if (!provider) throw new CodedError('not-found', 'Nobody signs in by this provider here.');
    return provider;
  }

  /** What the provider says of itself; one that could not be reached is asked again next time. */
  async #describe(provider: ProviderSettings): Promise<oidc.Configuration> {
    const now = this.#parts.clock.monotonic();
    const known = this.#described.get(provider.id);
    const server = known && now - known.at < describedMs ? known.server : discover(provider);
    this.#described.set(provider.id, { at: known?.server === server ? known.at : now, server });
    return await server.catch((cause: unknown) => {
      this.#described.delete(provider.id);
      throw new CodedError('provider-unreachable', `${provider.name} does not answer as it should.`, [], cause);
    });
  }

  async #tell({ id, name }: StaffIdentity, code: string, words: string): Promise<void> {
    await this.#parts.events.add({ actor: `staff:${name}`, code, words, subject: { kind: 'staff', id } });
  }

  #secret(): string {
    return Buffer.from(this.#parts.random.bytes(32)).toString('base64url');
  }
}

async function discover({ issuer, clientId, clientSecret }: ProviderSettings): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  return await oidc.discovery(url, clientId, clientSecret, undefined, {
    timeout: timeoutSeconds,
    execute: [
      // The signature of the ID token is checked too, however the token came.
      oidc.enableNonRepudiationChecks,
      // The configuration lets plain HTTP through for a provider on this very machine alone.
      ...(url.protocol === 'http:' ? [oidc.allowInsecureRequests] : []),
    ],
  });
}
