import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import agentNodeFlags from '../../../installers/agent-node-flags.json' with { type: 'json' };
import { AgentHome } from '../../fakes/agent-home.ts';
import { compileCache, end } from '../../fakes/agent-process.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';

const repository = new URL('../../../', import.meta.url);
const pathOf = (name: string) => fileURLToPath(new URL(name, repository));
const district = new FakeDistrict();
const server = new FakeControlServer(district);
const device = new AgentHome();
const noted = join(device.root, 'modules');
let agent: ChildProcess;

/** A real agent with the flags it is installed with, connected, a section in force and reported. */
beforeAll(async () => {
  await server.start();
  device.enrolAt(server);
  server.state = district.state(1, { browser: { homePage: 'https://one.example/' } });
  mkdirSync(device.root, { recursive: true });
  const args = [...agentNodeFlags, '--import', pathOf('test/fakes/note-modules.js'), pathOf('agent/cli.ts'), 'run'];
  const places = ['--home', device.home.path, '--root', device.root, '--dns-port', '0'];
  agent = spawn(process.execPath, [...args, ...places], {
    env: { ...compileCache, ROLLCALL_TEST_MODULES: noted, ROLLCALL_AGENT_PAGE_PORT: '0' },
    stdio: 'ignore',
  });
  await server.until(() => server.reported('browser') !== undefined, 'a report of the section');
});
afterAll(async () => {
  await end(agent);
  await device.dispose();
  await server.stop();
});

const modules = () => readFileSync(noted, 'utf8').split('\n');

it('an agent at rest has loaded what it lives on', () => {
  for (const part of ['/agent/main.ts', '/agent/connection/session.ts', '/agent/capabilities/registry.ts'])
    expect(modules().filter((url) => url.endsWith(part))).toHaveLength(1);
});

it.each([
  ['the compiler of types that interprets what it was given', '/typebox/build/compile/'],
  ['what converts and repairs values', '/typebox/build/value/'],
  ['readings that start programs for what the kernel tells', '/systeminformation/'],
  ['a second HTTP client', '/undici/'],
  ['HTTP/2, for upstreams that are asked by DoH', 'node:http2'],
  ['certificates by hand', '/node-forge/'],
  ['logs for people', '/pino-pretty/'],
  ['tables of time zones', '/temporal-polyfill/'],
  ['the pages of the device', '/agent/pages/my-device-page.ts'],
  ['words of the pages', '/agent/pages/words/es.ts'],
  ['looks of a technician', '/agent/diagnostics/probes/'],
  ['enrolment', '/agent/cli/enroll.ts'],
])('it has not loaded %s', (_what, part) => {
  expect(modules().filter((url) => url.includes(part))).toEqual([]);
});
