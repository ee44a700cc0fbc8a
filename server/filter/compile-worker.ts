import { parentPort, workerData } from 'node:worker_threads';
import { asideAnswer } from './aside.ts';
import { compileList } from './compile.ts';

const { content, file, taken } = workerData as { content: Uint8Array; file: string; taken: string[] };

parentPort?.postMessage(asideAnswer(() => compileList(content, file, taken)));
