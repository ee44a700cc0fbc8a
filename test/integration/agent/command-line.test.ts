import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quietLog } from '../../../agent/cli/quiet-log.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { Home } from '../../../agent/store/home.ts';
import { openStore } from '../../../agent/store/open.ts';
import { agentCommand, end, startAgent } from '../../fakes/agent-process.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';

const district = new FakeDistrict();
const browser = { homePage: 'https://one.example/' };
let server: FakeControlServer;
let folder: string;
let home: string;
let root: string;
let started: ReturnType<typeof startAgent>[];

const policies = () => join(root, 'etc/chromium/policies/managed');
const agent = (...args: string[]) => agentCommand(...args, '--home', home);
const run = () => {
  const child = startAgent('run', '--home', home);
  started.push(child);
  return child;
};

beforeEach(async () => {
  server = new FakeControlServer(district);
  await server.start();
  folder = mkdtempSync(join(tmpdir(), 'rollcall-cli-'));
  home = join(folder, 'home');
  root = join(folder, 'root');
  started = [];
});
afterEach(async () => {
  for (const child of started) await end(child);
  await server.stop();
  rmSync(folder, { recursive: true });
});

describe('rollcall-agent', () => {
  it.each([
    ['says how it is used', ['--help'], 0, /Usage:[\s\S]*Exit codes:/],
    ['says its version', ['--version'], 0, /^\d+\.\d+\.\d+$/m],
    ['asks for a command', [], 2, /Name a command/],
    ['refuses a command it does not have', ['destroy'], 2, /no command "destroy"/],
    ['refuses an option it does not have', ['status', '--fast'], 2, /--fast/],
    ['refuses what a command does not take', ['status', 'now'], 2, /takes no "now"/],
    ['refuses a name of every object as a command', ['constructor'], 2, /no command/],
  ])('%s', async (_name, args, code, words) => {
    const ended = await agentCommand(...args);
    expect(ended.code).toBe(code);
    expect(ended.stdout + ended.stderr).toMatch(words);
  });

  it.each(['run', 'status', 'unenroll', 'doctor'])('%s says that the home is not enrolled', async (command) => {
    const { code, json } = await agent(command, '--json');
    expect(code).toBe(3);
    expect(JSON.stringify(json)).toMatch(/not.enrolled|no agent/);
  });

  it('names a damaged configuration and the remedy', async () => {
    mkdirSync(home);
    writeFileSync(join(home, 'config.json'), '{"dnsPort": "x"}');
    const { code, stderr } = await agent('status');
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/config\.json is not valid.*dnsPort/) });
  });

  it('goes the whole way: enroll, run, status, doctor, a second run refused, stop, unenroll', async () => {
    mkdirSync(policies(), { recursive: true });
    writeFileSync(join(policies(), 'theirs.json'), 'theirs');
    server.state = district.state(1, { browser });
    expect((await agent('enroll', server.token(), '--root', root)).code).toBe(0);
    const child = run();
    await server.until(() => server.reported('browser') !== undefined, 'a report', 15_000);
    expect(server.reported('browser')).toMatchObject({ status: 'verified' });
    const written = readdirSync(policies()).filter((name) => name !== 'theirs.json');
    expect(written).toHaveLength(1);

    const status = await agent('status', '--json');
    expect(status.json).toMatchObject({ running: true, connected: true, generation: 1, pid: child.pid });
    const doctor = await agent('doctor');
    expect(doctor.stdout).toMatch(/ok\s+server identity/);
    expect(doctor.stdout).toMatch(/ok\s+clock/);
    expect(doctor.code).toBe(0);
    expect(await agent('run')).toMatchObject({ code: 7, stderr: expect.stringContaining('Another agent') });

    expect(await end(child, 'SIGTERM')).toBe(0);
    expect(readdirSync(policies())).toHaveLength(2);
    expect((await agent('status')).stdout).toMatch(/NOT RUNNING/);
    expect((await agent('doctor')).code).toBe(1);

    run();
    await server.until(() => server.connected === 1, 'a session', 15_000);
    await server.until(() => server.hellos.length === 2, 'a hello', 15_000);
    server.send('verdict', { at: 1, state: 'unknown', checks: [], step: 'none', obligations: [] });
    await expect.poll(() => existsSync(new Home(home).verdict), { timeout: 40_000 }).toBe(true);
    writeFileSync(new Home(home).notices, '{}');
    await server.stop();
    expect(await agent('unenroll')).toMatchObject({ code: 0, stdout: expect.stringContaining('browser') });
    expect(readdirSync(policies())).toEqual(['theirs.json']);
    expect(existsSync(home)).toBe(false);
  }, 60_000);

  it('status waits for an agent that has its home and does not listen yet', async () => {
    expect((await agent('enroll', server.token(), '--root', root)).code).toBe(0);
    const store = openStore(new Home(home), systemClock, systemRandom, quietLog);
    const asked = agent('status');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    store.close();
    expect(await asked).toMatchObject({ code: 0, stdout: expect.stringContaining('NOT RUNNING') });
  });

  it('is never stopped half-way by kill -9: afterwards there is the old policy or the new one, and it goes on', async () => {
    expect((await agent('enroll', server.token(), '--root', root)).code).toBe(0);
    const one = { ...browser, blockedUrls: Array.from({ length: 900 }, (_, index) => `one-${index}.example`) };
    const two = { ...browser, blockedUrls: Array.from({ length: 900 }, (_, index) => `two-${index}.example`) };
    for (let generation = 1; generation <= 4; generation += 1) {
      server.state = district.state(generation, { browser: generation % 2 === 1 ? one : two });
      const child = run();
      const before = server.hellos.length;
      await server.until(() => server.hellos.length > before, 'a hello', 15_000);
      await new Promise((resolve) => setTimeout(resolve, generation * 7));
      await end(child);
      for (const name of existsSync(policies())
        ? readdirSync(policies()).filter((item) => item.endsWith('.json'))
        : []) {
        const blocked: string[] = JSON.parse(readFileSync(join(policies(), name), 'utf8')).URLBlocklist ?? [];
        expect(new Set(blocked.map((item) => item.slice(0, 3))).size).toBeLessThanOrEqual(1);
        expect([0, 900]).toContain(blocked.length);
      }
    }
    run();
    await server.until(() => server.reported('browser')?.generation === 4, 'the last generation reported', 15_000);
    expect(server.reported('browser')).toMatchObject({ status: 'verified' });
    for (const report of server.reports) {
      const first = server.reports.find((item) => item.epoch === report.epoch && item.sequence === report.sequence);
      expect(report).toEqual(first);
    }
  }, 60_000);
});
