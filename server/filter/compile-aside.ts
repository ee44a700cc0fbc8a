import { Worker } from 'node:worker_threads';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type CompiledList, compileList } from './compile.ts';
import type { WorkerAnswer } from './compile-worker.ts';

/** Lists larger than this are compiled in a thread of their own, so that nobody waits for them; see the measurement in `docs/decisions`. */
const largestInline = 262_144;

/** `compileList` without holding up everything else. `bad-list` for what is no list. */
export async function compileAside(content: Uint8Array, file: string): Promise<CompiledList> {
  if (content.byteLength <= largestInline) return compileList(content, file);
  const answer = await inThread(content, file);
  if (!answer.ok) throw new CodedError('bad-list', answer.words, answer.details);
  return answer.list;
}

async function inThread(content: Uint8Array, file: string): Promise<WorkerAnswer> {
  const worker = new Worker(new URL('./compile-worker.ts', import.meta.url), { workerData: { content, file } });
  try {
    return await new Promise<WorkerAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`compiling a list ended with exit code ${code}`)));
    });
  } finally {
    await worker.terminate();
  }
}
