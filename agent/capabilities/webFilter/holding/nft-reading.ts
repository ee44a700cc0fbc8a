import { items, member, parseJson } from '../../../health/json.ts';
import { table } from './nft-rules.ts';

/** What `nft -j list table` shows of our table. */
export interface HeldTable {
  /** Everything that decides about packets, without what changes by itself (handles, counters); for comparing. */
  essence: string;
  /** Packets refused since the table was made. */
  refused: number;
  /** Rules by chain, elements of sets by name: what a table just written must have. */
  rules: Record<string, number>;
  hooks: string[];
}

/** Reads libnftables-json(5). Undefined when the text shows no table of that name. */
export function readTable(stdout: string, name: string = table): HeldTable | undefined {
  const entries = items(member(parseJson(stdout), 'nftables'));
  if (!entries.some((entry) => member(entry, 'table', 'name') === name)) return undefined;
  const rules: Record<string, number> = {};
  for (const entry of entries) {
    const chain = member(entry, 'rule', 'chain');
    if (typeof chain === 'string') rules[chain] = (rules[chain] ?? 0) + 1;
  }
  const counters = entries.map((entry) => Number(member(entry, 'counter', 'packets') ?? 0));
  const hooks = entries.map((entry) => member(entry, 'chain', 'hook')).filter((hook) => typeof hook === 'string');
  return {
    essence: essenceOf(entries),
    refused: counters.reduce((sum, packets) => sum + packets, 0),
    rules,
    hooks: hooks.sort(),
  };
}

function essenceOf(entries: readonly unknown[]): string {
  const lasting = entries.filter(
    (entry) => member(entry, 'metainfo') === undefined && member(entry, 'counter') === undefined,
  );
  // Rules keep their order, which matters; of the rest nft may change it.
  const isRule = (entry: unknown) => member(entry, 'rule') !== undefined;
  const others = lasting.filter((entry) => !isRule(entry)).map(withoutHandle);
  return JSON.stringify([others.sort(), lasting.filter(isRule).map(withoutHandle)]);
}

function withoutHandle(entry: unknown): string {
  return JSON.stringify(entry, (key, value: unknown) => (key === 'handle' ? undefined : value));
}

/** In powers of ten: evidence that differed from pass to pass would be sent anew with each of them. */
export function refusedWords(packets: number): string {
  if (packets === 0) return 'nothing refused yet';
  return packets < 10 ? 'some packets refused' : `more than ${10 ** (String(packets).length - 1)} packets refused`;
}
