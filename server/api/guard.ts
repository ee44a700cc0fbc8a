import type { FastifyRequest } from 'fastify';
import { accessRules } from '../../shared/api/access-rules.ts';
import { type Route, unattendedHeader } from '../../shared/api/contract.ts';
import { type RouteName, routes } from '../../shared/api/routes.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type ApiTokenService, apiTokenPrefix, type TokenIdentity } from '../access/api-tokens.ts';
import type { Asked, Authoriser } from '../access/authorise.ts';
import { networkOf } from '../access/network.ts';
import type { Session, Sessions } from '../access/sessions.ts';
import { type StaffIdentity, sameText } from '../access/staff-identity.ts';
import { everything, operatorStanding, type Sight, Standing } from '../access/standing.ts';
import type { Actor } from '../services.ts';
import { sessionCookie } from './register.ts';

/** Who calls, as established here and nowhere else. */
export interface Caller {
  actor: Actor;
  /** Signed in completely. */
  staff: StaffIdentity | undefined;
  /** Of a member of staff, complete or not. */
  session: Session | undefined;
  /** The program whose API token this is. */
  token: TokenIdentity | undefined;
  /** The peer's address on the socket; behind a proxy this server trusts, the one it names. */
  address: string;
  /** Its User-Agent. */
  browser: string;
  /** The page it comes from, as the browser says: one of ours, or nothing. */
  origin: string | undefined;
  sessionToken: string | undefined;
  /** What they may do, and where. */
  standing: Standing;
  /** What they see by this route: lists are cut to it. */
  sight: Sight;
}
type Known = Omit<Caller, 'standing' | 'sight'>;

/**
 * Decides who may call a route: a signed-in member of staff, the operator of this machine through the command line, or a
 * program with an API token of the route's scope.
 */
export class Guard {
  readonly #sessions: Sessions;
  readonly #tokens: ApiTokenService;
  readonly #authoriser: Authoriser;
  readonly #operatorKey: string;
  readonly #origins: ReadonlySet<string>;

  constructor(
    sessions: Sessions,
    tokens: ApiTokenService,
    authoriser: Authoriser,
    operatorKey: string,
    origins: readonly string[],
  ) {
    this.#sessions = sessions;
    this.#tokens = tokens;
    this.#authoriser = authoriser;
    this.#operatorKey = operatorKey;
    // As a browser writes them: names in small letters, no port where it is the usual one.
    this.#origins = new Set(origins.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin).origin));
  }

  async admit(request: FastifyRequest, name: RouteName): Promise<Caller> {
    const nobody = {
      ...whence(request),
      staff: undefined,
      session: undefined,
      token: undefined,
      sessionToken: undefined,
    };
    if (this.isOperator(request)) return this.#operator({ ...nobody, actor: 'command line' });
    const secret = apiTokenOf(request);
    if (secret !== undefined) {
      const token = await this.#admitToken(secret, request.ip, name);
      return this.#permitted(
        name,
        { ...nobody, token, actor: `token:${token.name}` },
        await this.#authoriser.ofToken(token),
      );
    }
    const route: Pick<Route, 'method' | 'access'> = routes[name];
    if (route.method !== 'GET') this.demandOrigin(request);
    const sessionToken = request.cookies[sessionCookie];
    const session = await this.#sessionOf(request);
    this.#demandSession(session, route.access, name);
    const staff = session?.isComplete ? session.staff : undefined;
    const standing = staff ? await this.#authoriser.ofStaff(staff.id) : new Standing([], undefined);
    const known = { ...nobody, actor: staff ? `staff:${staff.name}` : 'server', staff, session, sessionToken };
    return this.#permitted(name, known, standing);
  }

  /** Once a request is read and checked: whether the caller may do it to what it names. */
  async authorise(name: RouteName, caller: Caller, asked: Asked): Promise<void> {
    await this.#authoriser.demandObjects(name, caller.standing, asked);
  }

  /** Before a request is read: whether the caller may do this to anything. */
  #permitted(name: RouteName, known: Known, standing: Standing): Caller {
    return { ...known, standing, sight: this.#authoriser.demandPermission(name, standing) };
  }

  #operator(known: Known): Caller {
    return { ...known, standing: operatorStanding(), sight: everything };
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

  /** Whoever lacks the second factor gets as far as to show or enrol one. */
  #demandSession(session: Session | undefined, access: Route['access'], name: RouteName): void {
    if (access === 'public') return;
    if (!session) throw new CodedError('not-signed-in');
    if (access === 'staff' && !session.isComplete) throw new CodedError('second-factor-needed');
    if (accessRules[name].fresh) this.#sessions.demandFresh(session);
  }

  async #staffOf(request: FastifyRequest): Promise<StaffIdentity | undefined> {
    const session = await this.#sessionOf(request);
    return session?.isComplete ? session.staff : undefined;
  }

  /** A page that works on by itself, with nobody before it, does not keep its session from idling. */
  async #sessionOf(request: FastifyRequest): Promise<Session | undefined> {
    const sessionToken = request.cookies[sessionCookie];
    const isUse = request.headers[unattendedHeader] === undefined;
    return sessionToken ? await this.#sessions.read(sessionToken, isUse) : undefined;
  }

  /** A browser says where a request comes from; only our own pages may change things or open a WebSocket. */
  demandOrigin(request: FastifyRequest): void {
    const { origin } = request.headers;
    if (!origin || !this.#origins.has(origin)) throw new CodedError('wrong-origin');
  }

  /**
   * The key lies in HOME/operator.key, readable by its owner alone; it is believed only from this machine itself: never
   * through a proxy, whether it is one this server trusts or not.
   */
  isOperator(request: FastifyRequest): boolean {
    const given = bearerOf(request);
    const { socket, headers } = request;
    const isForwarded = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
    if (given === undefined || isForwarded || !isLoopback(socket.remoteAddress ?? '')) return false;
    return sameText(given, this.#operatorKey);
  }
}

function whence({ ip, headers }: FastifyRequest): Pick<Caller, 'address' | 'browser' | 'origin'> {
  return { address: ip, browser: headers['user-agent'] ?? '', origin: headers.origin };
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
