import { readFileSync } from 'node:fs';
import type Type from 'typebox';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ListDocument, ProfileDocument } from '../../../server/commands/apply.ts';
import { ConfigFile } from '../../../server/config.ts';
import { validator } from '../../../shared/schema.ts';

const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
const documents: Record<string, Type.TSchema> = { profile: ProfileDocument, list: ListDocument };

/** The YAML of the page that comes first after these words. */
function exampleAfter(words: string): unknown[] {
  const [, example] = /```yaml\n([\s\S]*?)```/.exec(page.slice(page.indexOf(words))) ?? [];
  if (!page.includes(words) || example === undefined)
    throw new Error(`docs/operations.md has no example after: ${words}`);
  return [...parseAllDocuments(example)].map((document) => document.toJS() as unknown);
}

const config = exampleAfter('`config.yaml`, all keys optional');
const policy = exampleAfter('Policy as files') as { kind: string }[];

describe('docs/operations.md', () => {
  it('shows a config.yaml that the server takes', () => {
    expect(config).toHaveLength(1);
    expect(validator(ConfigFile).problems(config[0])).toEqual([]);
  });

  it('shows every key of config.yaml', () => {
    expect(Object.keys(config[0] as object).toSorted()).toEqual(Object.keys(ConfigFile.properties).toSorted());
  });

  it('shows policy documents of each kind that rollcall apply takes', () => {
    expect(policy.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(documents).toSorted());
    for (const document of policy)
      expect(validator(documents[document.kind] ?? ProfileDocument).problems(document)).toEqual([]);
  });
});
