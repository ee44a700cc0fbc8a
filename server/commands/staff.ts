import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type SignSide, signSides } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { OperatorClient } from './client.ts';
import type { Output } from './output.ts';

/** `rollcall staff add`: whoever gets the account types the password, which is on no command line. */
export async function addStaff(
  client: OperatorClient,
  { name, email, signsFor }: { name: string; email: string; signsFor: string | undefined },
  output: Output,
): Promise<void> {
  const sides = signsFor === undefined ? {} : { signsFor: sidesFrom(signsFor) };
  const password = await readPassword();
  const made = await client.call('addStaff', { body: { name, email, password, ...sides } });
  output.result(made, `${made.staff.name} can sign in as ${made.staff.email}.`);
}

/** `rollcall staff sides EMAIL it,curriculum`: whom an account signs policy changes for. */
export async function setSides(client: OperatorClient, email: string, sides: string, output: Output): Promise<void> {
  const { staff } = await client.call('setStaffSides', { body: { email, signsFor: sidesFrom(sides) } });
  output.result(staff, `${staff.name} signs policy changes for ${staff.signsFor.join(' and ') || 'nobody'}.`);
}

/** `it,curriculum`; `none` is nobody. */
function sidesFrom(words: string): SignSide[] {
  if (words === 'none') return [];
  return words.split(',').map((word) => {
    const side = signSides.find((known) => known === word.trim());
    if (side) return side;
    throw new CodedError(
      'bad-request',
      `“${word}” is no side. Write ${signSides.join(', ')}, both with a comma, or none.`,
    );
  });
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
