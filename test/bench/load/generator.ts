// A process of simulated agents. Argument: its `CrowdOptions` as JSON; then it answers what `Fleet` asks over IPC.
import { Crowd, type CrowdOptions } from './crowd.ts';
import type { Ask } from './fleet.ts';

const crowd = await Crowd.open(JSON.parse(process.argv[2] ?? '') as CrowdOptions);

function answerTo(ask: Ask): unknown {
  switch (ask.what) {
    case 'join':
      return crowd.join(ask.each);
    case 'leave':
      return crowd.leave();
    case 'stats':
      return crowd.totals();
    case 'take':
      return crowd.moments.take();
    case 'acknowledged':
      return crowd.acknowledged();
    case 'beat':
      for (const agent of crowd.some(1)) agent.pingWithin(ask.seconds);
      return undefined;
    case 'report':
      for (const agent of crowd.some(ask.each)) agent.report(ask.events);
      return undefined;
    default:
      for (const agent of crowd.some(ask.each)) agent[ask.what]();
      return undefined;
  }
}

process.on('message', ({ id, ask }: { id: number; ask: Ask }) => process.send?.({ id, answer: answerTo(ask) ?? null }));
process.on('disconnect', () => process.exit());
process.on('SIGTERM', () => process.exit());
process.send?.({ ready: true });
