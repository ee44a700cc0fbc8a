import { Worker } from 'node:worker_threads';
import { CodedError } from '../../shared/errors/catalogue.ts';

export interface AsideLimits {
  timeoutMs: number;
  memoryMb: number;
}

/** A list of five million names takes about half of either on a slow machine. */
const usualLimits: AsideLimits = { timeoutMs: 120_000, memoryMb: 1_536 };

/** What a thread answers: a refusal travels as plain values, for a class does not survive the way. */
export type AsideAnswer<T> = { ok: true; value: T } | { ok: false; words: string; details: readonly string[] };

/**
 * Runs a file in a thread of its own and gives what it answers, so that the event loop serves everybody else meanwhile.
 * `bad-list` when it refuses, takes too long or takes too much memory: the thread ends, the server does not.
 */
export async function runAside<T>(file: URL, workerData: unknown, limits: AsideLimits = usualLimits): Promise<T> {
  const worker = new Worker(file, { workerData, resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb } });
  let timer: NodeJS.Timeout | undefined;
  try {
    const answer = await new Promise<AsideAnswer<T>>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error) => reject(isOutOfMemory(error) ? tooMuch('memory') : error));
      worker.once('exit', (code) => reject(new Error(`a thread for lists ended with exit code ${code}`)));
      timer = setTimeout(() => reject(tooMuch('time')), limits.timeoutMs);
    });
    if (!answer.ok) throw new CodedError('bad-list', answer.words, answer.details);
    return answer.value;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** For the thread: what `work` gives or refuses, as it travels. */
export function asideAnswer<T>(work: () => T): AsideAnswer<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof CodedError) return { ok: false, words: error.message, details: error.details };
    throw error;
  }
}

const isOutOfMemory = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';

function tooMuch(what: 'memory' | 'time'): CodedError {
  return new CodedError(
    'bad-list',
    `The list cannot be used: reading it takes too much ${what}. Split it into several categories. The earlier one stays in force.`,
  );
}
