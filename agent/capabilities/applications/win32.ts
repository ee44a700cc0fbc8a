import type { ApplicationsSettings } from '../../../shared/profile/applications.ts';
import type { Commands } from '../../platform/commands.ts';
import { type HostPart, type Line, refused } from '../baseline/baseline.ts';
import { parseRegistry } from '../browser/registry.ts';
import type { Host } from '../capability.ts';
import { unmanagedOnWindows } from './browsers.ts';
import { lookedLines } from './names.ts';

const reg = 'C:\\Windows\\System32\\reg.exe';
const key = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';

/** Names under Installed apps, from `reg query …\Uninstall /s`; updates and parts of the system are left out. */
export function parseUninstall(stdout: string): string[] {
  const names = new Map<string, string>();
  const hidden = new Set<string>();
  for (const { key: program, name, content } of parseRegistry(stdout).values()) {
    if (name === 'DisplayName') names.set(program, String(content));
    if (name === 'SystemComponent' && content === 1) hidden.add(program);
  }
  return [...names].filter(([program]) => !hidden.has(program)).map(([, name]) => name);
}

/** Windows: what is installed for the whole machine is looked at. Tested from documented output; never run on a real PC. */
export class WindowsApplications implements HostPart<ApplicationsSettings> {
  readonly unsupportedWhy?: string;
  readonly #commands: Commands;

  constructor({ files, commands }: Host) {
    this.#commands = commands;
    if (!files.isHost) this.unsupportedWhy = 'The registry is no file: a trial under a folder leaves it alone.';
  }

  async observe(settings: ApplicationsSettings): Promise<Line[]> {
    const { windowsRequired = [], windowsForbidden = [], unmanagedBrowsers } = settings;
    const installed = [...(await this.#installed('/reg:64')), ...(await this.#installed('/reg:32'))];
    return lookedLines(installed, windowsRequired, [
      ...windowsForbidden,
      ...(unmanagedBrowsers ? unmanagedOnWindows : []),
    ]);
  }

  apply(): Promise<void> {
    return Promise.resolve();
  }

  holds(): Promise<boolean> {
    return Promise.resolve(false);
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  watched(): string[] {
    return [];
  }

  /** Programs of 32 and of 64 bits are listed apart. */
  async #installed(view: string): Promise<string[]> {
    const result = await this.#commands.run(reg, ['query', key, '/s', view], { timeoutMs: 60_000 });
    if (result.code === 0) return parseUninstall(result.stdout);
    const what = 'The list of installed applications could not be read';
    throw refused(
      'applications-not-read',
      what,
      result.failure ?? result.stderr,
      'Run the agent as a service of the SYSTEM account.',
    );
  }
}
