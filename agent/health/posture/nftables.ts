import { items, member, parseJson } from '../json.ts';

type Family = 'ip' | 'ip6' | 'inet';
type Fate = 'dropped' | 'accepted' | 'undecided';

interface Chain {
  family: string;
  table: string;
  name: string;
  hook: unknown;
  policy: unknown;
  rules: unknown[][];
}

/** What the ruleset does with an incoming packet that no rule names: stopped or not, for each address family. */
export interface InputFate {
  ip: boolean;
  ip6: boolean;
  /** A table has flags that this nft does not name; such tables were not counted. */
  unclear: boolean;
}

const depthLimit = 16;

/**
 * Reads `nft -j list ruleset` (libnftables-json(5)). A family counts as filtered when a base chain at the input hook ends,
 * for a packet that matched nothing, in drop or reject: by policy, by a last unconditional rule, or in a chain it jumps to.
 * Undefined when the text is no ruleset. Dormant tables do not count; nft 1.0.6 prints a table's name in place of its flags,
 * so for such tables `listing`, what `nft list ruleset` prints, decides.
 */
export function parseRuleset(stdout: string, listing?: string): InputFate | undefined {
  const entries = member(parseJson(stdout), 'nftables');
  if (!Array.isArray(entries)) return undefined;
  const tables = entries.map((entry) => member(entry, 'table')).filter((table) => member(table, 'flags') !== undefined);
  const unnamed = tables.filter((table) => !flagsOf(table).every((flag) => knownFlags.includes(flag)));
  const dormant = tables.filter((table) =>
    listing !== undefined && unnamed.includes(table)
      ? listedDormant(listing, table)
      : flagsOf(table).includes('dormant'),
  );
  const asleep = listing === undefined ? [...dormant, ...unnamed] : dormant;
  const chains = collect(entries, new Set(asleep.map(tableKey)));
  const filtered = (families: Family[]) =>
    [...chains.values()]
      .filter((chain) => chain.hook === 'input' && families.some((family) => family === chain.family))
      .some((chain) => endsInDrop(chain, chains));
  const unclear = listing === undefined && unnamed.length > 0;
  return { ip: filtered(['ip', 'inet']), ip6: filtered(['ip6', 'inet']), unclear };
}

const knownFlags = ['dormant', 'owner', 'persist'];

function flagsOf(table: unknown): string[] {
  const flags = member(table, 'flags');
  return (Array.isArray(flags) ? flags : [flags]).map(String);
}

/** In the listing the flags follow the table's opening line. */
function listedDormant(listing: string, table: unknown): boolean {
  const lines = listing.split('\n').map((line) => line.trim());
  const opening = `table ${word(table, 'family')} ${word(table, 'name')} {`;
  const at = lines.findIndex((line) => line.startsWith(opening));
  return at < 0 || /^flags\b.*\bdormant\b/.test(lines[at + 1] ?? '');
}

function collect(entries: unknown[], asleep: Set<string>): Map<string, Chain> {
  const chains = new Map<string, Chain>();
  for (const entry of entries) {
    const chain = member(entry, 'chain');
    if (chain === undefined || asleep.has(tableKey(chain))) continue;
    const [family, table, name] = [word(chain, 'family'), word(chain, 'table'), word(chain, 'name')];
    const [hook, policy] = [member(chain, 'hook'), member(chain, 'policy')];
    chains.set(key(family, table, name), { family, table, name, hook, policy, rules: [] });
  }
  for (const entry of entries) {
    const rule = member(entry, 'rule');
    const owner = chains.get(key(word(rule, 'family'), word(rule, 'table'), word(rule, 'chain')));
    owner?.rules.push(items(member(rule, 'expr')));
  }
  return chains;
}

function endsInDrop(base: Chain, chains: Map<string, Chain>): boolean {
  const fate = follow(base, chains, 0);
  return fate === 'dropped' || (fate === 'undecided' && (base.policy === 'drop' || base.policy === 'reject'));
}

/** What becomes of a packet that matches no condition. */
function follow(chain: Chain, chains: Map<string, Chain>, depth: number): Fate {
  if (depth > depthLimit) return 'undecided';
  for (const rule of chain.rules) {
    const verdict = unconditional(rule);
    if (verdict === undefined) continue;
    if ('drop' in verdict || 'reject' in verdict) return 'dropped';
    if ('accept' in verdict) return 'accepted';
    if ('return' in verdict) return 'undecided';
    const target = word(verdict, 'jump', 'target') || word(verdict, 'goto', 'target');
    const next = chains.get(key(chain.family, chain.table, target));
    const fate = next ? follow(next, chains, depth + 1) : 'undecided';
    if (fate !== 'undecided' || 'goto' in verdict) return fate;
  }
  return 'undecided';
}

const verdicts = ['drop', 'reject', 'accept', 'return', 'jump', 'goto'];
const harmless = ['counter', 'log', 'meta', 'comment'];

/** The verdict of a rule that asks nothing of the packet; undefined when it has a condition or no verdict. */
function unconditional(rule: unknown[]): object | undefined {
  for (const statement of rule) {
    if (typeof statement !== 'object' || statement === null) return undefined;
    const [name = ''] = Object.keys(statement);
    if (verdicts.includes(name)) return statement;
    const target = name === 'xt' ? targetOf(statement) : undefined;
    if (target === 'REJECT' || target === 'DROP') return { reject: null };
    if (!harmless.includes(name) && target !== 'LOG') return undefined;
  }
  return undefined;
}

/** Rules written by iptables-nft carry some targets in the old form. */
function targetOf(statement: object): unknown {
  return member(statement, 'xt', 'type') === 'target' ? member(statement, 'xt', 'name') : undefined;
}

const key = (family: string, table: string, name: string) => `${family}\0${table}\0${name}`;
const tableKey = (owner: unknown) => key(word(owner, 'family'), word(owner, 'table') || word(owner, 'name'), '');

function word(value: unknown, ...path: string[]): string {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : '';
}
