import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { HostFiles } from '../../platform/host-files.ts';
import { refused } from '../baseline/baseline.ts';
import type { Place } from '../baseline/kept-place.ts';
import type { Settings } from '../browser/kept-settings.ts';
import { type Openings, portWords } from './openings.ts';

/** A program that fills the kernel's tables on this host: the rules go through it, so that both agree. */
export interface FrontEnd extends Place<string> {
  readonly name: 'ufw' | 'firewalld';
  isInCharge(): Promise<boolean>;
  desired(openings: Openings): Settings<string>;
}

const ufw = '/usr/sbin/ufw';
const firewallCmd = '/usr/bin/firewall-cmd';
const timeoutMs = 30_000;
const yes = 'yes';

/** ufw(8), the firewall of Ubuntu: in charge wherever it is installed. */
export class Ufw implements FrontEnd {
  readonly name = 'ufw';
  readonly #commands: Commands;
  readonly #files: HostFiles;

  constructor(commands: Commands, files: HostFiles) {
    this.#commands = commands;
    this.#files = files;
  }

  async isInCharge(): Promise<boolean> {
    return (await this.#commands.run(ufw, ['version'])).code === 0;
  }

  desired({ ports, networks }: Openings): Settings<string> {
    const rules = [
      ...networks.map(({ range }) => `allow from ${range}`),
      ...ports.map((open) => `allow ${portWords(open, ':')}/${open.protocol}`),
    ];
    return new Map([...rules.map((rule) => [rule, yes] as const), ['incoming', 'deny'], ['active', yes]]);
  }

  async read(): Promise<Settings<string>> {
    const status = await this.#ufw(['status']);
    const added = await this.#ufw(['show', 'added']);
    return readUfw(status, added, (await this.#files.read('/etc/default/ufw')) ?? '');
  }

  /** Rules first, so that what is let in stays let in when the firewall comes on. */
  async write(writes: ReadonlyMap<string, string | undefined>): Promise<void> {
    for (const args of ufwCommands(writes)) await this.#ufw(args);
  }

  equal(one: string | undefined, other: string | undefined): boolean {
    return one === other;
  }

  item(id: string): string {
    return `ufw: ${id}`;
  }

  async #ufw(args: readonly string[]): Promise<string> {
    return outputOf('ufw', args, await this.#commands.run(ufw, args, { timeoutMs }));
  }
}

/** `ufw status`, `ufw show added` (also while inactive) and /etc/default/ufw. */
export function readUfw(status: string, added: string, defaults: string): Settings<string> {
  const rules = [...added.matchAll(/^ufw (allow .+)$/gm)].map(([, rule = '']) => [rule.trim(), yes] as const);
  const policy = /^DEFAULT_INPUT_POLICY="?(\w+)"?/m.exec(defaults)?.[1]?.toUpperCase();
  const active = /^Status: active$/m.test(status) ? yes : 'no';
  return new Map([...rules, ['incoming', policy === 'ACCEPT' ? 'allow' : 'deny'], ['active', active]]);
}

/** Arguments of ufw, in the order of the writes. */
export function ufwCommands(writes: ReadonlyMap<string, string | undefined>): string[][] {
  const rules = [...writes].filter(([id]) => id.startsWith('allow '));
  const incoming = writes.get('incoming');
  return [
    ...rules.map(([rule, value]) => [...(value === undefined ? ['delete'] : []), ...rule.split(' ')]),
    ...(incoming === undefined ? [] : [['default', incoming, 'incoming']]),
    ...(writes.has('active') ? [['--force', writes.get('active') === yes ? 'enable' : 'disable']] : []),
  ];
}

/**
 * firewall-cmd(1), the firewall of Fedora: in charge while it runs. Its zones stay the administrator's; what the profile lets in
 * is added until firewalld is started anew, and then again. Written from its manual; not run.
 */
export class Firewalld implements FrontEnd {
  readonly name = 'firewalld';
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  async isInCharge(): Promise<boolean> {
    const { code, stdout } = await this.#commands.run(firewallCmd, ['--state']);
    return code === 0 && stdout.trim() === 'running';
  }

  desired({ ports, networks }: Openings): Settings<string> {
    return new Map([
      ['state', 'running'],
      ...networks.map(({ range }) => [`source ${range}`, yes] as const),
      ...ports.map((open) => [`port ${portWords(open, '-')}/${open.protocol}`, yes] as const),
    ]);
  }

  async read(): Promise<Settings<string>> {
    const ports = await this.#firewallCmd(['--list-ports']);
    const sources = await this.#firewallCmd(['--zone=trusted', '--list-sources']);
    const named = (kind: string, words: string) =>
      words.split(/\s+/).flatMap((word) => (word === '' ? [] : [[`${kind} ${word}`, yes] as const]));
    return new Map([['state', 'running'], ...named('port', ports), ...named('source', sources)]);
  }

  async write(writes: ReadonlyMap<string, string | undefined>): Promise<void> {
    for (const args of firewalldCommands(writes)) await this.#firewallCmd(args);
  }

  equal(one: string | undefined, other: string | undefined): boolean {
    return one === other;
  }

  item(id: string): string {
    return `firewalld: ${id}`;
  }

  async #firewallCmd(args: readonly string[]): Promise<string> {
    return outputOf('firewall-cmd', args, await this.#commands.run(firewallCmd, args, { timeoutMs }));
  }
}

/** Arguments of firewall-cmd. Whether it runs at all is not ours to write. */
export function firewalldCommands(writes: ReadonlyMap<string, string | undefined>): string[][] {
  return [...writes].flatMap(([id, value]) => {
    const [kind = '', words = ''] = id.split(' ');
    const act = value === undefined ? 'remove' : 'add';
    if (kind === 'port') return [[`--${act}-port=${words}`]];
    return kind === 'source' ? [['--zone=trusted', `--${act}-source=${words}`]] : [];
  });
}

function outputOf(program: string, args: readonly string[], { code, stdout, stderr, failure }: CommandResult): string {
  if (code === 0) return stdout;
  const what = `"${program} ${args.join(' ')}" failed`;
  throw refused('firewall-refused', what, failure ?? (stderr || stdout), 'Run the agent as root.');
}
