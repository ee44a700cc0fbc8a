import type { Host } from '../capability.ts';

/** Apart from the other files of the filter: this one is never put back as a whole. */
const owner = 'webFilterHosts';
const windowsPath = 'C:\\Windows\\System32\\drivers\\etc\\hosts';

/**
 * The hosts file, hosts(5), changed one change after the other. Nothing is kept of the earlier file: what is ours in it
 * can be told and taken out, whatever others change meanwhile.
 */
export class HostsFile {
  readonly path: string;
  readonly #host: Host;
  #last: Promise<void> = Promise.resolve();

  constructor(host: Host) {
    this.#host = host;
    this.path = host.platform === 'win32' ? windowsPath : '/etc/hosts';
  }

  /** Empty where there is no such file. */
  async read(): Promise<string> {
    return (await this.#host.files.read(this.path)) ?? '';
  }

  /** A host without the file is left without. */
  async change(by: (content: string) => string): Promise<void> {
    const done = this.#last.then(() => this.#change(by));
    // Whoever asked for this change hears of its failure; the next one goes on.
    this.#last = done.catch(() => undefined);
    await done;
  }

  async #change(by: (content: string) => string): Promise<void> {
    const { files } = this.#host;
    const content = await files.read(this.path);
    if (content === undefined || by(content) === content) return;
    await files.write(owner, this.path, by(content), await files.mode(this.path));
    files.adopt(owner, this.path);
  }
}
