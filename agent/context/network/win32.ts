import { CapabilityError } from '../../capabilities/capability.ts';
import { runScript } from '../../capabilities/webFilter/powershell.ts';
import type { Commands } from '../../platform/commands.ts';
import {
  hardwareAddress,
  type NetworkReader,
  onNoWifi,
  ownAddresses,
  type WifiFacts,
  type WiredFacts,
  wifiFacts,
  wiredFacts,
} from './reader.ts';

const netsh = 'C:\\Windows\\System32\\netsh.exe';

/** Prints the hardware addresses of the default gateways. https://learn.microsoft.com/powershell/module/nettcpip */
const gatewayScript = [
  "$hops = @(Get-NetRoute -DestinationPrefix '0.0.0.0/0','::/0' -ErrorAction SilentlyContinue | Where-Object { $_.NextHop -ne '0.0.0.0' -and $_.NextHop -ne '::' })",
  '$near = @($hops | ForEach-Object { Get-NetNeighbor -InterfaceIndex $_.ifIndex -IPAddress $_.NextHop -ErrorAction SilentlyContinue })',
  'ConvertTo-Json -Compress -InputObject @($near | ForEach-Object { $_.LinkLayerAddress })',
];

/** From PowerShell and netsh, by their documented output; not run on Windows yet. */
export class Win32Network implements NetworkReader {
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  async signature(): Promise<string> {
    return JSON.stringify(ownAddresses());
  }

  async wired(): Promise<WiredFacts> {
    return wiredFacts(
      await this.#gateways(),
      ownAddresses().map(({ address }) => address),
    );
  }

  async wifi(): Promise<WifiFacts> {
    const { code, stdout } = await this.#commands.run(netsh, ['wlan', 'show', 'interfaces']);
    return code === 0 ? parseWlanInterfaces(stdout) : {};
  }

  async #gateways(): Promise<(string | undefined)[]> {
    try {
      return parseNeighbours(await runScript(this.#commands, 'The gateways cannot be read', gatewayScript));
    } catch (error) {
      if (error instanceof CapabilityError) return [];
      throw error;
    }
  }
}

/** Windows writes `00-1B-2C-03-04-05`, and noughts or nothing for a neighbour that does not answer. */
export function parseNeighbours(printed: unknown): (string | undefined)[] {
  const list = Array.isArray(printed) ? printed : [printed];
  return list.map((address) => (typeof address === 'string' ? hardwareAddress(address) : undefined));
}

/** Of `netsh wlan show interfaces`: its labels are translated, but for these two. */
export function parseWlanInterfaces(output: string): WifiFacts {
  const field = (name: string) => new RegExp(`^\\s*${name}\\s*: (.*?)\\s*$`, 'm').exec(output)?.[1];
  const ssid = field('SSID');
  return ssid === undefined ? onNoWifi : wifiFacts(ssid, field('(?:AP )?BSSID'));
}
