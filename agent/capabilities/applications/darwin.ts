import type { ApplicationsSettings } from '../../../shared/profile/applications.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import type { HostPart, Line } from '../baseline/baseline.ts';
import { onFile } from '../baseline/own-file.ts';
import type { Host } from '../capability.ts';
import { unmanagedOnMac } from './browsers.ts';
import { lookedLines } from './names.ts';

const folders = ['/Applications', '/Applications/Utilities', '/System/Applications'];

/** macOS: the folders of applications are looked at. Not run on a real Mac. */
export class MacApplications implements HostPart<ApplicationsSettings> {
  readonly #files: HostFiles;

  constructor({ files }: Host) {
    this.#files = files;
  }

  async observe({ macRequired = [], macForbidden = [], unmanagedBrowsers }: ApplicationsSettings): Promise<Line[]> {
    const names = await Promise.all(folders.map((folder) => onFile(folder, () => this.#files.list(folder))));
    const installed = names
      .flat()
      .filter((name) => name.endsWith('.app'))
      .map((name) => name.slice(0, -4));
    return lookedLines(installed, macRequired, [...macForbidden, ...(unmanagedBrowsers ? unmanagedOnMac : [])]);
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
    return folders;
  }
}
