/*
 * An agent with its real capabilities, as a process of its own: run with `crash-recorder.ts` imported before. It is told by
 * ROLLCALL_CRASH_AGENT where its home and its host are, and stopped by SIGTERM.
 */
import pino from 'pino';
import { createAgent } from '../../agent/main.ts';
import { Home } from '../../agent/store/home.ts';

const { home, root, dnsPort } = JSON.parse(process.env.ROLLCALL_CRASH_AGENT ?? '{}');
const agent = await createAgent({
  ...{ home: new Home(home), root, dnsAddress: '127.0.0.1', dnsPort, localSocket: false },
  log: pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true })),
  health: () => ({ start: async () => undefined, stop: async () => undefined }),
  hardware: async () => ({ id: 'f'.repeat(64) }),
});
await agent.start();
const stopped = new Promise((resolve) => process.once('SIGTERM', resolve));
const timer = setInterval(() => undefined, 60_000);
await stopped;
clearInterval(timer);
await agent.stop();
