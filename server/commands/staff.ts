import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { OperatorClient } from './client.ts';
import type { Output } from './output.ts';

/** `rollcall staff add`: whoever gets the account types the password, which is on no command line. */
export async function addStaff(
  client: OperatorClient,
  { name, email }: { name: string; email: string },
  output: Output,
): Promise<void> {
  const password = await readPassword();
  const made = await client.call('addStaff', { body: { name, email, password } });
  output.result(made, `${made.staff.name} can sign in as ${made.staff.email}.`);
}

/** The first line of standard input; on a terminal it is asked for and not shown. */
async function readPassword(): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const isTerminal = process.stdin.isTTY;
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: isTerminal });
  if (isTerminal) process.stderr.write('Password, at least 12 characters (not shown): ');
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}
