// Fetches one artefact as an agent does, slowly, from a folder instead of a server; for tests that kill it on the way.
// node artifact-fetcher.ts CACHE SOURCE HASH
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ArtifactCache } from '../../agent/connection/artifact-cache.ts';

const [cache = '', source = '', hash = ''] = process.argv.slice(2);
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

const artifacts = new ArtifactCache(
  cache,
  async ({ held, begun, part }) => {
    const from = held.find((one) => existsSync(join(source, `${one}-${hash}`)));
    const bytes = readFileSync(join(source, from === undefined ? hash : `${from}-${hash}`));
    const path = part(from);
    const offset = begun && begun.from === from ? begun.offset : 0;
    if (offset === 0) writeFileSync(path, '');
    else truncateSync(path, offset);
    for (let at = offset; at < bytes.length; at += 2_000) {
      appendFileSync(path, bytes.subarray(at, at + 2_000));
      await wait(1);
    }
    return from;
  },
  quiet,
);

process.stdout.write('begun\n');
const bytes = await artifacts.get(hash);
process.stdout.write(bytes ? 'fetched\n' : 'not had\n');
