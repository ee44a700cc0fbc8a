import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { ObservationValue } from '../collector.ts';
import { member, parseJson } from '../json.ts';
import { silence, unknown } from './observation.ts';
import { runPowerShell } from './powershell.ts';

export type UpdatesState = ObservationValue<'updates'>;

export const aptConfig = '/usr/bin/apt-config';
export const systemctl = '/usr/bin/systemctl';
const unattendedPackage = ['/usr/bin/dpkg-query', '-s', 'unattended-upgrades'] as const;
const timerArguments = ['is-enabled', 'apt-daily.timer', 'apt-daily-upgrade.timer'] as const;
const dnfTimer = 'dnf-automatic-install.timer';

/** apt's own view of its configuration decides, so that no file of anybody is overlooked; then dnf. */
export async function linuxUpdates(commands: Commands): Promise<UpdatesState> {
  const dump = await commands.run(aptConfig, ['dump']);
  if (dump.failure === 'missing') return readDnfTimer(await commands.run(systemctl, ['is-enabled', dnfTimer]));
  return readApt(dump, await isUnattendedInstalled(commands), await commands.run(systemctl, timerArguments));
}

/** `dpkg-query -s` of a package that is there says so in its line `Status:`, which is not translated. */
export async function isUnattendedInstalled(commands: Commands): Promise<boolean> {
  const [program, ...args] = unattendedPackage;
  return /^Status: \S+ ok installed$/m.test((await commands.run(program, args)).stdout);
}

/** Values of `apt-config dump` by name; undefined when it gave no answer. */
export function parseAptConfig({ code, stdout }: CommandResult): Map<string, string> | undefined {
  const pairs = [...stdout.matchAll(/^([\w:./-]+) "(.*)";$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  return code === 0 && pairs.length > 0 ? new Map(pairs) : undefined;
}

/** Automatic when apt is to fetch lists and run unattended-upgrades, which is installed, and both timers are on. */
export function readApt(dump: CommandResult, isInstalled: boolean, timers: CommandResult): UpdatesState {
  const values = parseAptConfig(dump);
  if (!values) return unknown(silence('apt-config', dump));
  if (!isInstalled) return notAutomatic('apt: unattended-upgrades is not installed');
  if (!isPeriod(values.get('APT::Periodic::Enable') ?? '1')) return notAutomatic('apt: periodic work is switched off');
  if (!isPeriod(values.get('APT::Periodic::Update-Package-Lists')))
    return notAutomatic('apt: lists of packages are not fetched by themselves');
  if (!isPeriod(values.get('APT::Periodic::Unattended-Upgrade')))
    return notAutomatic('apt: unattended-upgrades is not run by itself');
  const off = timerProblem(timers);
  return off ?? { state: 'automatic', evidence: 'apt: unattended-upgrades runs by itself' };
}

/** `systemctl is-enabled A B` prints one word for each; other words than these (linked, static) are rare and start too. */
function timerProblem({ stdout, failure }: CommandResult): UpdatesState | undefined {
  const words = stdout.trim().split('\n');
  if (words.some((word) => word === 'disabled' || word.startsWith('masked')))
    return notAutomatic('apt: its timers are switched off');
  if (failure === undefined && words.length === 2 && words.every((word) => /^[a-z-]+$/.test(word))) return undefined;
  return unknown('apt is configured, but systemctl does not tell whether its timers are on');
}

/** How often in days, or with a unit (`12h`, `always`); 0 and absent are never. */
export function isPeriod(value: string | undefined): boolean {
  return value !== undefined && (value === 'always' || /^0*[1-9]\d*[smhd]?$/.test(value));
}

/** The timer that installs; dnf-automatic.timer may only download, so it proves nothing. dnf-automatic(8) */
export function readDnfTimer(result: CommandResult): UpdatesState {
  const word = result.stdout.trim();
  if (word === 'enabled') return { state: 'automatic', evidence: `dnf: ${dnfTimer} is on` };
  return unknown(`Neither apt nor ${dnfTimer} tells that updates install by themselves`);
}

const windowsScript = [
  "$p = Get-ItemProperty -LiteralPath 'HKLM:\\SOFTWARE\\Policies\\Microsoft\\Windows\\WindowsUpdate\\AU' -ErrorAction SilentlyContinue",
  '$s = Get-CimInstance Win32_Service -Filter "Name=\'wuauserv\'" -ErrorAction Stop',
  '@{ off = $p.NoAutoUpdate; options = $p.AUOptions; start = [string]$s.StartMode } | ConvertTo-Json -Compress',
].join('; ');

export async function windowsUpdates(commands: Commands): Promise<UpdatesState> {
  return readWindowsUpdate(await runPowerShell(commands, windowsScript));
}

/**
 * Windows installs updates by itself unless policy (NoAutoUpdate 1, AUOptions 2 or 3) or a disabled service keeps it from it.
 * https://learn.microsoft.com/windows/deployment/update/waas-wu-settings
 */
export function readWindowsUpdate(result: CommandResult): UpdatesState {
  const answer = result.code === 0 ? parseJson(result.stdout) : undefined;
  const [off, options, start] = ['off', 'options', 'start'].map((name) => member(answer, name));
  if (typeof start !== 'string' || start === '') return unknown(silence('Windows PowerShell', result));
  if (off === 1) return notAutomatic('Windows Update: NoAutoUpdate switches it off');
  if (start === 'Disabled') return notAutomatic('Windows Update: its service is disabled');
  if (options === 2 || options === 3) return notAutomatic('Windows Update: policy waits for a person to install');
  return { state: 'automatic', evidence: 'Windows Update installs by itself' };
}

export const macUpdatesFile = '/Library/Preferences/com.apple.SoftwareUpdate.plist';
const managedFile = '/Library/Managed Preferences/com.apple.SoftwareUpdate.plist';

/** What MDM manages is in a file of its own, and wins. */
export async function macUpdates(commands: Commands): Promise<UpdatesState> {
  const ask = (path: string) => commands.run('/usr/bin/plutil', ['-convert', 'json', '-o', '-', path]);
  return readSoftwareUpdate(await ask(managedFile), await ask(macUpdatesFile));
}

const macKeys = ['AutomaticCheckEnabled', 'AutomaticDownload', 'CriticalUpdateInstall'] as const;

/** CIS 1.2 to 1.6: checks, downloads, and installs what protects. What an absent key means depends on the release. */
export function readSoftwareUpdate(managed: CommandResult, own: CommandResult): UpdatesState {
  const [above, below] = [managed, own].map(({ code, stdout }) => (code === 0 ? parseJson(stdout) : undefined));
  if (above === undefined && below === undefined) return unknown(silence('plutil', own));
  const values = macKeys.map((key) => ({ key, value: member(above, key) ?? member(below, key) }));
  const named = (chosen: (value: unknown) => boolean) =>
    values
      .filter(({ value }) => chosen(value))
      .map(({ key }) => key)
      .join(', ');
  const off = named((value) => value === false || value === 0);
  if (off !== '') return notAutomatic(`macOS: off are ${off}`);
  const open = named((value) => value !== true && value !== 1);
  return open !== ''
    ? unknown(`macOS: nothing is set for ${open}`)
    : { state: 'automatic', evidence: 'macOS checks, downloads and installs security updates by itself' };
}

function notAutomatic(evidence: string): UpdatesState {
  return { state: 'not-automatic', evidence };
}
