import { writeFile } from 'node:fs/promises';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { OperatorClient } from './client.ts';
import type { Output } from './output.ts';

/** `rollcall export-evidence`: the evidence pack of an instant as a new file, which only its owner may read. */
export async function exportEvidence(
  client: OperatorClient,
  { at, out }: { at?: string | undefined; out: string },
  output: Output,
): Promise<void> {
  const { bytes } = await client.call('exportEvidencePack', { query: at === undefined ? {} : { at } });
  // An earlier pack is evidence: it is never written over.
  await writeFile(out, bytes, { flag: 'wx', mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'there is a file already' : error.message;
    throw new CodedError('bad-request', `${out} could not be written: ${why}. Choose another place.`, [], error);
  });
  output.result({ file: out, bytes: bytes.length }, `The evidence pack is in ${out}.`);
}
