import type { CommandResult, Commands } from '../../platform/commands.ts';
import { type Line, line, refused } from '../baseline/baseline.ts';
import { CapabilityError } from '../capability.ts';
import { type HeldTable, readTable } from '../webFilter/holding/nft-reading.ts';
import { inputRules, removal, ruleset, table } from './nft-rules.ts';
import type { Openings } from './openings.ts';

const places = ['/usr/sbin/nft', '/sbin/nft'];
const item = `nftables table ${table}`;
const expected = 'drops what no rule lets in';
const remedy = 'Run the agent as root, on a kernel with nftables.';

/** Our table in the kernel, replaced whole. What was read back right after writing is what later readings must equal. */
export class OwnTable {
  readonly #commands: Commands;
  /** The rules in force with how nft shows them; nothing after a start. */
  #written: { rules: string; essence: string } | undefined;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  async evidence(openings: Openings): Promise<Line> {
    const held = await this.#read();
    const isOurs = this.#written?.rules === ruleset(openings) && this.#written.essence === held?.essence;
    return line(item, expected, isOurs ? expected : held ? 'other rules' : 'no such table');
  }

  /** Throws `CapabilityError` when nft is missing, refuses, or shows something else than it was given. */
  async bring(openings: Openings): Promise<void> {
    const rules = ruleset(openings);
    const result = await this.#nft(['-f', '-'], rules);
    if (!result)
      throw new CapabilityError('firewall-missing-nft', 'nft is not installed. Install the package nftables.');
    if (result.code !== 0) throw refused('firewall-refused', 'nft did not take the rules', words(result), remedy);
    const held = await this.#read();
    if (held?.hooks.join() !== 'input' || held.rules.input !== inputRules(openings).length)
      throw new CapabilityError('firewall-incomplete', `nft took the rules of ${table} but does not show them.`);
    this.#written = { rules, essence: held.essence };
  }

  async isThere(): Promise<boolean> {
    return (await this.#read()) !== undefined;
  }

  /** Where nft is missing or refuses to list, this process has loaded nothing and there is nothing to remove. */
  async release(): Promise<void> {
    const listed = await this.#nft(['-j', 'list', 'table', 'inet', table]);
    if (listed?.code !== 0 && !this.#written) return;
    this.#written = undefined;
    if (!(await this.isThere())) return;
    const result = await this.#nft(['-f', '-'], removal);
    if (result?.code === 0) return;
    const said = result ? words(result) : 'nft is gone';
    throw refused(
      'firewall-not-released',
      'The firewall rules could not be removed',
      said,
      `Run as root: nft delete table inet ${table}`,
    );
  }

  /** Undefined: no such table, or no nft. Throws when it cannot be told. */
  async #read(): Promise<HeldTable | undefined> {
    const listed = await this.#nft(['-j', 'list', 'table', 'inet', table]);
    if (listed?.code === 0) return readTable(listed.stdout, table);
    if (!listed || /No such file or directory/i.test(listed.stderr)) return undefined;
    throw refused('firewall-not-read', 'nft could not be asked', words(listed), remedy);
  }

  /** Undefined when nft is not installed. */
  async #nft(args: readonly string[], input?: string): Promise<CommandResult | undefined> {
    for (const place of places) {
      const result = await this.#commands.run(place, args, input === undefined ? {} : { input });
      if (result.failure !== 'missing') return result;
    }
    return undefined;
  }
}

function words({ failure, stderr }: CommandResult): string {
  return failure ?? stderr;
}
