/*
 * Run by namespace.test.ts on a host without any network: what the resolver behind the filter and a probe make of an
 * address that nothing leads to.
 */

import { questionFor } from '../../../agent/filter/answers.ts';
import { probeResolver } from '../../../agent/filter/probe.ts';
import { openUpstream } from '../../../agent/filter/upstream/open.ts';
import { askOnce } from '../../../agent/filter/upstream/upstream.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';

const parts = { clock: systemClock, random: systemRandom };
const packet = questionFor('school.test', 1);
const asked: string[] = [];
for (const server of ['192.0.2.53', '[2001:db8::53]']) {
  const upstream = await openUpstream(
    { kind: 'plain', servers: [server] },
    { ...parts, systemServers: [], self: undefined },
  );
  for (let time = 0; time < 3; time++) {
    const question = { packet: Buffer.from(packet), id: time, end: packet.length, stream: false };
    asked.push(
      await askOnce(upstream, question).then(
        () => 'answered',
        (error: Error & { failure?: string }) => `${error.name} ${error.failure}`,
      ),
    );
  }
  upstream.close();
}
const probed = await probeResolver({ address: '192.0.2.53', port: 53 }, 'school.test', 'A', parts);
process.stdout.write(JSON.stringify({ asked, probed }));
process.exit(0);
