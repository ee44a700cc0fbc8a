import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCapabilities } from '../../../agent/capabilities/registry.ts';
import { enforcementSteps } from '../../../agent/cli/doctor-enforcement.ts';
import { readConfig } from '../../../agent/config.ts';
import type { WebFilterSection, WebFilterSettings } from '../../../shared/profile/web-filter.ts';
import { AgentHome } from '../../fakes/agent-home.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';
import { askDns } from '../../fakes/dns-question.ts';
import { send } from '../../fakes/http.ts';
import { freePort } from '../../fakes/programs.ts';
import { FakeUpstream } from '../../fakes/upstream.ts';

const district = new FakeDistrict();
/** No campus is named; whether anything is known of the network depends on the machine. */
const elsewhere = expect.stringMatching(/^(off-campus|unknown)$/);
const words = 'We need it for the project.';
let server: FakeControlServer;
let device: AgentHome;
let upstream: FakeUpstream;

beforeEach(async () => {
  server = new FakeControlServer(district);
  await server.start();
  upstream = await new FakeUpstream({
    'bad.example A': [{ type: 'A', name: 'bad.example', ttl: 60, data: '192.0.2.1' }],
  }).start();
  device = new AgentHome();
  device.enrolAt(server);
});
afterEach(async () => {
  await device.dispose();
  await upstream.stop();
  await server.stop();
});

function section(settings: WebFilterSettings = {}): WebFilterSection {
  const servers = [`127.0.0.1:${upstream.port}`];
  const always: WebFilterSettings = { upstream: { kind: 'plain', servers }, blockAnswer: 'page' };
  return { settings: { ...always, blockedDomains: ['bad.example'], ...settings }, lists: [], contact: 'the helpdesk' };
}

async function start(port = 0): Promise<void> {
  const page = { address: '127.0.0.1', port };
  await device.start({ capabilities: createCapabilities, dnsPort: await freePort(), page });
  await verified(1);
}

async function verified(generation: number): Promise<void> {
  const reported = () => server.reported('webFilter');
  const isVerified = () => reported()?.generation === generation && reported()?.status === 'verified';
  await server.until(isVerified, `generation ${generation}: ${JSON.stringify(reported())}`, 15_000);
}

const evidence = () => server.reported('webFilter')?.evidence ?? [];
const status = () => {
  if (!device.agent) throw new Error('no agent runs');
  return device.agent.status();
};
const pagePort = () => Number(status().page?.split(':')[1]);
const dnsPort = () =>
  Number(/port (\d+)/.exec(evidence().find(({ item }) => item === 'filter policy')?.seen ?? '')?.[1]);
const addresses = async (name: string) => (await askDns(dnsPort(), name)).values;
const activity = () => server.records.filter((record) => record.kind === 'activity');

async function ask(): Promise<number> {
  const headers = { host: 'bad.example', accept: 'text/html' };
  const { text } = await send(pagePort(), '/', { headers });
  const token = /name="token" value="(\w+)"/.exec(text)?.[1] ?? '';
  const answer = await send(pagePort(), '/.rollcall/ask', {
    method: 'POST',
    headers: { ...headers, origin: 'http://bad.example', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ name: 'bad.example', token, words, target: '/' }).toString(),
  });
  return answer.status;
}

/** What `doctor` finds of them, asking the running agent. */
async function ownPagesOfDoctor() {
  const config = readConfig({ home: device.home.path, root: device.root }, {});
  return (await enforcementSteps(config)).find(({ check }) => check === 'own pages');
}

describe('a running agent', () => {
  it('leads blocked names to its page, sends a request made there, and opens the name when that is granted', async () => {
    server.state = district.state(1, { webFilter: section() });
    await start();
    expect(evidence()).toContainEqual(expect.objectContaining({ item: 'own pages of the device', ok: true }));
    expect(await ownPagesOfDoctor()).toMatchObject({ ok: true, seen: `127.0.0.1:${pagePort()} answers` });
    expect(await addresses('bad.example')).toEqual(['127.0.0.1']);
    expect(await addresses('rollcall.internal')).toEqual(['127.0.0.1']);
    expect(await ask()).toBe(303);
    const sent = () => server.records.find((record) => record.kind === 'unblock-request');
    await server.until(() => sent() !== undefined, 'the request');
    expect(sent()).toMatchObject({ name: 'bad.example', rule: 'bad.example', words });

    server.state = district.state(2, { webFilter: section({ blockedDomains: [] }) });
    server.send('desired', server.state.signed);
    await verified(2);
    expect(await addresses('bad.example')).toEqual(['192.0.2.1']);
    const state = await send(pagePort(), '/.rollcall/state?name=bad.example', { headers: { host: 'bad.example' } });
    expect(JSON.parse(state.text)).toEqual({ blocked: false, request: 'waiting' });
  });

  it('records what was asked, as the level allows, without what it asked itself, and sends it after a restart', async () => {
    server.state = district.state(1, { webFilter: section({ recordingOffCampus: 'blocked' }) });
    await start();
    expect(status()).toMatchObject({ recording: { level: 'blocked', place: elsewhere } });
    await addresses('www.bad.example');
    await addresses('www.bad.example');
    await addresses('other.example').catch(() => undefined);
    await device.stop();
    expect(activity()).toEqual([]);
    await start();
    await server.until(() => activity().length > 0, 'the record');
    expect(activity()).toMatchObject([
      {
        place: elsewhere,
        level: 'blocked',
        asked: 3,
        blocked: 2,
        categories: [{ category: 'blocked-domains', blocked: 2 }],
      },
    ]);
    expect(activity()[0]?.names).toMatchObject([{ name: 'www.bad.example', outcome: 'blocked', count: 2 }]);
  });

  it('has a filter without pages where their port is taken, and doctor says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    server.state = district.state(1, { webFilter: section({ blockAnswer: 'address' }) });
    await start(port);
    expect(evidence()).toContainEqual(
      expect.objectContaining({ seen: expect.stringContaining('used by another program') }),
    );
    expect(await addresses('bad.example')).toEqual(['0.0.0.0']);
    expect(await ownPagesOfDoctor()).toMatchObject({ ok: false, seen: 'not open' });
    other.close();
  });

  it('records nothing off campus where nothing is set, and keeps the page of the device, but nothing of sites, without a filter', async () => {
    server.state = district.state(1, { webFilter: section() });
    await start();
    const port = pagePort();
    await addresses('www.bad.example');
    server.state = district.state(2, {});
    server.send('desired', server.state.signed);
    await server.until(() => server.reported('webFilter')?.hash === undefined, 'the removal');
    expect(status().recording).toBeUndefined();
    const ownPage = await send(port, '/', { headers: { host: '127.0.0.1' } });
    expect(ownPage.text).toMatch(/no web filter on this device/);
    expect((await send(port, '/', { headers: { host: 'bad.example', accept: 'text/html' } })).status).toBe(503);
    await device.stop();
    await expect(send(port, '/')).rejects.toThrow(/ECONNREFUSED/);
    expect(device.log.errors).toEqual([]);
    expect(activity()).toEqual([]);
  });
});
