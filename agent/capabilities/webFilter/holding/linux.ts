import type { Evidence } from '../../../../shared/protocol/messages.ts';
import type { CommandResult } from '../../../platform/commands.ts';
import { CapabilityError, type Host } from '../../capability.ts';
import { type Holding, type HoldRules, holdItem } from './holding.ts';
import { type HeldTable, readTable, refusedWords } from './nft-reading.ts';
import { type Exempt, removal, ruleset, serviceCgroup, table } from './nft-rules.ts';

/** Our table in a line of `nft monitor`, and no other whose name begins like it. */
const ownTable = new RegExp(`\\binet ${table}(?![\\w-])`);
const places = ['/usr/sbin/nft', '/sbin/nft'];
const missing =
  'nft is not installed, so other resolvers cannot be kept out; names are filtered all the same. Install the package nftables.';

/** Linux: one nftables table, replaced whole. What was read back right after writing is what later readings must equal. */
export class NftHolding implements Holding {
  readonly supported = true;
  readonly #host: Host;
  /** The rules in force with how nft shows them and whom they let pass; nothing after a start. */
  #written: { rules: string; essence: string; exempt: Exempt } | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  async hold(rules: HoldRules): Promise<void> {
    const exempt = await this.#load(rules);
    const held = await this.#read();
    if (!held || !isWhole(held, rules)) {
      throw new CapabilityError(
        'hold-incomplete',
        'nft took the rules against other resolvers but does not show them.',
      );
    }
    this.#written = { rules: JSON.stringify(rules), essence: held.essence, exempt };
  }

  async evidence(rules: HoldRules): Promise<Evidence[]> {
    const expected = 'DNS to anybody but the filter refused';
    const held = await this.#read();
    const ok = this.#written?.rules === JSON.stringify(rules) && this.#written.essence === held?.essence;
    return [{ item: holdItem, expected, seen: this.#seen(held, ok), ok }];
  }

  async release(): Promise<void> {
    this.#written = undefined;
    const listed = await this.#nft(['-j', 'list', 'table', 'inet', table]);
    const isDenied = /not permitted/i.test(listed?.stderr ?? '');
    // Without nft, or without tables in the kernel, nothing was ever held.
    if (!listed || (listed.code !== 0 && !isDenied)) return;
    const removed = isDenied ? listed : await this.#nft(['-f', '-'], removal);
    if (removed?.code === 0) return;
    throw new CapabilityError(
      'hold-not-released',
      `The rules against other resolvers could not be removed (${words(removed)}). Run as root: nft delete table inet ${table}`,
    );
  }

  /** Only what names our table: others change theirs all day. */
  subscribe(onChange: () => void): () => void {
    const concerns = (said: string) => ownTable.test(said);
    return this.#host.tables?.subscribe(concerns, onChange) ?? (() => undefined);
  }

  /** By the service first: then even other programs of root are held. Kernels and nft that cannot match it say so. */
  async #load(rules: HoldRules): Promise<Exempt> {
    const cgroup = serviceCgroup((await this.#host.files.read('/proc/self/cgroup')) ?? '');
    const user: Exempt = { kind: 'user', id: process.getuid?.() ?? 0 };
    const choices: Exempt[] = cgroup === undefined ? [user] : [{ kind: 'service', cgroup }, user];
    let result: CommandResult | undefined;
    for (const exempt of choices) {
      result = await this.#nft(['-f', '-'], ruleset(rules, exempt));
      if (!result) throw new CapabilityError('hold-missing-nft', missing);
      if (result.code === 0) return exempt;
    }
    throw new CapabilityError(
      'hold-refused',
      `nft did not take the rules against other resolvers (${words(result)}); names are filtered all the same.`,
    );
  }

  #seen(held: HeldTable | undefined, ok: boolean): string {
    if (!held) return 'no such rules';
    if (!ok) return 'other rules';
    const whom = this.#written?.exempt.kind === 'service' ? "the agent's service" : "programs of the agent's user";
    return `in force for everybody but ${whom}; ${refusedWords(held.refused)}`;
  }

  async #read(): Promise<HeldTable | undefined> {
    const listed = await this.#nft(['-j', 'list', 'table', 'inet', table]);
    return listed?.code === 0 ? readTable(listed.stdout) : undefined;
  }

  /** Undefined when nft is not installed. */
  async #nft(args: readonly string[], input?: string): Promise<CommandResult | undefined> {
    for (const place of places) {
      const result = await this.#host.commands.run(place, args, input === undefined ? {} : { input });
      if (result.failure !== 'missing') return result;
    }
    return undefined;
  }
}

/** Nft says yes to a ruleset as a whole; this guards against one that another program takes apart at once. */
function isWhole({ rules, hooks }: HeldTable, { resolvers }: HoldRules): boolean {
  const sets = Number(resolvers.v4.length > 0) + Number(resolvers.v6.length > 0);
  return (
    hooks.join() === 'forward,output' && rules.output === 3 + sets && rules.forward === 1 + sets && rules.refuse === 2
  );
}

function words(result: CommandResult | undefined): string {
  return (result?.failure ?? result?.stderr.trim().split('\n')[0] ?? 'no answer').slice(0, 200);
}
