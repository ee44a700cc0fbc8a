import type { SettingChange } from '../../shared/policy/diff.ts';

/** Lists of more entries are shown by what is added and removed alone. */
const longList = 200;
const namedInWords = 3;

/** A change in one clause: `YouTube restriction: moderate → strict`, `Blocked domains: adds a.example`. */
export function changeWords({ setting, title, before, after }: SettingChange): string {
  if (setting === 'managed') return `${title}${after ? ' from now on' : ' no longer'}`;
  const lists = asLists(before, after);
  if (!lists) return `${title}: ${valueWords(before)} → ${valueWords(after)}`.slice(0, 600);
  const { added, removed } = listDifference(...lists);
  const parts = [...entryWords('adds', added), ...entryWords('removes', removed)];
  return `${title}: ${parts.join('; ') || 'another order'}`.slice(0, 600);
}

/** As it is shown: of two long lists only what differs, for the whole of them would be sent for every device. */
export function abridged(change: SettingChange): SettingChange {
  const lists = asLists(change.before, change.after);
  if (!lists || Math.max(...lists.map(({ length }) => length)) <= longList) return change;
  const { added, removed } = listDifference(...lists);
  const same = lists[0].length - removed.length;
  const shown = (entries: readonly unknown[]) => [
    ...entries.slice(0, longList),
    ...(entries.length > longList ? [`… and ${entries.length - longList} more`] : []),
    ...(same > 0 ? [`… and ${same} that stay`] : []),
  ];
  return { ...change, before: shown(removed), after: shown(added) };
}

function listDifference(before: List, after: List) {
  const [old, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return {
    added: after.filter((entry) => !old.has(keyOf(entry))),
    removed: before.filter((entry) => !now.has(keyOf(entry))),
  };
}

/** What is not set is a list of nothing, where the other is a list. */
function asLists(before: unknown, after: unknown): [List, List] | undefined {
  const [old, now] = [before ?? [], after ?? []];
  if (before === null && after === null) return undefined;
  return isList(old) && isList(now) ? [old, now] : undefined;
}

type List = readonly unknown[];
const isList = (value: unknown): value is List => Array.isArray(value);
const keyOf = (entry: unknown) => (typeof entry === 'string' ? entry : JSON.stringify(entry));

function entryWords(verb: string, entries: List): string[] {
  if (entries.length === 0) return [];
  const named = entries.slice(0, namedInWords).map(valueWords).join(', ');
  const rest = entries.length - namedInWords;
  return [`${verb} ${named}${rest > 0 ? ` and ${rest} more` : ''}`];
}

function valueWords(value: unknown): string {
  if (value === null || value === undefined) return 'not set';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'string' || typeof value === 'number') return String(value).slice(0, 100);
  if (isList(value)) return value.length === 0 ? 'none' : entryWords('', value).join('').trim();
  const named = value as { title?: unknown; name?: unknown };
  const name = named.title ?? named.name;
  return typeof name === 'string' ? `“${name.slice(0, 100)}”` : JSON.stringify(value).slice(0, 100);
}
