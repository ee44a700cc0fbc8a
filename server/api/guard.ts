import type { FastifyRequest } from 'fastify';
import type { Route } from '../../shared/api/contract.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { networkOf } from '../access/network.ts';
import { type SignIn, type StaffIdentity, sameText } from '../access/sign-in.ts';
import type { Actor } from '../services.ts';
import { sessionCookie } from './register.ts';

/** Who calls, as established here and nowhere else. */
export interface Caller {
  actor: Actor;
  staff: StaffIdentity | undefined;
  /** The peer's address on the socket; forwarded headers are not believed. */
  address: string;
  sessionToken: string | undefined;
}

/** Decides who may call a route: a signed-in member of staff, or the operator of this machine through the command line. */
export class Guard {
  readonly #signIn: SignIn;
  readonly #operatorKey: string;
  readonly #origins: ReadonlySet<string>;

  constructor(signIn: SignIn, operatorKey: string, origins: readonly string[]) {
    this.#signIn = signIn;
    this.#operatorKey = operatorKey;
    // As a browser writes them: names in small letters, no port where it is the usual one.
    this.#origins = new Set(origins.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin).origin));
  }

  async admit(request: FastifyRequest, route: Pick<Route, 'access' | 'method'>): Promise<Caller> {
    if (this.isOperator(request)) {
      return { actor: 'command line', staff: undefined, address: request.ip, sessionToken: undefined };
    }
    if (route.method !== 'GET') this.demandOrigin(request);
    const sessionToken = request.cookies[sessionCookie];
    const staff = await this.#staffOf(request);
    if (!staff && route.access === 'staff') throw new CodedError('not-signed-in');
    return { actor: staff ? `staff:${staff.name}` : 'server', staff, address: request.ip, sessionToken };
  }

  /** What requests are counted by: strangers by their network, which a whole school may share; others each alone. */
  async countedBy(request: FastifyRequest): Promise<string> {
    if (this.isOperator(request)) return 'operator';
    const staff = await this.#staffOf(request);
    return staff ? `staff ${staff.id}` : networkOf(request.ip);
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
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    return given !== undefined && isLoopback(request.ip) && sameText(given, this.#operatorKey);
  }
}

export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}
