import { items, member } from '../../health/json.ts';
import { quoted, quotedList } from './powershell.ts';

/*
 * Three settings of Windows, by script: the servers of each adapter, a rule of the Name Resolution Policy Table for every
 * name, and the policy against DNS over HTTPS in Windows itself.
 * https://learn.microsoft.com/powershell/module/dnsclient and the policy DNS_Doh of DnsClient.admx
 */

const comment = 'Rollcall web filter';
const interfaces = 'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters\\Interfaces\\';
const policyKey = 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\DNSClient';
/** Value of DoHPolicy that keeps Windows from using DNS over HTTPS. */
export const dohProhibited = 1;

export interface Adapter {
  index: number;
  /** Its GUID in braces, which stays when the index changes. */
  guid: string;
  /** IPv4 servers somebody set; none: DHCP's are used. */
  set: string[];
  /** What DHCP gave, also while others are set. */
  dhcp: string[];
}

export interface DnsSettings {
  adapters: Adapter[];
  /** Servers of each of our rules. */
  rules: string[][];
  /** Undefined: not set. */
  dohPolicy: number | undefined;
  /** Whether the policy's registry key exists. */
  hasPolicyKey: boolean;
}

/** What stood there before the agent came. */
export interface OriginalSettings {
  adapters: Record<string, string[]>;
  dohPolicy?: number;
  hasPolicyKey: boolean;
}

export const readStatements: readonly string[] = [
  `$base=${quoted(interfaces)}`,
  '$adapters=@(Get-NetAdapter | ForEach-Object { $p=Get-ItemProperty -LiteralPath ($base+$_.InterfaceGuid) -ErrorAction SilentlyContinue; [pscustomobject]@{index=$_.ifIndex;guid=$_.InterfaceGuid;set="$($p.NameServer)";dhcp="$($p.DhcpNameServer)"} })',
  `$rules=@(Get-DnsClientNrptRule | Where-Object Comment -eq ${quoted(comment)} | ForEach-Object { [pscustomobject]@{servers="$($_.NameServers)"} })`,
  `$key=${quoted(policyKey)}`,
  '$policy=(Get-ItemProperty -LiteralPath $key -ErrorAction SilentlyContinue).DoHPolicy',
  '[pscustomobject]@{adapters=$adapters;rules=$rules;dohPolicy=$policy;policyKey=(Test-Path -LiteralPath $key)} | ConvertTo-Json -Depth 4 -Compress',
];

/** Undefined when it is not what `readStatements` print. */
export function parseSettings(value: unknown): DnsSettings | undefined {
  if (!Array.isArray(member(value, 'adapters'))) return undefined;
  const policy = member(value, 'dohPolicy');
  return {
    adapters: items(member(value, 'adapters'))
      .map(adapter)
      .filter((found) => found !== undefined),
    rules: items(member(value, 'rules')).map((rule) => servers(member(rule, 'servers'))),
    dohPolicy: typeof policy === 'number' ? policy : undefined,
    hasPolicyKey: member(value, 'policyKey') === true,
  };
}

function adapter(value: unknown): Adapter | undefined {
  const [index, guid] = [member(value, 'index'), member(value, 'guid')];
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || typeof guid !== 'string') return undefined;
  if (!/^\{[0-9A-Fa-f-]{36}\}$/.test(guid)) return undefined;
  return { index, guid, set: servers(member(value, 'set')), dhcp: servers(member(value, 'dhcp')) };
}

/** The registry separates servers by commas or blanks. */
function servers(value: unknown): string[] {
  return typeof value === 'string' ? value.split(/[\s,]+/).filter((server) => /^[0-9a-fA-F.:%]+$/.test(server)) : [];
}

export function isPointed({ adapters, rules, dohPolicy }: DnsSettings, address: string): boolean {
  return (
    adapters.every(({ set }) => set.join() === address) &&
    rules.length === 1 &&
    rules[0]?.join() === address &&
    dohPolicy === dohProhibited
  );
}

/** Changes only what differs. */
export function pointStatements({ adapters, rules, dohPolicy }: DnsSettings, address: string): string[] {
  const isRuleRight = rules.length === 1 && rules[0]?.join() === address;
  return [
    ...adapters.filter(({ set }) => set.join() !== address).map(({ index }) => setServers(index, [address])),
    ...(isRuleRight
      ? []
      : [
          removeRules,
          `Add-DnsClientNrptRule -Namespace '.' -NameServers ${quoted(address)} -Comment ${quoted(comment)}`,
        ]),
    ...(dohPolicy === dohProhibited ? [] : setPolicy(dohProhibited)),
    'Clear-DnsClientCache',
  ];
}

/** Adapters that are gone are left alone; those that came since go back to DHCP. */
export function restoreStatements({ adapters }: DnsSettings, original: OriginalSettings, address: string): string[] {
  const ours = adapters.filter(({ guid, set }) => original.adapters[guid] !== undefined || set.join() === address);
  return [
    removeRules,
    ...ours.map(({ index, guid }) => {
      const before = original.adapters[guid] ?? [];
      return before.length > 0 ? setServers(index, before) : giveToDhcp(index);
    }),
    ...(original.dohPolicy === undefined ? removePolicy(original.hasPolicyKey) : setPolicy(original.dohPolicy)),
    'Clear-DnsClientCache',
  ];
}

const removeRules = `Get-DnsClientNrptRule | Where-Object Comment -eq ${quoted(comment)} | ForEach-Object { Remove-DnsClientNrptRule -Name $_.Name -Force }`;

function setServers(index: number, addresses: readonly string[]): string {
  return `Set-DnsClientServerAddress -InterfaceIndex ${index} -ServerAddresses ${quotedList(addresses)}`;
}

/** Not -ResetServerAddresses, which would take IPv6 servers that somebody set as well. */
function giveToDhcp(index: number): string {
  return `& "$env:SystemRoot\\System32\\netsh.exe" interface ipv4 set dnsservers name=${index} source=dhcp | Out-Null`;
}

function setPolicy(value: number): string[] {
  const key = quoted(policyKey);
  return [
    `if (-not (Test-Path -LiteralPath ${key})) { New-Item -Path ${key} -Force | Out-Null }`,
    `New-ItemProperty -LiteralPath ${key} -Name DoHPolicy -PropertyType DWord -Value ${value} -Force | Out-Null`,
  ];
}

function removePolicy(keepKey: boolean): string[] {
  const key = quoted(policyKey);
  const empty = `$k=Get-Item -LiteralPath ${key} -ErrorAction SilentlyContinue; if ($k -and $k.ValueCount -eq 0 -and $k.SubKeyCount -eq 0) { Remove-Item -LiteralPath ${key} }`;
  return [
    `Remove-ItemProperty -LiteralPath ${key} -Name DoHPolicy -ErrorAction SilentlyContinue`,
    ...(keepKey ? [] : [empty]),
  ];
}
