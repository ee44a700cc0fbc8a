import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemRandom } from '../../../server/clock.ts';
import { frontEnvironment, loadConfig, processesIn } from '../../../server/config.ts';
import { operatorKey, prepareHome } from '../../../server/home.ts';
import { choosePorts, freePort, rememberPorts } from '../../../server/ports.ts';
import { lockHome } from '../../../server/store/home-lock.ts';
import { openStore } from '../../../server/store/open.ts';
import { SeededRandom } from '../../fakes/clock.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const entra = 'https://login.microsoftonline.com';
const provider = (given: object) =>
  JSON.stringify({
    providers: [{ id: 'my-id', name: 'ID', issuer: 'https://id.maple.example', clientId: 'x', ...given }],
  });

describe('the configuration', () => {
  it('takes the secret of a provider from the file it names', () => {
    writeFileSync(join(home, 'id.secret'), 'a secret\n');
    writeFileSync(join(home, 'config.yaml'), provider({ clientSecretFile: 'id.secret' }));
    expect(loadConfig({ home }).providers).toMatchObject([{ id: 'my-id', clientSecret: 'a secret', trustMfa: false }]);
  });

  it('lets sessions idle for an hour and last for twelve where nothing else is said', () => {
    expect(loadConfig({ home }).sessions).toEqual({ idleMs: 3_600_000, lifeMs: 43_200_000 });
  });

  it('binds loopback alone in a demo', () => {
    expect(loadConfig({ home, demo: true })).toMatchObject({ listen: '127.0.0.1', hosts: ['127.0.0.1'] });
  });

  it('takes flags before the file', () => {
    writeFileSync(join(home, 'config.yaml'), 'consolePort: 9000\nagentPort: 9001\n');
    expect(loadConfig({ home, consolePort: 7000 })).toMatchObject({ consolePort: 7000, agentPort: 9001 });
  });

  it('takes the number of gateway processes from the flag, else the environment, else the file, else none', () => {
    expect(loadConfig({ home }).gatewayProcesses).toBe(0);
    writeFileSync(join(home, 'config.yaml'), 'gatewayProcesses: 2\n');
    expect(loadConfig({ home }).gatewayProcesses).toBe(2);
    vi.stubEnv('ROLLCALL_GATEWAY_PROCESSES', '3');
    expect(loadConfig({ home }).gatewayProcesses).toBe(3);
    expect(loadConfig({ home, gatewayProcesses: 4 }).gatewayProcesses).toBe(4);
  });

  it.each(['', 'two', '-1', '1.5', '33', '1e9'])('refuses %j as a number of gateway processes', (written) => {
    expect(() => processesIn(written)).toThrow(/gateway processes: write 0 to 32/);
    vi.stubEnv('ROLLCALL_GATEWAY_PROCESSES', written);
    expect(() => loadConfig({ home })).toThrow(/gateway processes/);
  });

  it('gives gateway processes nothing of its own environment', () => {
    vi.stubEnv('ROLLCALL_PROVIDER_SECRET_GOOGLE', 'a secret');
    vi.stubEnv('LANG', 'C.UTF-8');
    expect(JSON.stringify(frontEnvironment())).not.toContain('a secret');
    expect(frontEnvironment()).toMatchObject({ LANG: 'C.UTF-8' });
  });

  const wrong: [string, string, RegExp][] = [
    ['more gateway processes than any machine has cores for', 'gatewayProcesses: 99\n', /gatewayProcesses/],
    ['a number of gateway processes that is none', 'gatewayProcesses: many\n', /gatewayProcesses/],
    ['an unknown key', 'consolPort: 1\n', /consolPort/],
    ['a port out of range', 'consolePort: 70000\n', /consolePort/],
    ['a relative origin', 'origins: ["example.org"]\n', /origins/],
    ['text that is not YAML', 'a: [\n', /not valid YAML/],
    ['a session without end', 'sessions: { hours: 1000 }\n', /hours/],
    ['Google without a domain', provider({ issuer: 'https://accounts.google.com/' }), /hostedDomain/],
    ['Entra for everybody', provider({ issuer: `${entra}/common/v2.0`, tenant: 'common' }), /tenant/],
    ['Entra of another tenant', provider({ issuer: `${entra}/t-1/v2.0`, tenant: 't-2' }), /tenant/],
    ['Entra without a tenant', provider({ issuer: 'https://sts.windows.net/t-1/' }), /tenant/],
    ['a provider over plain HTTP', provider({ issuer: 'http://id.maple.example' }), /issuer/],
    ['a provider without a secret', provider({}), /ROLLCALL_PROVIDER_SECRET_MY_ID/],
    ['a secret that is not there', provider({ clientSecretFile: 'none' }), /none: the secret/],
  ];
  it.each(wrong)('refuses %s and names it', (_, yaml, named) => {
    writeFileSync(join(home, 'config.yaml'), yaml);
    let words = '';
    try {
      loadConfig({ home });
    } catch (error) {
      words = `${(error as Error).message} ${(error as { details: string[] }).details.join(' ')}`;
    }
    expect(words).toMatch(named);
  });
});

describe('ports', () => {
  const none = { console: undefined, agents: undefined, enrolment: undefined };
  const any = { console: 0, agents: 0, enrolment: 0 };

  it('are three different ones, and the same again next time', async () => {
    const chosen = await choosePorts(home, '127.0.0.1', any, systemRandom);
    expect(new Set(Object.values(chosen)).size).toBe(3);
    rememberPorts(home, chosen);
    expect(await choosePorts(home, '127.0.0.1', none, systemRandom)).toEqual(chosen);
  });

  it('that may be any are none of those a system gives to whoever connects, and no two are the same', async () => {
    const unit = vi.spyOn(systemRandom, 'unit').mockReturnValueOnce(0.9999).mockReturnValueOnce(0.9999);
    const chosen = Object.values(await choosePorts(home, '127.0.0.1', any, systemRandom));
    unit.mockRestore();
    expect(new Set(chosen).size).toBe(3);
    for (const port of chosen) expect(port).toBeLessThan(30_000);
  });

  it('that may be any are refused clearly where none is free', async () => {
    const other = createServer();
    const port = await freePort('127.0.0.1', systemRandom);
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const unit = () => (port - 20_000 + 0.5) / 10_000;
    await expect(choosePorts(home, '127.0.0.1', any, { unit })).rejects.toThrow('No free port');
    await new Promise((resolve) => other.close(resolve));
  });

  it('remembered but taken are a clear refusal, never another port', async () => {
    const chosen = await choosePorts(home, '127.0.0.1', any, systemRandom);
    rememberPorts(home, chosen);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(chosen.agents, '127.0.0.1', resolve));
    await expect(choosePorts(home, '127.0.0.1', none, systemRandom)).rejects.toThrow(
      new RegExp(`Port ${chosen.agents} \\(agents\\) is in use`),
    );
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('the home', () => {
  it('belongs to one server at a time', () => {
    const free = lockHome(join(home, 'lock.db'));
    expect(() => lockHome(join(home, 'lock.db'))).toThrow(/Another server runs/);
    free();
    lockHome(join(home, 'lock.db'))();
  });

  it('keeps its databases to itself, also those of an earlier version', async () => {
    writeFileSync(join(home, 'lock.db'), '', { mode: 0o644 });
    const free = lockHome(join(home, 'lock.db'));
    const store = await openStore(join(home, 'rollcall.db'));
    const open = readdirSync(home).filter((name) => (statSync(join(home, name)).mode & 0o077) !== 0);
    await store.destroy();
    free();
    expect(open).toEqual([]);
  });

  it('is closed to others when it is made, and is not taken where it belongs to something else', () => {
    prepareHome(join(home, 'fresh'));
    expect(statSync(join(home, 'fresh')).mode & 0o777).toBe(0o700);
    const foreign = join(home, 'foreign');
    mkdirSync(foreign, { mode: 0o755 });
    writeFileSync(join(foreign, 'thesis.txt'), '');
    expect(() => prepareHome(foreign)).toThrow(/holds other things/);
    expect(statSync(foreign).mode & 0o777).toBe(0o755);
    writeFileSync(join(foreign, 'config.yaml'), '');
    prepareHome(foreign);
    expect(statSync(foreign).mode & 0o777).toBe(0o700);
  });

  it('keeps its operator key', () => {
    prepareHome(home);
    const key = operatorKey(home, new SeededRandom(1));
    expect(operatorKey(home, new SeededRandom(2))).toBe(key);
  });
});
