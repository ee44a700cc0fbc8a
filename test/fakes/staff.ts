import type { Entry, PasskeyOptions } from '../../shared/api/schemas.ts';
import { Authenticator } from './authenticator.ts';
import type { Answer, Call } from './running-server.ts';

/** What of a server a person at a browser reaches. */
export interface ConsoleServer {
  origin: string;
  call(path: string, call?: Call): Promise<Answer>;
}

/** The passkeys of those who signed in before, by the server and address. */
const authenticators = new WeakMap<ConsoleServer, Map<string, Authenticator>>();

/** Signs in completely: by password, with a passkey that is enrolled the first time. The cookie of the session. */
export async function signIn(server: ConsoleServer, email: string, password: string): Promise<string> {
  const answer = await post(server, '/api/session', { email, password });
  return await complete(server, email, cookieOf(answer), answer.body as Entry);
}

/** Shows a second factor, or enrols the first, from where a session stands. */
export async function complete(server: ConsoleServer, email: string, cookie: string, entry: Entry): Promise<string> {
  if (!entry.entering) throw new Error(`${email} is not entering: ${JSON.stringify(entry)}`);
  const known = authenticators.get(server) ?? new Map<string, Authenticator>();
  authenticators.set(server, known);
  const own = known.get(email);
  if (own) return await signInByPasskey(server, own);
  const authenticator = new Authenticator(server.origin);
  const options = await post(server, '/api/security/passkeys/options', {}, cookie);
  const made = authenticator.create(options.body as PasskeyOptions);
  const enrolled = await post(server, '/api/security/passkeys', made, cookie);
  known.set(email, authenticator);
  return cookieOf(enrolled);
}

export async function signInByPasskey(server: ConsoleServer, authenticator: Authenticator): Promise<string> {
  const options = await post(server, '/api/session/passkey/options', {});
  return cookieOf(await post(server, '/api/session/passkey', authenticator.get(options.body as PasskeyOptions)));
}

/** The passkey somebody signed in with before. */
export function authenticatorOf(server: ConsoleServer, email: string): Authenticator {
  const known = authenticators.get(server)?.get(email);
  if (!known) throw new Error(`${email} has not signed in yet`);
  return known;
}

/** The name and value of the session cookie of an answer. Throws with the answer when there is none. */
export function cookieOf({ status, headers, body }: Answer): string {
  const [cookie] = [headers['set-cookie']].flat();
  if (!cookie) throw new Error(`no session: ${status} ${JSON.stringify(body)}`);
  return cookie.split(';')[0] ?? '';
}

/** A session cookie as Playwright puts it into a browser that did not sign in itself. */
export function browserCookie({ origin }: ConsoleServer, cookie: string) {
  const [name = '', value = ''] = cookie.split('=');
  return { name, value, url: origin, secure: true, httpOnly: true, sameSite: 'Strict' as const };
}

async function post(server: ConsoleServer, path: string, body: object, cookie = ''): Promise<Answer> {
  const headers = { origin: server.origin, ...(cookie ? { cookie } : {}) };
  return await server.call(path, { method: 'POST', body, headers });
}
