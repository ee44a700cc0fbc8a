import { isNode, LineCounter, parseAllDocuments } from 'yaml';
import type { PolicyKind } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { type Validator, validator } from '../../shared/schema.ts';
import { documentSchemas } from './documents.ts';

const validators = Object.fromEntries(
  Object.entries(documentSchemas).map(([kind, schema]) => [kind, validator(schema)]),
) as Record<PolicyKind, Validator<unknown>>;

/** The one document of a file; `bad-file` names the file and the line of what is wrong in it. */
export function documentIn(file: string, text: string, kind: PolicyKind): unknown {
  const lines = new LineCounter();
  const [yaml, second] = [...parseAllDocuments(text, { lineCounter: lines })];
  if (!yaml) throw new CodedError('bad-file', `${file} is empty.`);
  if (second) throw refused(file, lines, second.range[0], 'a second document begins here; write one in each file');
  const [error] = yaml.errors;
  if (error) throw refused(file, lines, error.pos[0], error.message.split('\n')[0] ?? 'is no YAML');
  const value = plain(file, () => yaml.toJS({ maxAliasCount: 20 }) as unknown);
  const problems = validators[kind].problems(value);
  if (problems.length === 0) return value;
  const [problem = ''] = mostTelling(problems);
  const [path = '', ...words] = problem.split(' ');
  throw refused(file, lines, offsetOf(yaml, path), `${path} ${words.join(' ')}`);
}

/** Few aliases are allowed, so that a small file cannot become a huge value. */
function plain(file: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    throw new CodedError('bad-file', `${file}: ${(error as Error).message}`, [], error);
  }
}

/** The one that lies deepest: of a choice between forms, every form complains. */
function mostTelling(problems: readonly string[]): string[] {
  const depth = (problem: string) => (problem.split(' ')[0] ?? '').split('/').length;
  return problems.toSorted((a, b) => depth(b) - depth(a));
}

/** Where the value of a JSON pointer begins, or the nearest there is above it. */
function offsetOf(
  yaml: { getIn(path: string[], keep: true): unknown; range: readonly number[] },
  path: string,
): number {
  const steps = path.split('/').slice(1).map(unescaped);
  for (let length = steps.length; length >= 0; length--) {
    const node = yaml.getIn(steps.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return yaml.range[0] ?? 0;
}

const unescaped = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');

function refused(file: string, lines: LineCounter, offset: number, words: string): CodedError {
  const { line } = lines.linePos(offset);
  return new CodedError('bad-file', `${file}, line ${Math.max(1, line)}: ${words.replace(/\.$/, '')}.`);
}
