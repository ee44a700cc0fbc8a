import { items, member } from '../../health/json.ts';
import type { Settings } from '../browser/kept-settings.ts';
import { quoted } from '../webFilter/powershell.ts';
import { type Openings, portWords } from './openings.ts';

/*
 * The Windows firewall as PowerShell shows and sets it. Names of profiles and of enumerations are not translated.
 * https://learn.microsoft.com/powershell/module/netsecurity/set-netfirewallprofile
 */

const group = 'Rollcall Firewall';
const profiles = ['Domain', 'Private', 'Public'] as const;

/** Rules by their name; of ports by protocol and numbers, so that a changed one is seen. */
export const readStatements: readonly string[] = [
  `$p=@(Get-NetFirewallProfile | ForEach-Object { [pscustomobject]@{name="$($_.Name)";enabled="$($_.Enabled)";inbound="$($_.DefaultInboundAction)"} })`,
  `$r=@(Get-NetFirewallRule -Group ${quoted(group)} -ErrorAction SilentlyContinue | ForEach-Object { $f=$_|Get-NetFirewallPortFilter; [pscustomobject]@{name="$($_.Name)";state="$($_.Enabled) $($_.Direction) $($_.Action) $($f.Protocol) $($f.LocalPort)"} })`,
  '[pscustomobject]@{profiles=$p;rules=$r} | ConvertTo-Json -Depth 3 -Compress',
];

/** Undefined when it is not what the script prints: three profiles, each with both settings. */
export function parseFirewall(answer: unknown): Settings<string> | undefined {
  const found = new Map<string, string>();
  for (const profile of items(member(answer, 'profiles'))) {
    found.set(`${member(profile, 'name')} enabled`, String(member(profile, 'enabled')));
    found.set(`${member(profile, 'name')} inbound`, String(member(profile, 'inbound')));
  }
  const isWhole = profiles.every(
    (name) =>
      /^(True|False|NotConfigured)$/.test(found.get(`${name} enabled`) ?? '') &&
      /^(Allow|Block|NotConfigured)$/.test(found.get(`${name} inbound`) ?? ''),
  );
  if (!isWhole) return undefined;
  for (const rule of items(member(answer, 'rules')))
    found.set(`rule ${member(rule, 'name')}`, String(member(rule, 'state')));
  return found;
}

export function desiredFirewall({ ports, networks }: Openings): Settings<string> {
  return new Map([
    ...networks.map(({ range }) => [`rule Rollcall-In-${range}`, 'True Inbound Allow Any Any'] as const),
    ...ports.map((open) => {
      const numbers = portWords(open, '-');
      const protocol = open.protocol.toUpperCase();
      return [`rule Rollcall-In-${protocol}-${numbers}`, `True Inbound Allow ${protocol} ${numbers}`] as const;
    }),
    ...profiles.flatMap((name) => [[`${name} inbound`, 'Block'] as const, [`${name} enabled`, 'True'] as const]),
  ]);
}

/** What is not configured blocks. */
export function isSame(one: string | undefined, other: string | undefined): boolean {
  const meant = (value: string | undefined) => (value === 'NotConfigured' ? 'Block' : value);
  return meant(one) === meant(other);
}

export function writeStatements(writes: ReadonlyMap<string, string | undefined>): string[] {
  return [...writes].map(([id, value]) => {
    const [kind = '', name = ''] = id.split(' ');
    if (kind === 'rule') return value === undefined ? removal(name) : `${removal(name)}; ${creation(name, value)}`;
    const parameter = name === 'enabled' ? 'Enabled' : 'DefaultInboundAction';
    return `Set-NetFirewallProfile -Name ${kind} -${parameter} ${value ?? 'NotConfigured'}`;
  });
}

function removal(name: string): string {
  return `Get-NetFirewallRule -Group ${quoted(group)} -ErrorAction SilentlyContinue | Where-Object { $_.Name -eq ${quoted(name)} } | Remove-NetFirewallRule`;
}

function creation(name: string, state: string): string {
  const [, , , protocol = 'Any', ports = 'Any'] = state.split(' ');
  const what =
    protocol === 'Any'
      ? `-RemoteAddress ${quoted(name.replace('Rollcall-In-', ''))}`
      : `-Protocol ${protocol} -LocalPort ${quoted(ports)}`;
  return `New-NetFirewallRule -Name ${quoted(name)} -DisplayName ${quoted(name)} -Group ${quoted(group)} -Direction Inbound -Action Allow -Profile Any -Enabled True ${what} | Out-Null`;
}
