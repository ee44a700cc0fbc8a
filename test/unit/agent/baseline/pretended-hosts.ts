import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { failed, succeeded } from '../browser/recorded.ts';

/*
 * A PC and a Mac that answer as their documentation says: PowerShell scripts by what their commands do to a few settings,
 * programs of macOS by their arguments. Nothing here has run on a real one.
 */

export class PretendedPc implements Commands {
  /** `HKLM:\KEY\NAME` → REG_DWORD. */
  readonly registry = new Map<string, number>();
  readonly profiles = new Map<string, { enabled: string; inbound: string }>();
  readonly rules = new Map<string, string>();
  readonly guests = new Map<string, boolean>();
  /** Answers every script in its place. */
  answer: CommandResult | undefined;
  writes = 0;

  async run(_path: string, _args: readonly string[], { input = '' }: { input?: string } = {}): Promise<CommandResult> {
    if (this.answer) return this.answer;
    if (/ConvertTo-Json/.test(input)) return succeeded(`${JSON.stringify(this.#shown(input))}\r\n`);
    this.writes += 1;
    this.#registryWrites(input);
    this.#firewallWrites(input);
    for (const [, verb, sid = ''] of input.matchAll(/(Enable|Disable)-LocalUser -SID '([^']+)'/g))
      this.guests.set(sid, verb === 'Enable');
    return succeeded('');
  }

  /** Everything that can be set, for comparing. */
  get state(): string {
    return JSON.stringify([this.registry, this.profiles, this.rules, this.guests].map((map) => [...map].sort()));
  }

  #shown(input: string): unknown {
    if (/Get-LocalUser/.test(input))
      return { guests: [...this.guests].map(([sid, isEnabled]) => ({ sid, enabled: isEnabled ? 'True' : 'False' })) };
    if (/Get-NetFirewallProfile/.test(input))
      return {
        profiles: [...this.profiles].map(([name, settings]) => ({ name, ...settings })),
        rules: [...this.rules].map(([name, state]) => ({ name, state })),
      };
    const asked = [...input.matchAll(/\$v(\d+)=\(Get-ItemProperty -LiteralPath '([^']+)'\)\.'([^']+)'/g)];
    return Object.fromEntries(asked.map(([, n, key, name]) => [`v${n}`, this.registry.get(`${key}\\${name}`) ?? null]));
  }

  #registryWrites(input: string): void {
    const set = /New-ItemProperty -LiteralPath '([^']+)' -Name '([^']+)' -PropertyType DWord -Value (\d+)/g;
    for (const [, key, name, value] of input.matchAll(set)) this.registry.set(`${key}\\${name}`, Number(value));
    for (const [, key, name] of input.matchAll(/Remove-ItemProperty -LiteralPath '([^']+)' -Name '([^']+)'/g))
      this.registry.delete(`${key}\\${name}`);
  }

  #firewallWrites(input: string): void {
    for (const [, name] of input.matchAll(/\$_\.Name -eq '([^']+)' \} \| Remove-NetFirewallRule/g))
      this.rules.delete(name ?? '');
    const made =
      /New-NetFirewallRule -Name '([^']+)' .*? -Direction Inbound -Action Allow -Profile Any -Enabled True (?:-Protocol (\w+) -LocalPort '([^']+)'|-RemoteAddress '[^']+')/g;
    for (const [, name = '', protocol = 'Any', ports = 'Any'] of input.matchAll(made))
      this.rules.set(name, `True Inbound Allow ${protocol} ${ports}`);
    for (const [, name = '', parameter, value = ''] of input.matchAll(
      /Set-NetFirewallProfile -Name (\w+) -(\w+) (\w+)/g,
    )) {
      const found = this.profiles.get(name) ?? { enabled: '', inbound: '' };
      this.profiles.set(name, parameter === 'Enabled' ? { ...found, enabled: value } : { ...found, inbound: value });
    }
  }
}

export class PretendedMac implements Commands {
  firewall = 0;
  guest = true;
  /** Under MDM, or without root, nothing changes. */
  isLocked = false;
  answer: CommandResult | undefined;

  async run(path: string, args: readonly string[]): Promise<CommandResult> {
    if (this.answer) return this.answer;
    const [option, value] = args;
    if (path.endsWith('/socketfilterfw')) {
      if (option === '--getglobalstate') return succeeded(this.#firewallWords());
      if (this.isLocked)
        return succeeded('Firewall settings cannot be modified from command line on managed Mac computers.\n');
      this.firewall = value === 'on' ? 1 : 0;
      return succeeded(this.#firewallWords());
    }
    if (!path.endsWith('/sysadminctl')) return failed('not installed');
    if (value !== 'status' && !this.isLocked) this.guest = value === 'on';
    const words =
      value !== 'status' && this.isLocked
        ? 'Operation not permitted'
        : `Guest account ${this.guest ? 'en' : 'dis'}abled.`;
    return { code: 0, stdout: '', stderr: `2026-09-01 08:00:00.123 sysadminctl[512:4096] ${words}\n` };
  }

  #firewallWords(): string {
    return `Firewall is ${this.firewall === 0 ? 'dis' : 'en'}abled. (State = ${this.firewall})\n`;
  }
}
