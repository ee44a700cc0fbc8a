import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthReporter } from '../../../agent/running-agent.ts';
import { encode } from '../../../shared/protocol/codec.ts';
import type { VerdictMessage } from '../../../shared/protocol/messages.ts';
import { AgentHome } from '../../fakes/agent-home.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';
import { send } from '../../fakes/http.ts';

const district = new FakeDistrict();
const verdict: VerdictMessage = {
  at: 1_781_190_000_000,
  state: 'noncompliant',
  checks: [{ check: 'disk-encrypted', status: 'fail', severity: 'critical', seen: 'not encrypted' }],
  step: 'warn',
  obligations: [],
};
let server: FakeControlServer;
let device: AgentHome;
let looks: number;
/** The firewall of the pretended host. */
let firewall: 'on' | 'off';

beforeEach(async () => {
  server = new FakeControlServer(district);
  await server.start();
  device = new AgentHome();
  device.enrolAt(server);
  looks = 0;
  firewall = 'on';
});
afterEach(async () => {
  await device.dispose();
  await server.stop();
});

/** Health whose only reading is the firewall. */
async function start(): Promise<void> {
  await device.start({
    page: { address: '127.0.0.1', port: 0 },
    health: ({ emit, clock }): HealthReporter => {
      const read = async () => {
        const value = { state: firewall, evidence: 'pretended' };
        emit({ kind: 'observation', at: clock.now(), name: 'firewall', value });
      };
      const look = async () => {
        looks += 1;
        await read();
      };
      return { start: read, look, stop: async () => undefined };
    },
  });
}
const port = () => Number(device.agent?.status().page?.split(':')[1]);
const own = { host: '127.0.0.1', accept: 'text/html' };
async function page(path = '/', headers: Record<string, string> = {}): Promise<string> {
  const { text } = await send(port(), path, { headers: { ...own, ...headers } });
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .replaceAll('&#39;', "'");
}
async function token(): Promise<string> {
  return /name="token" value="(\w+)"/.exec((await send(port(), '/', { headers: own })).text)?.[1] ?? '';
}
async function checkAgain(headers: Record<string, string> = {}, fields: Record<string, string> = {}) {
  const form = { ...own, origin: 'http://127.0.0.1', 'content-type': 'application/x-www-form-urlencoded', ...headers };
  const body = new URLSearchParams({ token: fields.token ?? (await token()) }).toString();
  return await send(port(), '/.rollcall/check-again', { method: 'POST', headers: form, body });
}

describe('“My device” of a running agent', () => {
  it('is there without a web filter, and says what the district said, also offline and after a restart', async () => {
    await start();
    expect(await page()).toMatch(/has not judged this device yet/);
    await server.until(() => server.hellos.length === 1, 'a session');
    server.send('verdict', verdict);
    await expect.poll(() => page()).toMatch(/One thing needs to be put right.*Disk encryption.*Not encrypted/);
    expect(await page('/', { 'accept-language': 'es' })).toMatch(
      /Hay una cosa por arreglar.*Cifrado del disco.*Sin cifrar/,
    );
    await server.stopAgents();
    await expect.poll(() => page()).toMatch(/no connection to your school district since \d\d:\d\d\./);
    await device.stop();
    await start();
    expect(await page()).toMatch(/no connection to your school district.*Disk encryption/);
  });

  it('goes on without a verdict that was damaged on disk', async () => {
    writeFileSync(device.home.verdict, '{"verdict":{"at":1}}');
    await start();
    expect(await page()).toMatch(/has not judged this device yet/);
  });

  it('tells at once what the device sees, before the district has answered', async () => {
    await start();
    await server.until(() => server.hellos.length === 1, 'a session');
    const passing = { check: 'firewall-on', status: 'pass', severity: 'critical', seen: 'on' } as const;
    server.send('verdict', { ...verdict, state: 'compliant', step: 'none', checks: [passing] });
    await expect.poll(() => page()).toMatch(/Everything is in order/);
    firewall = 'off';
    expect((await checkAgain()).status).toBe(303);
    expect(looks).toBe(1);
    expect(await page()).toMatch(/One thing.*Looked just now.*Firewall just seen.*Off.*will say by when/);
    await server.until(
      () =>
        server.records.some((record) => record.kind === 'observation' && JSON.stringify(record.value).includes('off')),
      'the report',
    );
  });

  it('keeps its session when the district says what breaks the protocol, but for the session itself', async () => {
    await start();
    await server.until(() => server.hellos.length === 1, 'a session');
    const broken = { ...verdict, step: 'explode' } as unknown as VerdictMessage;
    server.sendRaw(encode('verdict', 's9', broken));
    await expect.poll(() => device.agent?.status().connected).toBe(false);
    expect(existsSync(device.home.verdict)).toBe(false);
    expect(await page()).toMatch(/has not judged this device yet/);
  });

  it('keeps on disk what was said last', async () => {
    await start();
    await server.until(() => server.hellos.length === 1, 'a session');
    server.send('verdict', { ...verdict, step: 'remind' });
    await expect
      .poll(() => existsSync(device.home.verdict) && readFileSync(device.home.verdict, 'utf8'))
      .toContain('remind');
  });
});

describe('the button “Check again”', () => {
  it.each<[string, number, Record<string, string>, Record<string, string>]>([
    ['another site', 403, { origin: 'http://evil.example' }, {}],
    ['no origin', 403, { origin: '' }, {}],
    ['what the browser calls cross-site', 403, { 'sec-fetch-site': 'cross-site' }, {}],
    ['a form without the token', 403, {}, { token: '' }],
    ['a form with another token', 403, {}, { token: 'f'.repeat(64) }],
    ['another kind of body', 415, { 'content-type': 'text/plain' }, {}],
  ])('does nothing for %s', async (_name, status, headers, fields) => {
    await start();
    const answer = await checkAgain(headers, fields);
    expect([answer.status, looks]).toEqual([status, 0]);
  });

  it('does nothing under the name of a site, or by a link', async () => {
    await start();
    const site = { host: 'chess.example', origin: 'http://chess.example' };
    expect((await checkAgain(site)).status).toBe(503);
    const link = await send(port(), '/.rollcall/check-again', { headers: own });
    expect([link.status, link.headers.allow, looks]).toEqual([405, 'POST', 0]);
    expect(
      (await send(port(), '/.rollcall/live', { headers: { ...own, 'sec-fetch-site': 'cross-site' } })).status,
    ).toBe(403);
  });

  it('looks once when it is pressed over and over, and says why', async () => {
    await start();
    expect((await checkAgain()).status).toBe(303);
    const again = await Promise.all([1, 2, 3, 4].map(() => checkAgain()));
    expect(again.map(({ status }) => status)).toEqual([429, 429, 429, 429]);
    expect(again[0]?.text).toMatch(/You have just asked/);
    expect(looks).toBe(1);
  });
});
