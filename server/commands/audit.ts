import { readFile, writeFile } from 'node:fs/promises';
import type { Query } from '../../shared/api/contract.ts';
import type { Routes } from '../../shared/api/routes.ts';
import { SignedHead } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import { validator } from '../../shared/schema.ts';
import type { OperatorClient } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import type { Output } from './output.ts';

const mostHeads = 500;
const schema = validator(SignedHead);

/** `rollcall audit verify`: every row against the one before, the server's heads, and those of a file kept elsewhere. */
export async function verifyAudit(
  client: OperatorClient,
  headFile: string | undefined,
  output: Output,
): Promise<number> {
  const heads = headFile === undefined ? [] : await headsOf(headFile);
  const found = await client.call('verifyAudit', { body: { heads } });
  const { isWhole, rows, erasedRows, heads: compared, milliseconds, problems, moreProblems } = found;
  const rate = milliseconds > 0 ? `, ${Math.round((rows * 1000) / milliseconds)} rows a second` : '';
  const what = `${rows} rows (${erasedRows} without their names) and ${compared} signed heads in ${(milliseconds / 1000).toFixed(1)} s${rate}`;
  const verdict = isWhole
    ? `The audit is whole up to row ${rows}.`
    : ['The audit was tampered with, or is damaged:', ...problems.map(({ words }) => `  ${words}`)].join('\n');
  const more = moreProblems > 0 ? `\n  … and ${moreProblems} more` : '';
  output.result(found, `${verdict}${more}\n${what}`);
  return isWhole ? exitCodes.done : exitCodes.failed;
}

/** `rollcall audit head`: one line to be kept where this server's administrators cannot reach it. */
export async function auditHead(client: OperatorClient, output: Output): Promise<void> {
  const { head } = await client.call('readAuditHead');
  output.result(head, JSON.stringify(head));
}

type Filter = Pick<Query<Routes['exportAudit']>, 'from' | 'to' | 'person'>;

/** `rollcall audit export`: a new file which only its owner may read; JSON lines unless it is named .csv. */
export async function exportAudit(
  client: OperatorClient,
  { out, ...filter }: Filter & { out: string },
  output: Output,
): Promise<void> {
  const format = out.endsWith('.csv') ? 'csv' : 'jsonl';
  const { bytes } = await client.call('exportAudit', { query: { format, ...filter } });
  await writeFile(out, bytes, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'there is a file already' : error.message;
    throw new CodedError('bad-request', `${out} could not be written: ${why}. Choose another place.`, [], error);
  });
  output.result({ file: out, bytes: bytes.length }, `The audit is in ${out}.`);
}

/** `rollcall person erase`: somebody who has left the roster. */
export async function erasePerson(
  client: OperatorClient,
  { sourcedId, reason, yes }: { sourcedId: string; reason: string; yes: boolean },
  output: Output,
): Promise<number> {
  const { items } = await client.call('listLeavers', { query: { search: sourcedId } });
  const person = items.find((one) => [one.sourcedId, one.username].includes(sourcedId));
  if (!person)
    throw new CodedError('not-found', `Nobody who has left the roster has the sourcedId or user name ${sourcedId}.`);
  if (!yes) {
    output.result(person, `This removes ${person.name} (${person.username}) for good. Repeat with --yes.`);
    return exitCodes.confirm;
  }
  const body = { reason, username: person.username };
  const erased = await client.call('erasePerson', { params: { id: person.id }, body });
  const records = erased.records.map(({ rows, what }) => `${rows} ${what}`).join(', ') || 'no other records';
  output.result(erased, `${person.name} was erased: ${erased.events} rows of the audit without names, ${records}.`);
  return exitCodes.done;
}

/** One signed head a line, as `rollcall audit head` prints them and webhooks bring them. */
async function headsOf(path: string): Promise<SignedHead[]> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new CodedError('bad-file', `--head ${path}: the file cannot be read.`, [], error);
  });
  const heads = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parse);
  const wrong = heads.indexOf(undefined);
  if (wrong >= 0) throw new CodedError('bad-file', `--head ${path}: line ${wrong + 1} is no signed head.`);
  return (heads as SignedHead[]).slice(-mostHeads);
}

function parse(line: string): SignedHead | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return schema.check(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
