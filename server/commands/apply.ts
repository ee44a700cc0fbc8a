import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Type from 'typebox';
import { type Document, parseAllDocuments } from 'yaml';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { AssignmentInput } from '../../shared/policy/selector.ts';
import { ProfileSettings } from '../../shared/profile/registry.ts';
import { CategoryId } from '../../shared/profile/web-filter.ts';
import { strictObject, text, validator } from '../../shared/schema.ts';
import type { OperatorClient } from './client.ts';
import { listInWords } from './import-list.ts';
import type { Output } from './output.ts';

/** `kind: profile` in a file of `rollcall apply`. The example of docs/operations.md is tested. */
export const ProfileDocument = strictObject({
  kind: Type.Literal('profile'),
  name: text(120, { minLength: 1 }),
  description: Type.Optional(text(1000)),
  settings: ProfileSettings,
  assignments: Type.Optional(Type.Array(AssignmentInput, { maxItems: 200 })),
});
/** `kind: list` in a file of `rollcall apply`. */
export const ListDocument = strictObject({
  kind: Type.Literal('list'),
  category: CategoryId,
  title: Type.Optional(text(100)),
  source: Type.Optional(text(500)),
  licence: Type.Optional(text(200)),
  /** Beside the document; hosts, plain, wildcard or Adblock DNS. */
  file: Type.Optional(text(300)),
  names: Type.Optional(Type.Array(text(254), { minItems: 1, maxItems: 100_000 })),
});

const profiles = validator(ProfileDocument);
const lists = validator(ListDocument);

type Applied = { kind: string; name: string; result: string };
type Work = { order: number; run: (client: OperatorClient) => Promise<Applied> };

/** `rollcall apply -f FILE_OR_DIR`: everything is read and checked before anything is sent; lists go before profiles. */
export async function apply(client: OperatorClient, path: string, output: Output): Promise<void> {
  const work = filesOf(path)
    .flatMap(documentsOf)
    .map(({ file, place, value }) => workOf(file, place, value))
    .sort((a, b) => a.order - b.order);
  if (work.length === 0) throw new CodedError('bad-file', `${path} holds no documents.`);
  const applied: Applied[] = [];
  for (const item of work) applied.push(await item.run(client));
  output.result(applied, applied.map(({ kind, name, result }) => `${kind} ${name}: ${result}`).join('\n'));
}

function filesOf(path: string): string[] {
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status) throw new CodedError('bad-file', `${path} does not exist.`);
  if (!status.isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function documentsOf(file: string): { file: string; place: string; value: unknown }[] {
  const documents = parseAllDocuments(readFileSync(file, 'utf8'));
  return [...documents].map((document, index) => {
    const place = `${file}, document ${index + 1}`;
    const [error] = document.errors;
    if (error) throw new CodedError('bad-file', `${place}: ${error.message.split('\n')[0]}`);
    return { file, place, value: plain(document, place) };
  });
}

/** Few aliases are allowed, so that a small file cannot become a huge value. */
function plain(document: Document.Parsed, place: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 });
  } catch (error) {
    throw new CodedError('bad-file', `${place}: ${(error as Error).message}`, [], error);
  }
}

function workOf(file: string, place: string, value: unknown): Work {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (kind === 'profile') return profileWork(place, value);
  if (kind === 'list') return listWork(file, place, value);
  throw new CodedError('bad-file', `${place}: kind must be profile or list.`);
}

function profileWork(place: string, value: unknown): Work {
  if (!profiles.check(value))
    throw new CodedError('bad-profile', `${place} is not a valid profile.`, profiles.problems(value));
  const { name, description = '', settings, assignments = [] } = value;
  return {
    order: 1,
    run: async (client) => {
      const { result } = await client.call('applyProfile', {
        body: { name, description, content: { settings, assignments } },
      });
      return { kind: 'profile', name, result };
    },
  };
}

function listWork(file: string, place: string, value: unknown): Work {
  if (!lists.check(value)) throw new CodedError('bad-list', `${place} is not a valid list.`, lists.problems(value));
  const { category, title, source, licence, names } = value;
  if ((value.file === undefined) === (names === undefined))
    throw new CodedError('bad-list', `${place}: give either file or names.`);
  const bytes = names ? Buffer.from(names.join('\n')) : readFileSync(join(dirname(file), value.file ?? ''));
  const query = { ...(title ? { title } : {}), ...(source ? { source } : {}), ...(licence ? { licence } : {}) };
  return {
    order: 0,
    run: async (client) => {
      const made = await client.call('importList', {
        params: { category },
        query,
        upload: { bytes, type: 'text/plain' },
      });
      return { kind: 'list', name: category, result: listInWords(made.list) };
    },
  };
}
