import { UnsupportedPointing } from './pointing.ts';

/*
 * Windows: a rule of the Name Resolution Policy Table for every name, which beats the servers of each adapter.
 * https://learn.microsoft.com/powershell/module/dnsclient/add-dnsclientnrptrule. Built and parsed here, tested from text;
 * nothing runs it until a Windows PC has shown that it holds.
 */
export const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const comment = 'Rollcall web filter';
const options = ['-NoProfile', '-NonInteractive', '-Command'];

export interface NrptRule {
  name: string;
  servers: string[];
}

/** The address is checked, because it becomes part of a script. Throws on anything but an address. */
export function pointArguments(address: string): string[] {
  if (!/^[0-9a-fA-F.:]+$/.test(address)) throw new TypeError(`not an address: ${address}`);
  return [
    ...options,
    `Add-DnsClientNrptRule -Namespace '.' -NameServers '${address}' -Comment '${comment}'; Clear-DnsClientCache`,
  ];
}

export function listArguments(): string[] {
  const select = `Where-Object Comment -eq '${comment}' | Select-Object Name,@{n='Servers';e={@($_.NameServers.IPAddressToString)}}`;
  return [...options, `Get-DnsClientNrptRule | ${select} | ConvertTo-Json -Compress`];
}

export function restoreArguments(rules: readonly NrptRule[]): string[] {
  const names = rules.map(({ name }) => `'${name.replaceAll("'", "''")}'`).join(',');
  return [
    ...options,
    `@(${names}) | ForEach-Object { Remove-DnsClientNrptRule -Name $_ -Force }; Clear-DnsClientCache`,
  ];
}

/** Output of `listArguments`: nothing, one object, or an array of them. */
export function parseRules(output: string): NrptRule[] {
  if (output.trim() === '') return [];
  const parsed: unknown = JSON.parse(output);
  return (Array.isArray(parsed) ? parsed : [parsed]).filter(isRule).map((rule) => ({
    name: rule.Name,
    servers: [rule.Servers].flat().filter((server) => typeof server === 'string'),
  }));
}

function isRule(value: unknown): value is { Name: string; Servers: unknown } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'Name' in value &&
    'Servers' in value &&
    typeof value.Name === 'string'
  );
}

export function win32Pointing(): UnsupportedPointing {
  return new UnsupportedPointing('Pointing Windows at the web filter is not done yet.');
}
