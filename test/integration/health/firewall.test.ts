import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { linuxPosture } from '../../../agent/health/posture/linux.ts';
import { type Commands, SystemCommands } from '../../../agent/platform/commands.ts';

const tools = ['/usr/sbin/nft', '/usr/bin/unshare', '/bin/sh'];
const able = process.platform === 'linux' && process.getuid?.() === 0 && tools.every((tool) => existsSync(tool));

/** Asks the real nft in a network namespace of its own, with `rules` loaded first; other programs are not there. */
function inNamespace(rules: string): Commands {
  const system = new SystemCommands();
  const script = '/usr/sbin/nft -f - && exec /usr/sbin/nft "$@"';
  return {
    run: async (path, args) =>
      path.endsWith('/nft')
        ? await system.run('/usr/bin/unshare', ['--net', '/bin/sh', '-c', script, 'sh', ...args], { input: rules })
        : { code: -1, stdout: '', stderr: '', failure: 'missing' },
  };
}

const chain = (policy: string, ...rules: string[]) =>
  `table inet filter {\n chain input {\n type filter hook input priority 0; policy ${policy};\n ${rules.join('\n ')}\n }\n}\n`;

describe.skipIf(!able)('the firewall by the real nft (needs root, nft and unshare)', () => {
  it.each([
    ['no rules', '', 'off'],
    ['policy drop', chain('drop', 'ct state established,related accept', 'iifname "lo" accept'), 'on'],
    [
      'policy accept, last rule rejects',
      chain('accept', 'iifname "lo" accept', 'counter reject with icmpx admin-prohibited'),
      'on',
    ],
    ['policy accept, drops one port', chain('accept', 'tcp dport 22 drop'), 'off'],
    ['policy drop after accepting everything', chain('drop', 'counter accept'), 'off'],
    ['turned off by making the table dormant', chain('drop').replace('{', '{\n flags dormant;'), 'off'],
  ])('%s', async (_, rules, state) => {
    expect(await linuxPosture(inNamespace(rules)).firewall()).toMatchObject({ state });
  });
});
