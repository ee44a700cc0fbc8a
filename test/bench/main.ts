// `npm run bench -- NAME [--size N …]`: prints figures of this machine. Without a name: what there is.
import { parseArgs } from 'node:util';
import { agent } from './agent.ts';
import { audit } from './audit.ts';
import type { Bench } from './bench.ts';
import { compliance } from './compliance.ts';
import { connections } from './connections.ts';
import { consolePages } from './console.ts';
import { dns } from './dns.ts';
import { examine } from './examine.ts';
import { ingest } from './ingest.ts';
import { lists } from './lists.ts';
import { live } from './live.ts';
import { policy } from './policy.ts';
import { preview } from './preview.ts';
import { push } from './push.ts';
import { Report } from './report.ts';
import { rollouts } from './rollouts.ts';
import { Scope } from './scope.ts';

const benches: Record<string, Bench> = {
  agent,
  examine,
  audit,
  compliance,
  policy,
  preview,
  rollouts,
  dns,
  lists,
  live,
  ingest,
  push,
  connections,
  console: consolePages,
};

function listed(): string {
  const lines = Object.entries(benches).flatMap(([name, { summary, sizes }]) => [
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
  const chosen = name !== undefined && Object.hasOwn(benches, name) ? benches[name] : undefined;
  if (!chosen || name === undefined) {
    console.log(listed());
    return name === undefined ? 0 : 2;
  }
  const scope = new Scope();
  process.once('SIGINT', () => void scope.close().then(() => process.exit(130)));
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
