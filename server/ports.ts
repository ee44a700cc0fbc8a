import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Type from 'typebox';
import type { Random } from '../shared/clock.ts';
import { CodedError } from '../shared/errors/catalogue.ts';
import { strictObject, validator } from '../shared/schema.ts';

const Port = Type.Integer({ minimum: 1, maximum: 65_535 });
const Ports = strictObject({ console: Port, agents: Port, enrolment: Port });
export type Ports = Type.Static<typeof Ports>;
const ports = validator(Ports);
const usual: Ports = { console: 8443, agents: 8444, enrolment: 8445 };
/** Below those that systems give to whoever connects (from 32,768 on Linux, from 49,152 by RFC 6335): nobody gets one by chance. */
const own = { from: 20_000, count: 10_000, tries: 100 };

/**
 * The three ports. A port asked for is taken or refused; otherwise the one used last time is taken again, because
 * enrolled devices know it; only a new home looks for the next free one.
 */
export async function choosePorts(
  home: string,
  listen: string,
  wanted: { [K in keyof Ports]: number | undefined },
  random: Pick<Random, 'unit'>,
): Promise<Ports> {
  const remembered = readRemembered(home);
  const taken = new Set<number>();
  const chosen = { ...usual };
  for (const name of ['console', 'agents', 'enrolment'] as const) {
    chosen[name] = await choose(name, wanted[name], remembered?.[name], { listen, taken, random });
    taken.add(chosen[name]);
  }
  return chosen;
}

/** Called once the listeners are open. */
export function rememberPorts(home: string, chosen: Ports): void {
  const path = join(home, 'ports.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(chosen)}\n`);
  renameSync(`${path}.new`, path);
}

export function readRemembered(home: string): Ports | undefined {
  const path = join(home, 'ports.json');
  if (!existsSync(path)) return undefined;
  const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!ports.check(parsed)) throw new CodedError('bad-file', `${path} is damaged; delete it to choose ports anew.`);
  return parsed;
}

async function choose(
  name: keyof Ports,
  wanted: number | undefined,
  last: number | undefined,
  { listen, taken, random }: { listen: string; taken: ReadonlySet<number>; random: Pick<Random, 'unit'> },
) {
  const fixed = wanted || last;
  if (fixed) {
    if (await isFree(fixed, listen)) return fixed;
    throw new CodedError(
      'conflict',
      `Port ${fixed} (${name}) is in use by another program. Stop it, or choose another port.`,
    );
  }
  if (wanted === 0) return await freePort(listen, random, taken);
  for (let port = usual[name]; port < usual[name] + 1000; port++) {
    if (!taken.has(port) && (await isFree(port, listen))) return port;
  }
  throw new CodedError('conflict', `No free port near ${usual[name]} (${name}).`);
}

/** A port that nobody uses, and that nobody is likely to be given until it is opened. Throws `conflict` when none is found. */
export async function freePort(
  listen: string,
  random: Pick<Random, 'unit'>,
  taken: ReadonlySet<number> = new Set(),
): Promise<number> {
  for (let tried = 0; tried < own.tries; tried++) {
    const port = own.from + Math.floor(random.unit() * own.count);
    if (!taken.has(port) && (await isFree(port, listen))) return port;
  }
  throw new CodedError('conflict', `No free port from ${own.from} on.`);
}

/** Opens and closes a listener. */
function isFree(port: number, listen: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, listen, () => probe.close(() => resolve(true)));
  });
}
