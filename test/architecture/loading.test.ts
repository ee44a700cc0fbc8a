import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadedBy, type Sources, strangersAtTheFront } from './loading.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const front = 'server/gateway/front/front-process.ts';

/** The repository with one line more in one of its files. */
function sources(added: Record<string, string> = {}): Sources {
  return {
    resolve: (file, specifier) =>
      specifier.startsWith('.') ? relative(root, resolve(dirname(join(root, file)), specifier)) : specifier,
    read: (file) => `${added[file] ?? ''}\n${readFileSync(join(root, file), 'utf8')}`,
  };
}

describe('a front process', () => {
  it('loads what a connection takes, and neither store nor services nor schemas', () => {
    const loaded = loadedBy(front, sources());
    expect([...loaded]).toEqual(
      expect.arrayContaining(['ws', 'server/gateway/agents-listener.ts', 'server/gateway/connection.ts']),
    );
    expect(strangersAtTheFront(loaded)).toEqual([]);
  });

  it.each([
    ['the store', front, "import { openStores } from '../../store/stores.ts';", /the store/],
    ['the store through its door', 'server/gateway/door/visits.ts', "import { x } from 'kysely';", /the store/],
    ['services', 'server/gateway/connections.ts', "import { x } from '../create-services.ts';", /a service/],
    ['the codec', front, "import {\n  decode,\n} from '../../../shared/protocol/codec.ts';", /schemas/],
    ['schemas handed on', 'server/gateway/tls.ts', "export * from '../../shared/protocol/messages.ts';", /schemas/],
  ])('may not load %s', (_what, file, line, words) => {
    expect(strangersAtTheFront(loadedBy(front, sources({ [file]: line }))).join('\n')).toMatch(words);
  });

  it('may name types of the store, and what it loads when it is asked to', () => {
    const lines = "import type { Store } from '../../store/stores.ts';\nconst later = () => import('kysely');";
    expect(strangersAtTheFront(loadedBy(front, sources({ [front]: lines })))).toEqual([]);
  });
});
