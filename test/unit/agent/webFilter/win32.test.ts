import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as firewall from '../../../../agent/capabilities/webFilter/holding/win32.ts';
import { quoted, runScript, script } from '../../../../agent/capabilities/webFilter/powershell.ts';
import { Win32Pointing } from '../../../../agent/capabilities/webFilter/win32.ts';
import * as settings from '../../../../agent/capabilities/webFilter/win32-settings.ts';
import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { everythingBelow } from '../../../fakes/folder.ts';
import { MemoryOriginals } from '../../../fakes/originals.ts';
import { failed, PretendedHostFiles, succeeded } from '../browser/recorded.ts';

/*
 * What Windows PowerShell 5.1 prints for our scripts, as ConvertTo-Json of documented objects gives it. Nothing here has run on
 * a real PC. Errors are in the language of Windows and are passed on as they are.
 */
const wifi = '{11111111-2222-3333-4444-555555555555}';
const lan = '{AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE}';
const fresh = `{"adapters":[{"index":12,"guid":"${wifi}","set":"","dhcp":"192.0.2.53 192.0.2.54"},{"index":7,"guid":"${lan}","set":"9.9.9.9,149.112.112.112","dhcp":"192.0.2.53"}],"rules":[],"dohPolicy":null,"policyKey":false}\r\n`;
const pointed = `{"adapters":[{"index":12,"guid":"${wifi}","set":"127.0.0.1","dhcp":"192.0.2.53 192.0.2.54"},{"index":9,"guid":"${lan}","set":"127.0.0.1","dhcp":"192.0.2.53"}],"rules":[{"servers":"127.0.0.1"}],"dohPolicy":1,"policyKey":true}\r\n`;
const denied: Record<string, string> = {
  English: 'Access is denied.',
  German: 'Zugriff verweigert',
  French: 'Accès refusé.',
  Japanese: 'アクセスが拒否されました。',
};

/** Answers each script by the first pattern it fits; remembers what was sent. */
class Pc implements Commands {
  readonly sent: string[] = [];
  readonly answers: [RegExp, CommandResult][];

  constructor(...answers: [RegExp, CommandResult][]) {
    this.answers = answers;
  }

  async run(_path: string, _args: readonly string[], { input = '' }: { input?: string } = {}): Promise<CommandResult> {
    this.sent.push(input);
    return this.answers.find(([pattern]) => pattern.test(input))?.[1] ?? succeeded('');
  }
}

const self = { address: '127.0.0.1', port: 53 };
const reads = /ConvertTo-Json/;
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-pc-'));
});
afterEach(() => rm(root, { recursive: true }));

function host(commands: Commands, originals = new MemoryOriginals()) {
  return { platform: 'win32' as const, commands, files: new PretendedHostFiles(root, originals) };
}

describe('a script for PowerShell', () => {
  it('is one line, ends at the first error, and evaluates nothing of a text', () => {
    expect(script(['A', 'B'])).toBe(
      "try { $ErrorActionPreference='Stop'; $ProgressPreference='SilentlyContinue'; A; B; exit 0 } catch { [Console]::Error.WriteLine($_.Exception.Message); exit 1 }\n",
    );
    expect(quoted("a'; Remove-Item $env:X ’")).toBe("'a''; Remove-Item $env:X ’’'");
    expect(() => quoted('a\nb')).toThrow(/one line/);
    for (const part of [...settings.readStatements, ...firewall.readStatements]) expect(part).not.toMatch(/\n/);
  });

  it.each(Object.entries(denied))('passes on an error in %s', async (_language, words) => {
    await expect(runScript(new Pc([/./, failed(`${words}\r\n`)]), 'It failed', ['X'])).rejects.toMatchObject({
      code: 'powershell-failed',
      message: `It failed (${words}). Run the agent as a service of the SYSTEM account.`,
    });
  });

  it('gives nothing for output that is empty or no JSON, and knows a byte order mark', async () => {
    expect(await runScript(new Pc([/./, succeeded('')]), '', [])).toBeUndefined();
    expect(await runScript(new Pc([/./, succeeded('WARNUNG: x')]), '', [])).toBeUndefined();
    expect(await runScript(new Pc([/./, succeeded('\uFEFF{"a":1}\r\n')]), '', [])).toEqual({ a: 1 });
  });

  it('says that PowerShell is missing', async () => {
    const missing: CommandResult = { code: -1, stdout: '', stderr: 'spawn ENOENT', failure: 'missing' };
    await expect(runScript(new Pc([/./, missing]), 'It failed', [])).rejects.toMatchObject({
      message: expect.stringContaining('(missing)'),
    });
  });
});

describe('the DNS settings of Windows', () => {
  it('are read from JSON: adapters, our rules, the policy', () => {
    expect(settings.parseSettings(JSON.parse(fresh))).toEqual({
      adapters: [
        { index: 12, guid: wifi, set: [], dhcp: ['192.0.2.53', '192.0.2.54'] },
        { index: 7, guid: lan, set: ['9.9.9.9', '149.112.112.112'], dhcp: ['192.0.2.53'] },
      ],
      rules: [],
      dohPolicy: undefined,
      hasPolicyKey: false,
    });
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'x'],
    ['an object without adapters', { rules: [] }],
  ])('are unknown from %s', (_what, value) => {
    expect(settings.parseSettings(value)).toBeUndefined();
  });

  it('leave out adapters whose index or id could become part of a script', () => {
    const odd = [
      { index: '1; Stop-Computer', guid: wifi },
      { index: 1, guid: "';x" },
      { index: 1.5, guid: wifi },
      null,
    ];
    expect(settings.parseSettings({ adapters: odd })?.adapters).toEqual([]);
    const servers = settings.parseSettings({ adapters: [{ index: 1, guid: wifi, set: "1.2.3.4,$(x),';y" }] });
    expect(servers?.adapters[0]?.set).toEqual(['1.2.3.4']);
  });
});

describe('a PC (documented output, not run on a real one)', () => {
  it('is pointed by adapters, a rule for every name and the policy', async () => {
    const pc = new Pc([reads, succeeded(fresh)]);
    await new Win32Pointing(host(pc)).point(self);
    const change = pc.sent.at(-1) ?? '';
    expect(change).toContain("Set-DnsClientServerAddress -InterfaceIndex 12 -ServerAddresses @('127.0.0.1')");
    expect(change).toContain("Set-DnsClientServerAddress -InterfaceIndex 7 -ServerAddresses @('127.0.0.1')");
    expect(change).toContain("Add-DnsClientNrptRule -Namespace '.' -NameServers '127.0.0.1'");
    expect(change).toContain('-Name DoHPolicy -PropertyType DWord -Value 1');
    expect(change.trimEnd()).not.toContain('\n');
  });

  it('is verified, left alone when it is right, and put back exactly by the id of each adapter', async () => {
    const originals = new MemoryOriginals();
    await new Win32Pointing(host(new Pc([reads, succeeded(fresh)]), originals)).point(self);
    const pc = new Pc([reads, succeeded(pointed)]);
    const pointing = new Win32Pointing(host(pc, originals));
    expect((await pointing.evidence(self)).filter(({ ok }) => !ok)).toEqual([]);
    expect(await pointing.systemServers(self)).toEqual(['192.0.2.53', '192.0.2.54', '9.9.9.9', '149.112.112.112']);
    await pointing.point(self);
    expect(pc.sent.every((sent) => reads.test(sent))).toBe(true);
    await pointing.restore();
    const change = pc.sent.at(-1) ?? '';
    expect(change).toContain('netsh.exe" interface ipv4 set dnsservers name=12 source=dhcp');
    expect(change).toContain(
      "Set-DnsClientServerAddress -InterfaceIndex 9 -ServerAddresses @('9.9.9.9','149.112.112.112')",
    );
    expect(change).toContain('Remove-DnsClientNrptRule');
    expect(change).toMatch(/Remove-ItemProperty .* -Name DoHPolicy .*Remove-Item -LiteralPath/);
    expect(everythingBelow(root)).toEqual([]);
    pc.sent.length = 0;
    await pointing.restore();
    expect(pc.sent).toEqual([]);
  });

  it('keeps the first originals over drift, and those of adapters that come later', async () => {
    const originals = new MemoryOriginals();
    await new Win32Pointing(host(new Pc([reads, succeeded(fresh)]), originals)).point(self);
    const drifted = pointed.replace('"set":"127.0.0.1"', '"set":"8.8.8.8"').replace('"dohPolicy":1', '"dohPolicy":2');
    const pc = new Pc([reads, succeeded(drifted)]);
    const pointing = new Win32Pointing(host(pc, originals));
    expect((await pointing.evidence(self)).filter(({ ok }) => !ok).map(({ seen }) => seen)).toEqual([
      'others on 1 adapters',
      'not prohibited',
    ]);
    await pointing.point(self);
    expect(pc.sent.at(-1)).not.toContain('Add-DnsClientNrptRule');
    await pointing.restore();
    expect(pc.sent.at(-1)).toContain('name=12 source=dhcp');
  });

  it('puts a policy back that was there before', async () => {
    const originals = new MemoryOriginals();
    const before = fresh.replace('"dohPolicy":null,"policyKey":false', '"dohPolicy":3,"policyKey":true');
    await new Win32Pointing(host(new Pc([reads, succeeded(before)]), originals)).point(self);
    const pc = new Pc([reads, succeeded(pointed)]);
    await new Win32Pointing(host(pc, originals)).restore();
    expect(pc.sent.at(-1)).toContain('-Name DoHPolicy -PropertyType DWord -Value 3');
    expect(pc.sent.at(-1)).not.toContain('Remove-Item ');
  });

  it('says that the settings cannot be read, and changes nothing', async () => {
    const pc = new Pc([reads, succeeded('')]);
    await expect(new Win32Pointing(host(pc)).point(self)).rejects.toMatchObject({ code: 'powershell-failed' });
    expect(pc.sent).toHaveLength(1);
  });
});

describe('the firewall of a PC (documented output, not run on a real one)', () => {
  const rules = { resolvers: { v4: ['8.8.8.8', '45.90.28.0/24'], v6: ['2620:fe::9'], unclear: [] } };
  const user = 'O:LSD:(D;;CC;;;S-1-5-18)(A;;CC;;;S-1-1-0)';
  const rule = (name: string, protocol: string, ports: string, addresses: string) => ({
    name,
    enabled: 'True',
    action: 'Block',
    direction: 'Outbound',
    protocol,
    ports,
    addresses,
    user,
  });
  const listed = '8.8.8.8 45.90.28.0/255.255.255.0 2620:fe::9';
  const shown = {
    rules: [
      rule('Rollcall-DNS-TCP', 'TCP', '53 853', 'Any'),
      rule('Rollcall-DNS-UDP', 'UDP', '53 853', 'Any'),
      rule('Rollcall-HTTPS-TCP', 'TCP', '443', listed),
      rule('Rollcall-HTTPS-UDP', 'UDP', '443', listed),
    ],
    off: [] as string[],
  };

  it('blocks outbound for everybody but SYSTEM, as a rule that blocks beats any that allows', () => {
    const text = firewall.holdStatements(rules).join('\n');
    expect(text.match(/New-NetFirewallRule/g)).toHaveLength(4);
    expect(text.match(/-Direction Outbound -Action Block -Profile Any/g)).toHaveLength(4);
    expect(text.match(new RegExp(user.replace(/[()]/g, '\\$&'), 'g'))).toHaveLength(4);
    expect(text).toContain("-RemotePort @('443') -RemoteAddress @('8.8.8.8','45.90.28.0/24','2620:fe::9')");
  });

  const others: [string, unknown, boolean][] = [
    ['what was asked for', shown, true],
    ['nothing', { rules: [], off: [] }, false],
    ['no output', undefined, false],
    ['one rule less', { ...shown, rules: shown.rules.slice(1) }, false],
    [
      'a rule switched off',
      {
        ...shown,
        rules: shown.rules.with(0, { ...rule('Rollcall-DNS-TCP', 'TCP', '53 853', 'Any'), enabled: 'False' }),
      },
      false,
    ],
    [
      'an address less',
      { ...shown, rules: shown.rules.with(2, rule('Rollcall-HTTPS-TCP', 'TCP', '443', '8.8.8.8')) },
      false,
    ],
    [
      'other people',
      { ...shown, rules: shown.rules.with(0, { ...rule('Rollcall-DNS-TCP', 'TCP', '53 853', 'Any'), user: 'Any' }) },
      false,
    ],
  ];
  it.each(others)('tells %s', (_what, value, expected) => {
    expect(firewall.isInForce(value, rules)).toBe(expected);
  });

  it('is held, drifts, and is let go', async () => {
    const pc = new Pc([reads, succeeded(JSON.stringify(shown))]);
    const holding = new firewall.Win32Holding(host(pc));
    expect((await holding.evidence(rules))[0]).toMatchObject({ ok: false, seen: 'other rules, or none' });
    await holding.hold(rules);
    expect((await holding.evidence(rules))[0]).toMatchObject({ ok: true });
    pc.answers[0] = [reads, succeeded(JSON.stringify({ ...shown, rules: [] }))];
    expect((await holding.evidence(rules))[0]).toMatchObject({ ok: false });
    pc.answers[0] = [reads, succeeded(JSON.stringify({ ...shown, off: ['Public'] }))];
    expect((await holding.evidence(rules))[0]).toMatchObject({ ok: false, seen: 'the firewall is off for Public' });
    await holding.release();
    expect(pc.sent.at(-1)).toContain(
      "Get-NetFirewallRule -Group 'Rollcall' -ErrorAction SilentlyContinue | Remove-NetFirewallRule",
    );
  });

  it('does not believe a script that ended well but left other rules', async () => {
    const holding = new firewall.Win32Holding(host(new Pc([reads, succeeded('{"rules":[],"off":[]}')])));
    await expect(holding.hold(rules)).rejects.toMatchObject({ code: 'hold-incomplete' });
  });
});
