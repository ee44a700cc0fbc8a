import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Load } from './dns-load.ts';
import type { DnsServer } from './dns-servers.ts';
import { canPin, cores, findProgram } from './dns-tools.ts';
import { cpuSpentOn } from './process-use.ts';
import { percentile } from './report.ts';

const run = promisify(execFile);
const path = findProgram('dnsperf');
/** Questions a second while latency is measured: far above what a device asks, far below what any server here can do. */
export const calmRate = 2000;

/** True when dnsperf (DNS-OARC) is installed. */
export const hasDnsperf = path !== undefined;

/** Writes questions for dnsperf, one name a line. */
export function writeQuestions(folder: string, file: string, nameOf: (index: number) => string, count: number): string {
  const written = join(folder, file);
  writeFileSync(written, Array.from({ length: count }, (_, index) => `${nameOf(index)} A\n`).join(''));
  return written;
}

/** As many answers as a server gives in so many seconds, dnsperf's usual 100 questions under way; stops earlier at the end of the questions, so none is asked twice. */
export async function saturate(server: DnsServer, questions: string, seconds: number): Promise<Load> {
  let output = '';
  const args = ['-l', String(seconds), '-n', '1'];
  const cpuMs = await cpuSpentOn(server.pid, async () => {
    output = await dnsperf(server.port, questions, args);
  });
  const answers = figure(output, /Queries completed: +(\d+)/);
  return {
    perSecond: figure(output, /Queries per second: +([\d.]+)/),
    perCoreSecond: (answers * 1000) / cpuMs,
    unanswered: figure(output, /Queries lost: +(\d+)/),
  };
}

/** The latency, in ms, that 99 of 100 answers at the calm rate keep within. */
export async function latencyP99(server: DnsServer, questions: string, seconds: number): Promise<number> {
  const count = calmRate * seconds;
  const output = await dnsperf(server.port, questions, [
    '-v',
    '-Q',
    String(calmRate),
    '-l',
    String(seconds),
    '-n',
    '1',
  ]);
  const latencies = [...output.matchAll(/^> \S+ \S+ \S+ ([\d.]+)$/gm)].map(([, s]) => Number(s) * 1000);
  return latencies.length > count / 2 ? percentile(latencies, 0.99) : Number.NaN;
}

async function dnsperf(port: number, questions: string, args: readonly string[]): Promise<string> {
  const whole = [path ?? 'dnsperf', '-s', '127.0.0.1', '-p', String(port), '-d', questions, '-t', '1', ...args];
  const [program = '', ...rest] = canPin ? ['taskset', '-c', String(cores.load), ...whole] : whole;
  const { stdout } = await run(program, rest, { maxBuffer: 64 * 2 ** 20 });
  return stdout;
}

function figure(output: string, pattern: RegExp): number {
  const [, value] = pattern.exec(output) ?? [];
  if (value === undefined) throw new Error(`dnsperf printed no figure for ${pattern.source}:\n${output}`);
  return Number(value);
}
