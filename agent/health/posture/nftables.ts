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
}

const depthLimit = 16;

/**
 * Reads `nft -j list ruleset` (libnftables-json(5)). A family counts as filtered when a base chain at the input hook ends,
 * for a packet that matched nothing, in drop or reject: by policy, by a last unconditional rule, or in a chain it jumps to.
 * Undefined when the text is no ruleset. Dormant tables do not count.
 */
export function parseRuleset(stdout: string): InputFate | undefined {
  const entries = member(parseJson(stdout), 'nftables');
  if (!Array.isArray(entries)) return undefined;
  const chains = collect(entries);
  const filtered = (families: Family[]) =>
    [...chains.values()]
      .filter((chain) => chain.hook === 'input' && families.some((family) => family === chain.family))
      .some((chain) => endsInDrop(chain, chains));
  return { ip: filtered(['ip', 'inet']), ip6: filtered(['ip6', 'inet']) };
}

function collect(entries: unknown[]): Map<string, Chain> {
  const dormant = new Set(
    entries
      .map((entry) => member(entry, 'table'))
      .filter(isDormant)
      .map(tableKey),
  );
  const chains = new Map<string, Chain>();
  for (const entry of entries) {
    const chain = member(entry, 'chain');
    if (chain === undefined || dormant.has(tableKey(chain))) continue;
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

/** nft 1.0.6 prints the flag as "d", later ones as "dormant" or a list. */
function isDormant(table: unknown): boolean {
  const flags = member(table, 'flags');
  return [flags, ...items(flags)].some((flag) => flag === 'd' || flag === 'dormant');
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
