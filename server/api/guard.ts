import type { FastifyRequest } from 'fastify';
import { accessRules } from '../../shared/api/access-rules.ts';
import type { Route } from '../../shared/api/contract.ts';
import { type RouteName, routes } from '../../shared/api/routes.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type ApiTokenService, apiTokenPrefix, type TokenIdentity } from '../access/api-tokens.ts';
import { networkOf } from '../access/network.ts';
import { type SignIn, type StaffIdentity, sameText } from '../access/sign-in.ts';
import type { Actor } from '../services.ts';
import { sessionCookie } from './register.ts';

/** Who calls, as established here and nowhere else. */
export interface Caller {
  actor: Actor;
  staff: StaffIdentity | undefined;
  /** The program whose API token this is. */
  token: TokenIdentity | undefined;
  /** The peer's address on the socket; forwarded headers are not believed. */
  address: string;
  sessionToken: string | undefined;
}

/**
 * Decides who may call a route: a signed-in member of staff, the operator of this machine through the command line, or a
 * program with an API token of the route's scope.
 */
export class Guard {
  readonly #signIn: SignIn;
  readonly #tokens: ApiTokenService;
  readonly #operatorKey: string;
  readonly #origins: ReadonlySet<string>;

  constructor(signIn: SignIn, tokens: ApiTokenService, operatorKey: string, origins: readonly string[]) {
    this.#signIn = signIn;
    this.#tokens = tokens;
    this.#operatorKey = operatorKey;
    // As a browser writes them: names in small letters, no port where it is the usual one.
    this.#origins = new Set(origins.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin).origin));
  }

  async admit(request: FastifyRequest, name: RouteName): Promise<Caller> {
    const nobody = { staff: undefined, token: undefined, address: request.ip, sessionToken: undefined };
    if (this.isOperator(request)) return { ...nobody, actor: 'command line' };
    const secret = apiTokenOf(request);
    if (secret !== undefined) {
      const token = await this.#admitToken(secret, request.ip, name);
      return { ...nobody, token, actor: `token:${token.name}` };
    }
    const route: Pick<Route, 'method' | 'access'> = routes[name];
    if (route.method !== 'GET') this.demandOrigin(request);
    const sessionToken = request.cookies[sessionCookie];
    const staff = await this.#staffOf(request);
    if (!staff && route.access === 'staff') throw new CodedError('not-signed-in');
    return { ...nobody, actor: staff ? `staff:${staff.name}` : 'server', staff, sessionToken };
  }

  /** For pages beside the routes: signed-in staff or the operator. */
  async demandPerson(request: FastifyRequest): Promise<void> {
    if (!this.isOperator(request) && !(await this.#staffOf(request))) throw new CodedError('not-signed-in');
  }

  /** What requests are counted by: strangers by their network, which a whole school may share; others each alone. */
  async countedBy(request: FastifyRequest): Promise<string> {
    if (this.isOperator(request)) return 'operator';
    const secret = apiTokenOf(request);
    const token = secret === undefined ? undefined : await this.#tokens.identify(secret);
    if (token) return `token ${token.id}`;
    const staff = secret === undefined ? await this.#staffOf(request) : undefined;
    return staff ? `staff ${staff.id}` : networkOf(request.ip);
  }

  /** A token never comes by itself as a cookie does, so no Origin is asked for; cookies beside it count for nothing. */
  async #admitToken(secret: string, address: string, name: RouteName): Promise<TokenIdentity> {
    const token = await this.#tokens.admit(secret, address);
    const scope = accessRules[name].token;
    if (scope !== 'people' && token.scopes.includes(scope)) return token;
    await this.#tokens.refuseScope(token, name);
    throw new CodedError(
      'outside-scope',
      scope === 'people'
        ? 'No API token may do this: signed-in staff or the operator do.'
        : `This API token may not do this: it needs the scope ${scope}.`,
    );
  }

  async #staffOf(request: FastifyRequest): Promise<StaffIdentity | undefined> {
    const sessionToken = request.cookies[sessionCookie];
    return sessionToken ? await this.#signIn.ofSession(sessionToken) : undefined;
  }

  /** A browser says where a request comes from; only our own pages may change things or open a WebSocket. */
  demandOrigin(request: FastifyRequest): void {
    const { origin } = request.headers;
    if (!origin || !this.#origins.has(origin)) throw new CodedError('wrong-origin');
  }

  /** The key lies in HOME/operator.key, readable by its owner alone; it is believed only from this machine itself. */
  isOperator(request: FastifyRequest): boolean {
    const given = bearerOf(request);
    return given !== undefined && isLoopback(request.ip) && sameText(given, this.#operatorKey);
  }
}

function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
}

function apiTokenOf(request: FastifyRequest): string | undefined {
  const given = bearerOf(request);
  return given?.startsWith(apiTokenPrefix) ? given : undefined;
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}
