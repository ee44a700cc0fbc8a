// `npm run bench -- NAME [--size N …]`: prints figures of this machine. Without a name: what there is.
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { Report } from './report.ts';
import { Scope } from './scope.ts';

/** Loaded when it is run, so that none pays for the others. */
const benches: Record<string, () => Promise<Bench>> = {
  agent: async () => (await import('./agent.ts')).agent,
  examine: async () => (await import('./examine.ts')).examine,
  audit: async () => (await import('./audit.ts')).audit,
  compliance: async () => (await import('./compliance.ts')).compliance,
  policy: async () => (await import('./policy.ts')).policy,
  preview: async () => (await import('./preview.ts')).preview,
  rollouts: async () => (await import('./rollouts.ts')).rollouts,
  dns: async () => (await import('./dns.ts')).dns,
  lists: async () => (await import('./lists.ts')).lists,
  live: async () => (await import('./live.ts')).live,
  ingest: async () => (await import('./ingest.ts')).ingest,
  push: async () => (await import('./push.ts')).push,
  returning: async () => (await import('./returning.ts')).returning,
  connections: async () => (await import('./connections.ts')).connections,
  monday: async () => (await import('./monday.ts')).monday,
  steady: async () => (await import('./steady.ts')).steady,
  console: async () => (await import('./console.ts')).consolePages,
};

/** Of a bench that was told to end, as shells have them. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

async function listed(): Promise<string> {
  const all = await Promise.all(Object.entries(benches).map(async ([name, load]) => [name, await load()] as const));
  const lines = all.flatMap(([name, { summary, sizes }]) => [
    `  ${name.padEnd(13)} ${summary}`,
    ...Object.entries(sizes).map(
      ([size, { default: usual, words }]) => `${' '.repeat(16)}--${size} N  ${words} (${usual})`,
    ),
  ]);
  return `npm run bench -- NAME [--size N …]\n\n${lines.join('\n')}`;
}

/** Throws words for a person when a flag is unknown or no whole number. */
function sizesFrom(args: string[], { sizes }: Bench): Record<string, number> {
  const names = Object.keys(sizes);
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args, options });
  return Object.fromEntries(
    names.map((name) => {
      const written = values[name] ?? String(sizes[name]?.default);
      if (!/^\d{1,9}$/.test(written)) throw new Error(`--${name} takes a whole number, not ${written}.`);
      return [name, Number(written)];
    }),
  );
}

async function main([name, ...args]: string[]): Promise<number> {
  const load = name !== undefined && Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!load || name === undefined) {
    console.log(await listed());
    return name === undefined ? 0 : 2;
  }
  const chosen = await load();
  const scope = new Scope();
  for (const [signal, code] of Object.entries(exitCodes))
    process.once(signal, () => void scope.close().finally(() => process.exit(code)));
  try {
    const sizes = sizesFrom(args, chosen);
    const report = new Report((line) => console.log(line));
    report.head(name, sizes);
    await chosen.run(sizes, report, scope);
    return 0;
  } catch (error) {
    console.error(`bench ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await scope.close();
  }
}

process.exitCode = await main(process.argv.slice(2));
