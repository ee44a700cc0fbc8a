import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CapabilityParts } from '../../../agent/capabilities/registry.ts';
import type { Context } from '../../../agent/context/context.ts';
import { AgentHome } from '../../fakes/agent-home.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';

const hour = 3_600_000;
const campus = [{ name: 'Uplink', publicAddresses: ['198.51.100.0/24'] }];
const district = new FakeDistrict();
let server: FakeControlServer;
let device: AgentHome;
let context: Context | undefined;

const findings = () => server.records.flatMap((item) => (item.kind === 'finding' ? [item] : []));
const network = {
  signature: async () => 'one',
  wired: async () => ({ addresses: ['10.20.3.4'] }),
  wifi: async () => ({}),
};
const options = {
  network,
  capabilities(parts: CapabilityParts) {
    context = parts.context;
    return [];
  },
};

beforeEach(async () => {
  server = new FakeControlServer(district);
  await server.start();
  device = new AgentHome();
  device.enrolAt(server);
});
afterEach(async () => {
  await device.dispose();
  await server.stop();
});

describe('an agent', () => {
  it('goes by the time of the server, says that its clock is wrong, and when it fits again', async () => {
    server.serverTime = () => Date.now() - 5 * hour;
    await device.start(options);
    await server.until(() => findings().length === 1, 'a finding');
    expect(findings()[0]).toMatchObject({ code: 'clock-changed', open: true });
    expect(Math.abs((context?.now() ?? 0) - server.serverTime())).toBeLessThan(2_000);
    await device.stop();
    expect(existsSync(device.home.clock)).toBe(true);
    expect(JSON.parse(readFileSync(device.home.clock, 'utf8')).time).toBeLessThan(Date.now() - 4 * hour);
    server.serverTime = () => Date.now();
    await device.start(options);
    // Where a minute has passed meanwhile, it is told once more with the later time before it ends.
    await server.until(() => findings().at(-1)?.open === false, 'its end');
    expect(findings().at(-1)).toMatchObject({ code: 'clock-changed', open: false });
  });

  it('learns its place from the address the server sees', async () => {
    server.seenFrom = '198.51.100.7';
    await device.start(options);
    await context?.useCampus(campus);
    await server.until(() => context?.here.place === 'on-campus', 'the place');
    expect(context?.here.network).toBe('Uplink');
  });
});

it('loads the calendar, which is heavy, only where something goes by it', async () => {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
    await import('./agent/main.ts');
    await import('./agent/capabilities/registry.ts');
    const early = loaded.filter((url) => url.includes('temporal')).length;
    await import('./shared/filter/in-force.ts');
    console.log(early, loaded.filter((url) => url.includes('temporal')).length > 0);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout.trim()).toBe('0 true');
});
