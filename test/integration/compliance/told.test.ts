import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HealthParts } from '../../../agent/agent-options.ts';
import { send } from '../../fakes/http.ts';
import { Laptop } from '../../fakes/laptop.ts';
import { TestServer } from '../../fakes/running-server.ts';

let server: TestServer;
let laptop: Laptop;
/** Of the agent started last. */
let parts: HealthParts | undefined;

beforeEach(async () => {
  server = await TestServer.start();
  laptop = await Laptop.enrol(server, 'laptop-1');
});
afterEach(async () => {
  await laptop.dispose();
  await server.stop();
});

async function connect(): Promise<void> {
  await laptop.connect({
    page: { address: '127.0.0.1', port: 0 },
    health: (given) => {
      parts = given;
      return { start: async () => see('on'), stop: async () => undefined };
    },
  });
}

/** The firewall of the pretended host. */
function see(state: 'on' | 'off'): void {
  if (!parts) throw new Error('no agent runs');
  const { emit, clock } = parts;
  emit({ kind: 'observation', at: clock.now(), name: 'firewall', value: { state, evidence: 'pretended' } });
}

async function page(): Promise<string> {
  const port = Number(laptop.agent?.status().page?.split(':')[1]);
  const { text } = await send(port, '/', { headers: { host: '127.0.0.1', accept: 'text/html' } });
  return text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}
const says = (words: RegExp) => expect.poll(page, { timeout: 40_000 }).toMatch(words);

it('what a device reports is judged by the real server and told on its page, with why and by when', async () => {
  await connect();
  await says(/Judged by your school district.*What is asked of this device.*Firewall On/);
  see('off');
  await says(/One thing needs to be put right.*Firewall .*Seen Off .*By when Now\. There is no extra time/);
  expect(await page()).not.toMatch(/just seen/);
  see('on');
  await says(/What is asked of this device.*Firewall On/);
});

it('a waiver and its end reach the page of the device without a report', async () => {
  await connect();
  see('off');
  await says(/One thing needs to be put right/);
  const body = {
    target: { kind: 'device', id: laptop.identity.deviceId },
    check: 'firewall-on',
    reason: 'It is being repaired.',
    until: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const waiver = await server.operate<{ id: string }>('/api/waivers', { method: 'POST', body });
  await says(/Excused for now Firewall Off .*does not count until/);
  await server.operate(`/api/waivers/${waiver.id}/end`, { method: 'POST', body: {} });
  await says(/One thing needs to be put right/);
});
