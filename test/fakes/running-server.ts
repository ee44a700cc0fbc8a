import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino, { type Logger } from 'pino';
import { Agent, request } from 'undici';
import { runCommandLine } from '../../server/commands/command-line.ts';
import { loadConfig } from '../../server/config.ts';
import { type RunningServer, startServer } from '../../server/main.ts';
import type { Entry } from '../../shared/api/schemas.ts';
import { complete, cookieOf } from './staff.ts';

export const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  raw?: Uint8Array | string;
  headers?: Record<string, string>;
}

/** The real server on loopback with free ports and a home of its own. */
export class TestServer {
  readonly home: string;
  readonly server: RunningServer;
  readonly #agent: Agent;

  private constructor(home: string, server: RunningServer) {
    this.home = home;
    this.server = server;
    this.#agent = new Agent({ connect: { ca: readFileSync(join(home, 'console-ca.pem')), servername: 'localhost' } });
  }

  static async start(
    options: { demo?: boolean; home?: string; log?: Logger; config?: object } = {},
  ): Promise<TestServer> {
    const home = options.home ?? mkdtempSync(join(tmpdir(), 'rollcall-server-'));
    if (options.config) writeFileSync(join(home, 'config.yaml'), JSON.stringify(options.config));
    const ports = options.home ? {} : { consolePort: 0, agentPort: 0 };
    const config = loadConfig({ home, listen: '127.0.0.1', demo: options.demo ?? false, ...ports });
    return new TestServer(home, await startServer(config, options.log ?? pino({ level: 'silent' })));
  }

  get origin(): string {
    return `https://localhost:${this.server.ports.console}`;
  }

  get operatorKey(): string {
    return readFileSync(join(this.home, 'operator.key'), 'utf8').trim();
  }

  async call(path: string, { method = 'GET', body, raw, headers = {} }: Call = {}): Promise<Answer> {
    const answer = await request(this.origin + path, {
      method,
      dispatcher: this.#agent,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    });
    const text = await answer.body.text();
    const isJson = String(answer.headers['content-type']).includes('json');
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
  }

  /** As the operator of this machine. */
  async operate<T = Record<string, unknown>>(path: string, options: Call = {}): Promise<T> {
    const answer = await this.call(path, {
      ...options,
      headers: { ...options.headers, authorization: `Bearer ${this.operatorKey}` },
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }

  /** Makes the first administrator, with a passkey; the cookie of the complete session. */
  async setUp(): Promise<string> {
    const email = 'ada@example.org';
    const answer = await this.call('/api/setup', {
      method: 'POST',
      headers: { origin: this.origin },
      body: { code: this.server.setUpCode, name: 'Ada Admin', email, password: 'correct horse battery' },
    });
    return await complete(this, email, cookieOf(answer), answer.body as Entry);
  }

  async stop({ keepHome = false } = {}): Promise<void> {
    await this.server.stop();
    await this.#agent.close();
    if (!keepHome) rmSync(this.home, { recursive: true, force: true });
  }
}

export interface ProgramEnd {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `rollcall ARGS…` within this process: all of it but the process, for which {@link run} is there and costs half a second. */
export async function rollcallHere(...args: string[]): Promise<ProgramEnd> {
  const said: string[] = [];
  const { code, refusal } = await runCommandLine(args, (text) => void said.push(text));
  return { code, stdout: said.join(''), stderr: refusal };
}

/** Runs a program of the repository to its end. */
export function run(args: readonly string[], timeoutMs = 60_000): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (part: string) => {
        output[name] += part;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...output }));
  });
}
