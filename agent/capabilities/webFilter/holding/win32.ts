import type { Evidence } from '../../../../shared/protocol/messages.ts';
import { items, member } from '../../../health/json.ts';
import type { Host } from '../../capability.ts';
import { CapabilityError } from '../../capability.ts';
import { quoted, quotedList, runScript } from '../powershell.ts';
import { type Holding, type HoldRules, holdItem } from './holding.ts';

const group = 'Rollcall';
/**
 * In the Windows firewall a rule that blocks beats every rule that allows, so the agent cannot be let through by a second
 * rule. The rules themselves leave it out: they bind everybody (S-1-1-0) but the SYSTEM account (S-1-5-18).
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-fasp (FW_RULE_ACTION, wszLocalUserAuthorizationList)
 */
const everybodyButSystem = 'O:LSD:(D;;CC;;;S-1-5-18)(A;;CC;;;S-1-1-0)';

interface FirewallRule {
  name: string;
  protocol: 'TCP' | 'UDP';
  ports: string[];
  addresses: string[];
}

function desiredRules({ resolvers: { v4, v6 } }: HoldRules): FirewallRule[] {
  const addresses = [...v4, ...v6];
  return (['UDP', 'TCP'] as const).flatMap((protocol) => [
    { name: `Rollcall-DNS-${protocol}`, protocol, ports: ['53', '853'], addresses: [] },
    ...(addresses.length > 0 ? [{ name: `Rollcall-HTTPS-${protocol}`, protocol, ports: ['443'], addresses }] : []),
  ]);
}

const removeAll = `Get-NetFirewallRule -Group ${quoted(group)} -ErrorAction SilentlyContinue | Remove-NetFirewallRule`;

/** Old rules go in the same script that makes the new ones. */
export function holdStatements(rules: HoldRules): string[] {
  return [removeAll, ...desiredRules(rules).map(newRule)];
}

function newRule({ name, protocol, ports, addresses }: FirewallRule): string {
  const where = addresses.length > 0 ? ` -RemoteAddress ${quotedList(addresses)}` : '';
  return `New-NetFirewallRule -Name ${quoted(name)} -DisplayName ${quoted(name)} -Group ${quoted(group)} -Direction Outbound -Action Block -Profile Any -Enabled True -Protocol ${protocol} -RemotePort ${quotedList(ports)}${where} -LocalUser ${quoted(everybodyButSystem)} | Out-Null`;
}

/** Everything as text: names of enumerations are not translated, and lists become one text. */
export const readStatements: readonly string[] = [
  `$rules=@(Get-NetFirewallRule -Group ${quoted(group)} -ErrorAction SilentlyContinue | Sort-Object Name | ForEach-Object { $p=$_|Get-NetFirewallPortFilter; $a=$_|Get-NetFirewallAddressFilter; $s=$_|Get-NetFirewallSecurityFilter; [pscustomobject]@{name=$_.Name;enabled="$($_.Enabled)";action="$($_.Action)";direction="$($_.Direction)";protocol="$($p.Protocol)";ports="$($p.RemotePort)";addresses="$($a.RemoteAddress)";user="$($s.LocalUser)"} })`,
  '$off=@(Get-NetFirewallProfile | Where-Object { "$($_.Enabled)" -ne \'True\' } | ForEach-Object { $_.Name })',
  '[pscustomobject]@{rules=$rules;off=$off} | ConvertTo-Json -Depth 3 -Compress',
];

/** What Windows shows, when it is what these rules ask for; ranges come back in another spelling, so they are counted. */
export function isInForce(shown: unknown, rules: HoldRules): boolean {
  const found = new Map(items(member(shown, 'rules')).map((rule) => [member(rule, 'name'), rule]));
  const desired = desiredRules(rules);
  return found.size === desired.length && desired.every((rule) => fits(found.get(rule.name), rule));
}

function fits(shown: unknown, { protocol, ports, addresses }: FirewallRule): boolean {
  const said = (name: string) => String(member(shown, name) ?? '');
  const count = said('addresses')
    .split(' ')
    .filter((address) => address !== 'Any' && address !== '').length;
  return (
    said('enabled') === 'True' &&
    said('action') === 'Block' &&
    said('direction') === 'Outbound' &&
    said('protocol') === protocol &&
    said('ports') === ports.join(' ') &&
    said('user') === everybodyButSystem &&
    count === addresses.length
  );
}

/** Windows: four rules of its firewall. Tested from documented output; never run on a real PC. */
export class Win32Holding implements Holding {
  readonly supported = true;
  readonly #host: Host;
  /** The rules this process wrote, and how Windows showed them then. */
  #written: { rules: string; shown: string } | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  async hold(rules: HoldRules): Promise<void> {
    const what = 'The Windows firewall did not take the rules against other resolvers';
    await runScript(this.#host.commands, what, holdStatements(rules));
    const shown = await this.#shown();
    if (!isInForce(shown, rules)) throw new CapabilityError('hold-incomplete', `${what}: it shows others.`);
    this.#written = { rules: JSON.stringify(rules), shown: JSON.stringify(member(shown, 'rules')) };
  }

  async evidence(rules: HoldRules): Promise<Evidence[]> {
    const shown = await this.#shown();
    const off = items(member(shown, 'off'));
    const isOurs =
      this.#written?.rules === JSON.stringify(rules) && this.#written.shown === JSON.stringify(member(shown, 'rules'));
    const state = isOurs ? 'in force for everybody but the SYSTEM account' : 'other rules, or none';
    const seen = off.length > 0 ? `the firewall is off for ${off.map(String).join(', ')}` : state;
    const expected = 'DNS to anybody but the filter refused';
    return [{ item: holdItem, expected, seen: seen.slice(0, 500), ok: isOurs && off.length === 0 }];
  }

  async release(): Promise<void> {
    this.#written = undefined;
    const what = 'The rules of the Windows firewall could not be removed';
    await runScript(this.#host.commands, what, [removeAll]);
  }

  async #shown(): Promise<unknown> {
    return await runScript(this.#host.commands, 'The Windows firewall could not be read', readStatements);
  }
}
