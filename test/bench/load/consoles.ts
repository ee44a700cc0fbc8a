import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Agent, request } from 'undici';
import { type ClientOptions, WebSocket } from 'ws';
import type { LiveEvent } from '../../../shared/api/live.ts';
import type { Scope } from '../scope.ts';

const sessionCookie = '__Host-rollcall';
/** A page that is told its figures may have changed loads them again, no more often than this. */
const reloadMs = 2_000;
const lifeMs = 12 * 3_600_000;

/** Accounts of owners that are signed in for the next hours, written into a home whose server does not run; their cookies. */
export function signedIn(home: string, count: number): string[] {
  const db = new Database(join(home, 'rollcall.db'));
  const now = Date.now();
  const staff = db.prepare(`insert into staff (id, name, email, password_hash, created_at) values (?, ?, ?, '', ?)`);
  const grant = db.prepare(`insert into staff_grant values (?, 'owner', '', ?, 'bench')`);
  const session = db.prepare(
    `insert into staff_session (id, token_hash, staff_id, created_at, expires_at, complete_at, proven_at, last_seen_at,
       method, address, browser) values (?, ?, ?, ?, ?, ?, ?, ?, 'passkey', '127.0.0.1', '')`,
  );
  const cookies = db.transaction(() =>
    Array.from({ length: count }, (_, number) => {
      const [id, secret] = [`staff-${number}`, randomBytes(32).toString('base64url')];
      staff.run(id, `Technician ${number}`, `technician-${number}@example.org`, now);
      grant.run(id, now);
      const hash = createHash('sha256').update(secret).digest('hex');
      session.run(`session-${number}`, hash, id, now, now + lifeMs, now, now, now);
      return `${sessionCookie}=${secret}`;
    }),
  )();
  db.close();
  return cookies;
}

/** One tab of a browser that stands open on the overview: hears what changes, and loads it again. */
export class ConsoleTab {
  readonly #origin: string;
  readonly #cookie: string;
  readonly #ca: string;
  readonly #dispatcher: Agent;
  #socket: WebSocket | undefined;
  #reload: NodeJS.Timeout | undefined;
  hints = 0;
  samples = 0;
  /** Milliseconds of each page it loaded. */
  readonly loads: number[] = [];

  constructor(scope: Scope, home: string, port: number, cookie: string) {
    this.#origin = `https://localhost:${port}`;
    this.#cookie = cookie;
    this.#ca = readFileSync(join(home, 'console-ca.pem'), 'utf8');
    this.#dispatcher = new Agent({ connect: { ca: this.#ca, servername: 'localhost' } });
    scope.defer(() => this.#close());
  }

  async open(): Promise<void> {
    const { ticket } = await this.ask<{ ticket: string }>('POST', '/api/live-ticket');
    const address = `${this.#origin.replace('https', 'wss')}/api/live?ticket=${ticket}`;
    const secure: ClientOptions & { servername: string } = { ca: this.#ca, servername: 'localhost' };
    const socket = new WebSocket(address, { ...secure, origin: this.#origin });
    this.#socket = socket;
    socket.on('message', (frame) => this.#hear(JSON.parse(String(frame)) as LiveEvent));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  }

  watch(diagnosisId: string): void {
    this.#socket?.send(JSON.stringify({ type: 'watch', diagnosisId, stream: 'live' }));
  }

  /** Throws what the server answered, when it is not 200. */
  async ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const answer = await request(this.#origin + path, {
      ...{ method, dispatcher: this.#dispatcher, body: body ? JSON.stringify(body) : null },
      headers: { cookie: this.#cookie, origin: this.#origin, ...(body && { 'content-type': 'application/json' }) },
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text) as T;
  }

  #hear(event: LiveEvent): void {
    if (event.type === 'sample') this.samples += 1;
    if (event.type !== 'changed') return;
    this.hints += 1;
    if (event.topic === 'overview' || event.topic === 'devices')
      this.#reload ??= setTimeout(() => void this.#load(), reloadMs);
  }

  async #load(): Promise<void> {
    const from = performance.now();
    await this.ask('GET', this.loads.length % 2 === 0 ? '/api/overview' : '/api/devices').catch((error: unknown) =>
      console.error(`a console page could not be loaded: ${String(error)}`),
    );
    this.loads.push(performance.now() - from);
    this.#reload = undefined;
  }

  async #close(): Promise<void> {
    clearTimeout(this.#reload);
    this.#socket?.terminate();
    await this.#dispatcher.destroy();
  }
}
