import { execFile } from 'node:child_process';
import { accessSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What dig(1) printed about one query. */
export interface DigAnswer {
  /** `NOERROR A 192.0.2.1, AAAA ::1`: the status and the records of the answer section. */
  words: string;
  /** `15 (Blocked): (why)`; undefined: no Extended DNS Error. */
  error: string | undefined;
  /** All of it, with single spaces. */
  text: string;
}

/** Undefined: it is not installed. */
export const dig = ['/usr/bin/dig', '/usr/local/bin/dig', '/opt/homebrew/bin/dig'].find((path) => {
  try {
    accessSync(path);
    return true;
  } catch {
    return false;
  }
});

const banner = '; <<>> DiG';

/**
 * Runs queries, each with arguments of its own, one after the other in one process (dig -f). In a batch +tcp is only heeded
 * when it is said of all.
 */
export async function digAll(
  program: string,
  folder: string,
  queries: readonly string[],
  transport: 'udp' | 'tcp',
): Promise<DigAnswer[]> {
  const batch = join(folder, 'queries');
  await writeFile(batch, `${queries.join('\n')}\n`);
  const printed = await new Promise<string>((resolve) => {
    // With -r, a ~/.digrc changes nothing. It fails when one query is not answered; that is seen in its text.
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' };
    execFile(
      program,
      ['-r', ...(transport === 'tcp' ? ['+tcp'] : []), '-f', batch],
      { env, maxBuffer: 10_000_000, timeout: 60_000 },
      (_error, out) => resolve(out),
    );
  });
  return printed.split(banner).slice(1).map(read);
}

function read(block: string): DigAnswer {
  const text = block.replace(/[ \t]+/g, ' ');
  const status =
    /status: (\w+)/.exec(text)?.[1] ?? (text.includes('; Transfer failed') ? 'transfer failed' : 'silence');
  const [, section = ''] = /;; ANSWER SECTION:\n([\s\S]*?)\n\n/.exec(text) ?? [];
  const records = section === '' ? [] : section.split('\n').map((line) => line.replace(/^\S+ \d+ \w+ /, ''));
  const error = /^; EDE: (.*)$/m.exec(text)?.[1];
  return { words: [status, records.join(', ')].filter((part) => part !== '').join(' '), error, text };
}
