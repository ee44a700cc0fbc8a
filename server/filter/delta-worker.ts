import { parentPort, workerData } from 'node:worker_threads';
import { asideAnswer } from './aside.ts';
import { compareLists } from './delta-aside.ts';

const { from, to } = workerData as { from: Uint8Array; to: Uint8Array };

parentPort?.postMessage(asideAnswer(() => compareLists(from, to)));
