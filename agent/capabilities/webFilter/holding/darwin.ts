import type { Evidence } from '../../../../shared/protocol/messages.ts';
import type { CommandResult } from '../../../platform/commands.ts';
import { CapabilityError, type Host } from '../../capability.ts';
import { KeptState } from '../kept-state.ts';
import { type Holding, type HoldRules, holdItem } from './holding.ts';

const pfctl = '/sbin/pfctl';
/** Below the anchor that Apple's own /etc/pf.conf evaluates, so that no file of the system is changed. */
const anchor = 'com.apple/rollcall';
const resolvers = 'rollcall_resolvers';
const keptFile = '/Library/Application Support/Rollcall/pf-token.json';

/** Rules of pf.conf(5): refused for everybody but root, whose programs ask for the agent. */
export function pfRules({ resolvers: { v4, v6 } }: HoldRules): string {
  const addresses = [...v4, ...v6];
  const refuse = 'block return out quick on ! lo0 proto { tcp, udp } from any to';
  return [
    ...(addresses.length > 0 ? [`table <${resolvers}> const { ${addresses.join(', ')} }`] : []),
    `${refuse} any port { 53, 853 } user != root`,
    ...(addresses.length > 0 ? [`${refuse} <${resolvers}> port 443 user != root`] : []),
    '',
  ].join('\n');
}

/** The number by which pf knows who wants it on, from `pfctl -E` (pfctl(8)). */
export function parseToken(output: string): string | undefined {
  return /^Token : (\d+)$/m.exec(output)?.[1];
}

/** MacOS: an anchor of the packet filter. Tested from recorded output; never run on a real Mac. */
export class DarwinHolding implements Holding {
  readonly supported = true;
  readonly #host: Host;
  readonly #token: KeptState<string>;
  #written: { rules: string; shown: string } | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#token = new KeptState(host.files, keptFile, (value) =>
      typeof value === 'string' && /^\d+$/.test(value) ? value : undefined,
    );
  }

  async hold(rules: HoldRules): Promise<void> {
    await this.#must(['-a', anchor, '-f', '-'], pfRules(rules));
    await this.#switchOn();
    const shown = await this.#shown();
    if (!shown.includes('block return')) {
      throw new CapabilityError('hold-incomplete', 'pf took the rules against other resolvers but does not show them.');
    }
    this.#written = { rules: JSON.stringify(rules), shown };
  }

  async evidence(rules: HoldRules): Promise<Evidence[]> {
    const { stdout } = await this.#pfctl(['-s', 'info']);
    const isOn = /^Status: Enabled/m.test(stdout);
    const isOurs = this.#written?.rules === JSON.stringify(rules) && this.#written.shown === (await this.#shown());
    const state = isOurs ? 'in force for everybody but root' : 'other rules, or none';
    const seen = isOn ? state : 'the packet filter is off';
    return [{ item: holdItem, expected: 'DNS to anybody but the filter refused', seen, ok: isOn && isOurs }];
  }

  async release(): Promise<void> {
    this.#written = undefined;
    const token = await this.#token.read();
    if (token === undefined) return;
    await this.#must(['-a', anchor, '-F', 'all']);
    // Tokens end with the system that gave them: one of before a restart is gone already.
    await this.#pfctl(['-X', token]);
    await this.#token.forget();
  }

  /** The filter stays on as long as anybody holds a token; ours is kept to be given back. */
  async #switchOn(): Promise<void> {
    const token = await this.#token.read();
    const { stdout } = await this.#pfctl(['-s', 'References']);
    if (token !== undefined && stdout.split(/\s+/).includes(token)) return;
    const { stdout: out, stderr } = await this.#must(['-E']);
    const fresh = parseToken(`${stderr}\n${out}`);
    if (fresh !== undefined) await this.#token.write(fresh);
  }

  async #shown(): Promise<string> {
    const rules = await this.#pfctl(['-a', anchor, '-s', 'rules']);
    const addresses = await this.#pfctl(['-a', anchor, '-t', resolvers, '-T', 'show']);
    return `${rules.stdout}\n${addresses.stdout}`;
  }

  async #must(args: readonly string[], input?: string): Promise<CommandResult> {
    const result = await this.#pfctl(args, input);
    if (result.code === 0) return result;
    const why = result.failure ?? result.stderr.trim().slice(0, 200);
    throw new CapabilityError('hold-refused', `"pfctl ${args.join(' ')}" failed (${why}). Run the agent as root.`);
  }

  async #pfctl(args: readonly string[], input?: string): Promise<CommandResult> {
    return await this.#host.commands.run(pfctl, args, input === undefined ? {} : { input });
  }
}
