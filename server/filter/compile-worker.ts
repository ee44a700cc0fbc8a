import { parentPort, workerData } from 'node:worker_threads';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type CompiledList, compileList } from './compile.ts';

/** What the thread answers: a refusal travels as plain values, for a class does not survive the way. */
export type WorkerAnswer = { ok: true; list: CompiledList } | { ok: false; words: string; details: readonly string[] };

const { content, file } = workerData as { content: Uint8Array; file: string };

function answer(): WorkerAnswer {
  try {
    return { ok: true, list: compileList(content, file) };
  } catch (error) {
    if (error instanceof CodedError) return { ok: false, words: error.message, details: error.details };
    throw error;
  }
}

parentPort?.postMessage(answer());
