import { runScript } from '../capabilities/webFilter/powershell.ts';
import { items, member } from '../health/json.ts';
import { browserWords } from './browsers.ts';
import { browsersInHome, homes } from './homes.ts';
import { judgeListeners, type Listener } from './listeners.ts';
import type { LookParts, Looks } from './look.ts';
import { judgeHosts } from './name-service.ts';
import { proxyWords } from './proxies.ts';
import { tunnelWords } from './tunnels.ts';

const internetSettings = 'Software\\Microsoft\\Windows\\CurrentVersion\\Internet Settings';

/** Sockets as a list of `[protocol, address, port]`. */
export const listenerStatements = [
  "$all=@(Get-NetUDPEndpoint | ForEach-Object { ,@('UDP',$_.LocalAddress,$_.LocalPort) })",
  "$all+=@(Get-NetTCPConnection -State Listen -ErrorAction SilentlyContinue | ForEach-Object { ,@('TCP',$_.LocalAddress,$_.LocalPort) })",
  'ConvertTo-Json -InputObject $all -Depth 3 -Compress',
];

/** Descriptions of adapters that are up: their makers' words, which Windows does not translate. */
export const adapterStatements = [
  '$up=@(Get-NetAdapter | Where-Object { "$($_.Status)" -eq \'Up\' } | ForEach-Object { $_.InterfaceDescription })',
  'ConvertTo-Json -InputObject $up -Compress',
];

/** WinINET by account (a proxy, or a script that finds one), and WinHTTP, whose ninth byte has bit 2 for a proxy. */
export const proxyStatements = [
  `$sets=@(Get-ChildItem Registry::HKEY_USERS | ForEach-Object { Get-ItemProperty -LiteralPath ($_.PSPath+'\\${internetSettings}') -ErrorAction SilentlyContinue } | ForEach-Object { [pscustomobject]@{on=($_.ProxyEnable -eq 1);script=[bool]$_.AutoConfigURL} })`,
  `$http=(Get-ItemProperty -LiteralPath 'HKLM:\\${internetSettings}\\Connections' -ErrorAction SilentlyContinue).WinHttpSettings`,
  '[pscustomobject]@{people=$sets;http=[bool]($http -and $http.Length -gt 8 -and ($http[8] -band 2))} | ConvertTo-Json -Depth 3 -Compress',
];

export function parseListeners(value: unknown): Listener[] {
  return items(value).flatMap((row) => {
    const [protocol, address, port] = items(row);
    const isSocket =
      (protocol === 'UDP' || protocol === 'TCP') && typeof address === 'string' && typeof port === 'number';
    return isSocket ? [{ protocol, address, port }] : [];
  });
}

export function parseTunnels(value: unknown): string[] {
  return items(value)
    .filter((description) => typeof description === 'string')
    .filter((description) =>
      /\b(tap|tun|vpn|anyconnect|wireguard|openvpn)\b|wintun|wan miniport \((ikev2|l2tp|pptp|sstp)\)/i.test(
        description,
      ),
    );
}

export function parseProxies(value: unknown): string[] {
  const people = items(member(value, 'people'));
  return [
    ...(people.some((person) => member(person, 'on') === true) ? ["a person's internet settings"] : []),
    ...(people.some((person) => member(person, 'script') === true) ? ["a person's internet settings (script)"] : []),
    ...(member(value, 'http') === true ? ['the settings of WinHTTP'] : []),
  ];
}

/** Tested from documented output; never run on a real PC. */
export function win32Looks({ host, filter, isGuarded }: LookParts): Looks {
  const ask = (statements: readonly string[]) => runScript(host.commands, 'Windows could not be looked at', statements);
  return {
    'second-resolver': async () => judgeListeners(parseListeners(await ask(listenerStatements)), filter),
    'tunnel-up': async () => tunnelWords(parseTunnels(await ask(adapterStatements))),
    'unmanaged-browser': async () => {
      const found = await Promise.all((await homes(host)).map((home) => browsersInHome(host, home)));
      return browserWords(found.flat());
    },
    'proxy-set': async () => proxyWords(parseProxies(await ask(proxyStatements))),
    'hosts-file': async () =>
      judgeHosts((await host.files.read('C:\\Windows\\System32\\drivers\\etc\\hosts')) ?? '', isGuarded),
  };
}
