import { Socket } from 'node:net';
import { systemClock } from '../../clock.ts';
import { FrontProgram } from './front-program.ts';

/** The program of a front process, started by the server alone. The link to it is the file descriptor 3. */
const linkDescriptor = 3;

// The server says when: it has agents told first, and a signal to the whole group reaches both.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

const stream = new Socket({ fd: linkDescriptor, readable: true, writable: true });
new FrontProgram(stream, systemClock, (problem) => process.exit(problem ? 1 : 0)).start();
