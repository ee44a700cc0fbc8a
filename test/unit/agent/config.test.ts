import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, readConfig, remember } from '../../../agent/config.ts';
import { agentVersion } from '../../../agent/version.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
});
afterEach(() => rmSync(home, { recursive: true }));

describe('the configuration', () => {
  it('takes flags before the environment, that before what is remembered, that before defaults', () => {
    expect(readConfig({ home }, {})).toMatchObject({
      root: '/',
      dnsPort: 53,
      dnsAddress: '127.0.0.1',
      logLevel: 'info',
    });
    remember(readConfig({ home, root: '/remembered', 'dns-port': '1' }, {}));
    expect(readConfig({ home }, {})).toMatchObject({ root: '/remembered', dnsPort: 1 });
    const environment = {
      ROLLCALL_AGENT_HOME: home,
      ROLLCALL_AGENT_DNS_PORT: '2',
      ROLLCALL_AGENT_ROOT: '/environment',
    };
    expect(readConfig({}, environment)).toMatchObject({ root: '/environment', dnsPort: 2 });
    expect(readConfig({ 'dns-port': '3', root: '/flag' }, environment)).toMatchObject({ root: '/flag', dnsPort: 3 });
  });

  it('leaves the ports free to choose where a root is given', () => {
    expect(readConfig({ home, root: '/trial' }, {})).toMatchObject({ dnsPort: 0, page: { port: 0 } });
  });

  it('puts the own pages on port 80 of a loopback address of their own, or where it is told', () => {
    expect(readConfig({ home }, {}).page).toEqual({ address: expect.stringMatching(/^127\./), port: 80 });
    remember(readConfig({ home }, { ROLLCALL_AGENT_PAGE_PORT: '8080' }));
    expect(readConfig({ home }, {}).page.port).toBe(8080);
    expect(readConfig({ home }, { ROLLCALL_AGENT_PAGE_PORT: '8081' }).page.port).toBe(8081);
  });

  it.each<[string, () => unknown]>([
    ['a port beyond 65535', () => readConfig({ home, 'dns-port': '70000' }, {})],
    ['a page port that is no number', () => readConfig({ home }, { ROLLCALL_AGENT_PAGE_PORT: 'x' })],
    ['a negative port', () => readConfig({ home, 'dns-port': '-1' }, {})],
    ['a log level nobody knows', () => readConfig({ home }, { ROLLCALL_AGENT_LOG_LEVEL: 'loud' })],
    [
      'a file that is no JSON',
      () => {
        writeFileSync(join(home, 'config.json'), '{');
        return readConfig({ home }, {});
      },
    ],
  ])('refuses %s in one sentence', (_name, read) => {
    expect(read).toThrow(ConfigError);
  });
});

it('the version is the one of package.json', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(agentVersion).toBe(version);
});
