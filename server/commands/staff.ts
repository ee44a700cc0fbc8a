import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { type SignSide, signSides } from '../../shared/api/schemas.ts';
import { CodedError } from '../../shared/errors/catalogue.ts';
import type { OperatorClient } from './client.ts';
import { type Output, table } from './output.ts';

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

/** Who has an account, and by what they sign in. */
export async function listStaff(client: OperatorClient, output: Output): Promise<void> {
  const { items } = await client.call('listStaff');
  const rows = items.map(({ email, name, status, grants, hasPassword, passkeys, hasCodeApp, sessions }) => [
    email,
    name,
    status,
    grants.map(({ role, orgName }) => (orgName ? `${role} of ${orgName}` : role)).join(', ') || 'nothing',
    [hasPassword ? 'password' : '', passkeys > 0 ? `${passkeys} passkeys` : '', hasCodeApp ? 'code app' : '']
      .filter(Boolean)
      .join(', ') || 'nothing yet',
    String(sessions),
  ]);
  output.result(items, table(['e-mail', 'name', 'status', 'may', 'signs in by', 'sessions'], rows));
}

/** For when nobody can sign in who could do it at the console. Each is an event of the command line. */
export const staffActs = ['disable', 'enable', 'reset-factors', 'reset-password', 'end-sessions'] as const;

export async function actOnStaff(
  client: OperatorClient,
  act: (typeof staffActs)[number],
  { email, reason = 'by the operator of the server' }: { email: string; reason: string | undefined },
  output: Output,
): Promise<void> {
  const { id, name } = await findStaff(client, email);
  const asked = { params: { id }, body: { reason } };
  switch (act) {
    case 'disable':
      return output.result(await client.call('disableStaff', asked), `${name} cannot sign in any more.`);
    case 'enable':
      return output.result(await client.call('enableStaff', asked), `${name} can sign in again.`);
    case 'reset-factors':
      await client.call('resetStaffFactors', asked);
      return output.result({ id }, `${name} enrols a new second factor at the next sign-in.`);
    case 'reset-password': {
      const { password } = await client.call('resetStaffPassword', asked);
      return output.result({ id, password }, `${name} signs in with ${password} and the second factor.`);
    }
    case 'end-sessions':
      return output.result(await client.call('endStaffSessions', asked), `${name} is signed out everywhere.`);
  }
}

async function findStaff(client: OperatorClient, email: string): Promise<{ id: string; name: string }> {
  const { items } = await client.call('listStaff');
  const found = items.find((account) => account.email === email.trim().toLowerCase());
  if (!found) throw new CodedError('not-found', `Nobody has an account with the address ${email}.`);
  return found;
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
