import { readFileSync } from 'node:fs';
import type { ListView } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { OperatorClient } from './client.ts';
import { exitCodes } from './exit-codes.ts';
import { problemInWords } from './import.ts';
import type { Output } from './output.ts';

export interface ListFlags {
  title: string | undefined;
  licence: string | undefined;
}

const shownProblems = 50;
const refreshHours = 24;

/** `rollcall import list CATEGORY FILE_OR_URL`: uploads a file, or has the server fetch an address every day. */
export async function importList(
  client: OperatorClient,
  category: string,
  from: string,
  { title, licence }: ListFlags,
  output: Output,
): Promise<number> {
  const params = { category };
  const named = title === undefined ? {} : { title };
  const result = /^https?:/i.test(from)
    ? await client.call('subscribeList', {
        params,
        body: { url: from, licence: demandLicence(licence), refreshHours, ...named },
      })
    : await client.call('importList', {
        params,
        query: { ...named, ...(licence === undefined ? {} : { licence }) },
        upload: { bytes: read(from), type: 'text/plain' },
      });
  const more = result.problems.length - shownProblems;
  const lines = [
    ...result.problems.slice(0, shownProblems).map(problemInWords),
    ...(more > 0 ? [`… and ${more} more problems (all of them with --json)`] : []),
    `${result.list.title}: ${listInWords(result.list)}.`,
  ];
  output.result(result, lines.join('\n'));
  return exitCodes.done;
}

/** What devices are given of a list just taken in. */
export function listInWords({ names, skipped, rollout }: ListView): string {
  if (!rollout) return `${names} names, ${skipped} rows left out`;
  return `a new version with ${rollout.names} names is on its way, to ${rollout.percent} % of the devices first`;
}

function demandLicence(licence: string | undefined): string {
  if (licence) return licence;
  throw new CodedError('bad-list', 'Say under which licence the list may be used: --licence "CC BY-SA 4.0".');
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new CodedError('bad-file', `${path} cannot be read: ${(error as Error).message}`, [], error);
  }
}
