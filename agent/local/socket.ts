import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What may be asked of a running agent by whoever may open its socket: its own user. One line, one JSON answer. */
export type Question = 'status' | 'stop';

const longestPath = 100;
const longestQuestion = 64;
const longestAnswer = 1_048_576;
const patienceMs = 3_000;

/**
 * The socket in HOME; a named pipe on Windows; where HOME's path is too long for a socket, in a folder of its own among the
 * temporary ones, which everybody may write to: see `demandPrivate`.
 */
export function socketPath(home: string): string {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\rollcall-agent-${name}`;
  const path = join(home, 'agent.sock');
  return path.length <= longestPath ? path : join(tmpdir(), `rollcall-agent-${name}`, 'agent.sock');
}

/** Answers questions on the socket. Only the process that holds the lock of its home may start it. */
export class LocalSocket {
  readonly #path: string;
  readonly #answer: (question: Question) => unknown;
  readonly #server: Server;

  constructor(path: string, answer: (question: Question) => unknown) {
    this.#path = path;
    this.#answer = answer;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async start(): Promise<void> {
    // What a killed agent left: the lock of the home says that nobody listens there.
    if (process.platform !== 'win32') {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      demandPrivate(this.#path);
      rmSync(this.#path, { force: true });
    }
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.#path, resolve);
    });
    if (process.platform !== 'win32') chmodSync(this.#path, 0o600);
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    let heard = '';
    socket.setEncoding('utf8').setTimeout(patienceMs, () => socket.destroy());
    // Whoever asks may leave before the answer.
    socket.on('error', () => socket.destroy());
    socket.on('data', (part: string) => {
      heard += part;
      if (heard.length > longestQuestion) socket.destroy();
      else if (heard.endsWith('\n')) socket.end(`${JSON.stringify(this.#reply(heard.trim()))}\n`);
    });
  }

  #reply(question: string): unknown {
    return question === 'status' || question === 'stop' ? this.#answer(question) : { error: 'unknown question' };
  }
}

/** Among the temporary folders anybody could have made this one first, to answer in the agent's name or be its socket. */
function demandPrivate(path: string): void {
  const folder = dirname(path);
  const status = folder.startsWith(tmpdir()) ? lstatSync(folder, { throwIfNoEntry: false }) : undefined;
  if (!status) return;
  if (!status.isDirectory() || status.uid !== process.geteuid?.())
    throw new Error(`${folder} belongs to somebody else. Remove it, or choose a shorter --home.`);
  if ((status.mode & 0o022) !== 0)
    throw new Error(`${folder} is one that others may enter and change. Remove it, or choose a shorter --home.`);
}

/** Asks a running agent; undefined when none listens. Throws when one listens and does not answer. */
export async function askAgent(path: string, question: Question): Promise<unknown> {
  if (process.platform !== 'win32') demandPrivate(path);
  return await new Promise((resolve, reject) => {
    let answer = '';
    const socket = createConnection(path, () => socket.write(`${question}\n`));
    socket.setEncoding('utf8').setTimeout(patienceMs, () => socket.destroy(new Error('the agent does not answer')));
    socket.on('data', (part: string) => {
      answer += part;
      if (answer.length > longestAnswer) socket.destroy(new Error('the answer of the agent is too long'));
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else reject(error);
    });
    socket.on('end', () =>
      answer === '' ? reject(new Error('the agent gave no answer')) : resolve(JSON.parse(answer)),
    );
  });
}
