import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type Configuration, type JWKS, type KoaContextWithOIDC } from 'oidc-provider';
import { request } from 'undici';

/** Somebody with an account at the provider, and what its ID token says of them. */
export interface ProviderAccount {
  sub: string;
  claims: Record<string, unknown>;
}

type Claims = Record<string, unknown>;
const scope = 'openid email profile';
const claimNames = ['hd', 'tid', 'amr', 'email', 'email_verified', 'xms_edov', 'name'];
export const client = { id: 'rollcall', secret: 'a-secret-of-the-provider' };

/** A real OpenID provider on loopback. Whoever comes is taken for `account` at once, without a page to click through. */
export class OpenIdProvider {
  readonly issuer: string;
  readonly #server: Server;
  readonly #key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  /** Who is signed in at the provider. */
  account: ProviderAccount = { sub: 'nobody', claims: {} };
  /** Makes ID tokens of others, as a provider that is broken or bought. */
  tamper: ((claims: Claims) => Claims) | undefined;
  /** Signs them with a key of somebody else. */
  isForging = false;

  private constructor(server: Server) {
    this.#server = server;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<OpenIdProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OpenIdProvider(server);
  }

  /** Answers from now on. `origins`: where the console is, which alone it sends people back to. */
  serve(...origins: string[]): void {
    const provider = new Provider(this.issuer, this.#configuration(origins));
    provider.use(async (context, next) => {
      await next();
      if (context.path === '/token') this.#tamper(context as KoaContextWithOIDC);
    });
    const handle = provider.callback();
    this.#server.on('request', (asked: IncomingMessage, answer: ServerResponse) => {
      const login = { accountId: this.account.sub, remember: false };
      if (asked.url?.startsWith('/interaction/')) void provider.interactionFinished(asked, answer, { login });
      else void handle(asked, answer);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #configuration(origins: readonly string[]): Configuration {
    const [client_id, client_secret] = [client.id, client.secret];
    const redirect_uris = origins.map((origin) => `${origin}/sign-in/provider`);
    return {
      clients: [{ client_id, client_secret, redirect_uris }],
      jwks: {
        keys: [{ ...this.#key.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'test' }],
      } as unknown as JWKS,
      cookies: { keys: ['a key of the provider for its own cookies'] },
      pkce: { required: () => true },
      // As Google and Entra do, the address stands in the ID token itself.
      conformIdTokenClaims: false,
      claims: { openid: ['sub', ...claimNames] },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      features: { devInteractions: { enabled: false } },
      findAccount: async (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...this.account.claims }) }),
      interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
      loadExistingGrant: async ({ oidc }) => {
        const accountId = oidc.session?.accountId ?? '';
        const grant = new oidc.provider.Grant({ clientId: client.id, accountId });
        grant.addOIDCScope(scope);
        grant.addOIDCClaims(claimNames);
        await grant.save();
        return grant;
      },
    };
  }

  #tamper(context: KoaContextWithOIDC): void {
    const body = context.body as { id_token?: string };
    if (!body.id_token || (!this.tamper && !this.isForging)) return;
    const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
    const key = this.isForging ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey : this.#key;
    context.body = { ...body, id_token: signed(this.tamper?.(claims) ?? claims, key) };
  }
}

function signed(claims: Claims, key: KeyObject): string {
  const [head, body] = [{ alg: 'RS256', kid: 'test', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${head}.${body}.${sign('sha256', Buffer.from(`${head}.${body}`), key).toString('base64url')}`;
}

/** Follows a browser’s way through the provider; the query it is sent back to the console with. */
export async function throughProvider(url: string, consoleOrigin: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = new URL(url);
  for (let hops = 0; hops < 8; hops++) {
    if (next.origin === consoleOrigin) return next.search.slice(1);
    const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
    const { headers, statusCode, body } = await request(next, { headers: { cookie } });
    await body.dump();
    for (const set of [headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    if (statusCode < 300 || statusCode > 399) throw new Error(`the provider answered ${statusCode} at ${next.href}`);
    next = new URL(String(headers.location), next);
  }
  throw new Error('the provider goes round in circles');
}
