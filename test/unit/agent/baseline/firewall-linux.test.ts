import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firewalldCommands, readUfw, ufwCommands } from '../../../../agent/capabilities/firewall/front-ends.ts';
import { createFirewall } from '../../../../agent/capabilities/firewall/index.ts';
import { ruleset } from '../../../../agent/capabilities/firewall/nft-rules.ts';
import { openingsOf } from '../../../../agent/capabilities/firewall/openings.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { enforceOnce, removeOnce } from '../../../../agent/reconcile/enforce.ts';
import { type FirewallSettings, PortRange } from '../../../../shared/profile/firewall.ts';
import { validator } from '../../../../shared/schema.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, succeeded } from '../browser/recorded.ts';
import { keptLog } from '../health/recorded.ts';

const gone: CommandResult = { code: -1, stdout: '', stderr: 'ENOENT', failure: 'missing' };

/** ufw as version 0.36.2 answered, firewalld as its manual says. No nft: nothing of ours can be in the kernel. */
class PretendedLinux implements Commands {
  ufw: { active: boolean; rules: Set<string> } | undefined;
  firewalld: { ports: Set<string>; sources: Set<string> } | undefined;
  /** Answers changes in their place. */
  refusal: CommandResult | undefined;

  async run(path: string, args: readonly string[]): Promise<CommandResult> {
    if (path === '/usr/sbin/ufw' && this.ufw) return this.#askUfw(this.ufw, args);
    if (path === '/usr/bin/firewall-cmd' && this.firewalld) return this.#askFirewalld(this.firewalld, args);
    return gone;
  }

  #askUfw(ufw: NonNullable<typeof this.ufw>, args: readonly string[]): CommandResult {
    const [first, second] = args;
    if (first === 'version') return succeeded('ufw 0.36.2\n');
    if (first === 'status') return succeeded(`Status: ${ufw.active ? 'active' : 'inactive'}\n`);
    if (first === 'show')
      return succeeded(
        `Added user rules (see 'ufw status' for running firewall):\n${[...ufw.rules].map((rule) => `ufw ${rule}\n`).join('') || '(None)\n'}`,
      );
    if (this.refusal) return this.refusal;
    if (first === '--force') ufw.active = second === 'enable';
    if (first === 'allow') ufw.rules.add(args.join(' '));
    if (first === 'delete') ufw.rules.delete(args.slice(1).join(' '));
    return succeeded('Rules updated\n');
  }

  #askFirewalld({ ports, sources }: NonNullable<typeof this.firewalld>, args: readonly string[]): CommandResult {
    const words = args.at(-1) ?? '';
    const [, act, kind, value = ''] = /^--(add|remove)-(port|source)=(.+)$/.exec(words) ?? [];
    if (words === '--state') return succeeded('running\n');
    if (words === '--list-ports') return succeeded(`${[...ports].join(' ')}\n`);
    if (words === '--list-sources') return succeeded(`${[...sources].join(' ')}\n`);
    if (this.refusal) return this.refusal;
    const set = kind === 'port' ? ports : sources;
    if (act === 'add') set.add(value);
    else set.delete(value);
    return succeeded('success\n');
  }
}

let root: string;
let originals: MemoryOriginals;
let linux: PretendedLinux;
const desired: FirewallSettings = {
  mode: 'enforce',
  allowedPorts: ['22/tcp', '6000-6007/udp'],
  trustedNetworks: ['10.20.30.0/24'],
};

beforeEach(async () => {
  originals = new MemoryOriginals();
  root = await mkdtemp(join(tmpdir(), 'rollcall-firewall-'));
  linux = new PretendedLinux();
});
afterEach(() => rm(root, { recursive: true }));

function firewall() {
  const files = new PretendedHostFiles(root, originals);
  return createFirewall({ platform: 'linux', commands: linux, files });
}
const pass = async (settings = desired) => await enforceOnce(firewall(), settings, keptLog());

describe('where ufw is installed (answers as ufw 0.36.2 gave them)', () => {
  it('is switched on with the openings, and back to what it was', async () => {
    linux.ufw = { active: false, rules: new Set(['allow 22/tcp']) };
    expect(await pass()).toMatchObject({ status: 'verified' });
    expect(linux.ufw).toEqual({
      active: true,
      rules: new Set(['allow 22/tcp', 'allow from 10.20.30.0/24', 'allow 6000:6007/udp']),
    });
    linux.ufw.active = false;
    expect((await pass()).changes).toEqual([{ item: 'ufw: active', before: 'no', after: 'yes' }]);
    expect(linux.ufw.active).toBe(true);
    expect(await removeOnce(firewall(), keptLog())).toMatchObject({ status: 'verified' });
    expect(linux.ufw).toEqual({ active: false, rules: new Set(['allow 22/tcp']) });
  });

  it('names what ufw said when it refuses', async () => {
    linux.ufw = { active: false, rules: new Set() };
    linux.refusal = failed('ERROR: You need to be root to run this script\n');
    expect((await pass()).failure).toEqual({
      code: 'firewall-refused',
      message:
        '"ufw allow from 10.20.30.0/24" failed (ERROR: You need to be root to run this script). Run the agent as root.',
    });
  });

  it.each<[string, string, string, string, [string, string][]]>([
    [
      'active',
      'Status: active\n',
      'ufw allow 22/tcp\n',
      'DEFAULT_INPUT_POLICY="DROP"\n',
      [
        ['allow 22/tcp', 'yes'],
        ['incoming', 'deny'],
        ['active', 'yes'],
      ],
    ],
    [
      'that lets in by itself',
      'Status: inactive\n',
      '(None)\n',
      'DEFAULT_INPUT_POLICY="ACCEPT"\n',
      [
        ['incoming', 'allow'],
        ['active', 'no'],
      ],
    ],
    [
      'with rules of others',
      'Status: active\n',
      'ufw deny 23/tcp\nufw limit 22/tcp\n',
      '',
      [
        ['incoming', 'deny'],
        ['active', 'yes'],
      ],
    ],
  ])('one %s is read', (_, status, added, defaults, expected) => {
    expect([...readUfw(status, added, defaults)]).toEqual(expected);
  });

  it('opens before it switches on', () => {
    const writes = new Map<string, string | undefined>([
      ['active', 'yes'],
      ['incoming', 'deny'],
      ['allow from 10.0.0.0/8', 'yes'],
      ['allow 23/tcp', undefined],
    ]);
    expect(ufwCommands(writes).map((args) => args.join(' '))).toEqual([
      'allow from 10.0.0.0/8',
      'delete allow 23/tcp',
      'default deny incoming',
      '--force enable',
    ]);
  });
});

describe('where firewalld runs (from its manual; not run)', () => {
  it('gets the openings beside its own, again after a restart, and loses them on removal', async () => {
    linux.firewalld = { ports: new Set(['631/udp']), sources: new Set() };
    linux.ufw = { active: false, rules: new Set() };
    expect(await pass()).toMatchObject({ status: 'verified' });
    expect(linux.firewalld).toEqual({
      ports: new Set(['631/udp', '22/tcp', '6000-6007/udp']),
      sources: new Set(['10.20.30.0/24']),
    });
    linux.firewalld = { ports: new Set(['631/udp']), sources: new Set() };
    expect((await pass()).changes).toHaveLength(3);
    await removeOnce(firewall(), keptLog());
    expect(linux.firewalld).toEqual({ ports: new Set(['631/udp']), sources: new Set() });
    expect(linux.ufw.active).toBe(false);
  });

  it('is never started or stopped', () => {
    expect(
      firewalldCommands(
        new Map([
          ['state', 'running'],
          ['port 1/tcp', 'yes'],
        ]),
      ),
    ).toEqual([['--add-port=1/tcp']]);
  });
});

describe('openings', () => {
  it.each([
    ['22/tcp', true],
    ['1-65535/udp', true],
    ['0/tcp', false],
    ['65536/tcp', false],
    ['22', false],
    ['22/sctp', false],
    ['22/tcp; flush ruleset', false],
    ['22/tcp\n}', false],
  ])('the profile takes %j: %s', (text, isRight) => {
    expect(validator(PortRange).check(text)).toBe(isRight);
  });

  it('what is no port or address never reaches nft', () => {
    const openings = openingsOf({
      allowedPorts: ['22/tcp', '9-1/tcp', '1/tcp accept\n'],
      trustedNetworks: ['10.0.0.0/8', '10.0.0.1/8', '} flush ruleset', '2001:db8::/32'],
    });
    expect(openings.unclear).toEqual(['9-1/tcp', '1/tcp accept\n', '10.0.0.1/8', '} flush ruleset']);
    const text = ruleset(openings);
    expect(text).toContain('    tcp dport 22 accept\n');
    expect(text).toContain('    ip6 saddr 2001:db8::/32 accept\n');
    expect(text).not.toMatch(/flush|10\.0\.0\.1/);
  });
});
