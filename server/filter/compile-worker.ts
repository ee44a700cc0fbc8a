import { parentPort, workerData } from 'node:worker_threads';
import { asideAnswer } from './aside.ts';
import { compileList } from './compile.ts';

const { content, file } = workerData as { content: Uint8Array; file: string };

parentPort?.postMessage(asideAnswer(() => compileList(content, file)));
