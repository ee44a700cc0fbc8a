import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { violations } from './rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['agent', 'server', 'shared', 'installers', 'test'];

function sourceFiles(): string[] {
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(ts|tsx|js)$/.test(entry.name))
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    )
    .filter((path) => !path.includes('console/dist/') && !path.includes('node_modules/'));
}

/** A relative import as a path from the top of the repository; packages stay as they are. */
const resolveFrom = (file: string) => (specifier: string) =>
  specifier.startsWith('.') ? relative(root, resolve(dirname(join(root, file)), specifier)) : specifier;

describe('the house rules', () => {
  it('hold in every source file', () => {
    const found = sourceFiles().flatMap((file) =>
      violations(file, readFileSync(join(root, file), 'utf8'), resolveFrom(file)),
    );
    expect(found).toEqual([]);
  });

  const broken: [string, string, string, RegExp][] = [
    ['the agent importing the server', 'agent/main.ts', "import { x } from '../server/bus.ts';", /agent .* server/],
    ['the server importing the agent', 'server/main.ts', "import { x } from '../agent/main.ts';", /server .* agent/],
    ['shared code importing the agent', 'shared/schema.ts', "import { x } from '../agent/main.ts';", /shared .* agent/],
    ['shared code reading files', 'shared/filter/list.ts', "import { readFile } from 'node:fs/promises';", /no I\/O/],
    [
      'product code importing tests',
      'server/main.ts',
      "import { x } from '../test/fakes/clock.ts';",
      /Nothing imports test/,
    ],
    [
      'a second door to processes',
      'agent/health/disks.ts',
      "import { spawn } from 'node:child_process';",
      /commands\.ts/,
    ],
    [
      'the server starting a program elsewhere',
      'server/gateway/agents-port.ts',
      "import { spawn } from 'node:child_process';",
      /front-child\.ts/,
    ],
    ['the database outside the store', 'server/api/people.ts', "import Sqlite from 'better-sqlite3';", /server\/store/],
    ['WebSockets outside the session', 'agent/health/disks.ts', "import { WebSocket } from 'ws';", /session/],
    ['reading the environment elsewhere', 'server/main.ts', 'const home = process.env.HOME;', /config\.ts/],
    ['reading the clock in the centre', 'shared/policy/resolve.ts', 'const now = Date.now();', /clock/],
    ['reading the clock in the agent', 'agent/reconcile/loop.ts', 'const now = new Date();', /clock/],
    ['randomness in the centre', 'agent/connection/backoff.ts', 'const x = Math.random();', /randomness/],
    ['parsing frames elsewhere', 'agent/connection/session.ts', 'const m = JSON.parse(frame);', /codec/],
    ['a vague file name', 'server/people/helpers.ts', '', /named/],
  ];
  for (const [name, file, source, expected] of broken) {
    it(`refuse ${name}`, () => {
      expect(violations(file, source, resolveFrom(file)).join('\n')).toMatch(expected);
    });
  }
});
