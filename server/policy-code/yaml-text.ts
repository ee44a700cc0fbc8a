import { Document, isMap, isScalar, type Node, type Pair, visit } from 'yaml';
import { compare } from '../../shared/policy/canonical.ts';
import { documentWords } from './documents.ts';
import { schemaFile } from './json-schemas.ts';
import type { PolicyObject } from './objects.ts';

/** Keys people read first; all others follow in the order of their letters. */
const first = [
  'name',
  'category',
  'unit',
  'title',
  'description',
  'kind',
  'locked',
  'to',
  'assignments',
  'check',
  'date',
];

/**
 * A document as text: the same document always gives the same bytes. `names` of units and classes are written beside
 * their sourcedIds; people stay sourcedIds, for the folder may lie where their names should not.
 */
export function yamlOf({ kind, document }: PolicyObject, path: string, names: ReadonlyMap<string, string>): string {
  const yaml = new Document(inOrder(document), { aliasDuplicateObjects: false });
  nameUnits(yaml, names);
  const up = path.includes('/') ? '../' : '';
  const head = `# yaml-language-server: $schema=${up}schemas/${schemaFile(kind)}\n# ${documentWords[kind]}.\n`;
  return head + yaml.toString({ lineWidth: 120, indentSeq: true });
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const place = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => place(a) - place(b) || compare(a, b))
      .map(([key, item]) => [key, inOrder(item)]),
  );
}

const named = new Set(['org', 'class', 'unit']);

function nameUnits(yaml: Document, names: ReadonlyMap<string, string>): void {
  visit(yaml, {
    Map: (_, map) => {
      for (const pair of map.items as Pair<Node, Node>[]) {
        if (!isScalar(pair.key) || !named.has(String(pair.key.value)) || !isScalar(pair.value)) continue;
        const name = names.get(String(pair.value.value));
        if (name !== undefined) pair.value.comment = ` ${name.replaceAll(/\s+/g, ' ')}`;
      }
    },
  });
  if (isMap(yaml.contents)) yaml.contents.flow = false;
}
