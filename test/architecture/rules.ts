import { captures } from './capture-rules.ts';

/** The rules of docs/architecture.md as code: each takes a file and says in words what is broken. */

type Resolve = (specifier: string) => string;

interface Rule {
  /** Which files it binds. */
  binds: (file: string) => boolean;
  imports?: (specifier: string, file: string) => string | undefined;
  source?: (source: string, file: string) => string | undefined;
}

const inFolder =
  (...folders: string[]) =>
  (file: string) =>
    folders.some((folder) => file.startsWith(`${folder}/`));
const product = inFolder('agent', 'server', 'shared');
const isConsole = inFolder('server/console');

/** A package or file that has one owner: nobody else may import it. */
function owned(pattern: RegExp, owners: (file: string) => boolean, words: string): Rule {
  return {
    binds: (file) => product(file) && !owners(file),
    imports: (specifier) => (pattern.test(specifier) ? `${specifier} belongs to ${words}` : undefined),
  };
}

function sourceOwned(pattern: RegExp, owners: (file: string) => boolean, words: string, binds = product): Rule {
  return {
    binds: (file) => binds(file) && !owners(file),
    source: (source) => (pattern.test(source) ? words : undefined),
  };
}

const rules: Rule[] = [
  {
    binds: inFolder('agent'),
    imports: (path) => (path.startsWith('server/') ? 'the agent never imports the server' : undefined),
  },
  {
    binds: inFolder('server'),
    imports: (path) => (path.startsWith('agent/') ? 'the server never imports the agent' : undefined),
  },
  {
    binds: inFolder('shared'),
    imports: (path) => {
      if (path.startsWith('server/') || path.startsWith('agent/'))
        return `shared never imports agent or server (${path})`;
      return path.startsWith('node:') ? `shared is pure: no I/O (${path})` : undefined;
    },
  },
  { binds: product, imports: (path) => (path.startsWith('test/') ? 'Nothing imports test' : undefined) },
  owned(
    /^(node:)?child_process$/,
    (file) => ['agent/platform/commands.ts', 'server/gateway/front/front-child.ts'].includes(file),
    'agent/platform/commands.ts, and to server/gateway/front/front-child.ts for front processes',
  ),
  owned(/^(better-sqlite3|pg)$/, inFolder('server/store'), 'server/store'),
  owned(/^kysely$/, inFolder('server/store'), 'server/store'),
  owned(/^node:sqlite$/, inFolder('agent/store'), 'agent/store'),
  owned(
    /^(ws|@fastify\/websocket)$/,
    (file) =>
      ['agent/connection/session.ts', 'server/api/live.ts', 'server/api/live-tab.ts'].includes(file) ||
      file.startsWith('server/gateway/'),
    'the session files and the gateway',
  ),
  sourceOwned(
    /\bprocess\.env\b/,
    (file) => ['agent/config.ts', 'server/config.ts'].includes(file),
    'the environment is read in config.ts only',
  ),
  sourceOwned(
    /\bDate\.now\(|new Date\(\)|performance\.now\(|\bhrtime\b/,
    (file) => ['agent/platform/clock.ts', 'server/clock.ts'].includes(file) || isConsole(file),
    'the clock is passed in (shared/clock.ts)',
  ),
  sourceOwned(
    /\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/,
    (file) => ['agent/platform/clock.ts', 'server/clock.ts'].includes(file) || isConsole(file),
    'randomness is passed in (shared/clock.ts)',
  ),
  sourceOwned(
    /\bJSON\.parse\(/,
    () => false,
    'frames are parsed by shared/protocol/codec.ts only',
    (file) =>
      ['agent/connection/session.ts', 'agent/connection/dispatch.ts'].includes(file) ||
      file.startsWith('server/gateway/'),
  ),
  {
    binds: (file) => product(file),
    source: (_, file) =>
      /(^|\/)(helpers?|utils?|manager|common|misc)(\/|\.|-)/i.test(file)
        ? 'a file is named for what it does'
        : undefined,
  },
];

const importPattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)['"]([^'"]+)['"]/g;

/** Every broken rule of one file, as `file: words`. `resolve` turns a relative import into a path from the top. */
export function violations(file: string, source: string, resolve: Resolve): string[] {
  const imported = [...source.matchAll(importPattern)].map((match) => resolve(match[1] ?? ''));
  const broken = rules
    .filter((rule) => rule.binds(file))
    .flatMap((rule) => [...imported.map((specifier) => rule.imports?.(specifier, file)), rule.source?.(source, file)])
    .filter((words) => words !== undefined)
    .map((words) => `${file}: ${words}`);
  return [...broken, ...captures(file, source, imported)];
}
