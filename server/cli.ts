import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CodedError } from '../shared/errors/catalogue.ts';
import { plainLines } from '../shared/plain-text.ts';
import { createApiToken, listApiTokens, revokeApiToken } from './commands/api-token.ts';
import { apply } from './commands/apply.ts';
import { auditHead, erasePerson, exportAudit, verifyAudit } from './commands/audit.ts';
import { change, changeActs } from './commands/change.ts';
import { OperatorClient, type Remote } from './commands/client.ts';
import { exitCodeOf, exitCodes } from './commands/exit-codes.ts';
import { explain } from './commands/explain.ts';
import { exportEvidence } from './commands/export-evidence.ts';
import { findDevice, findPerson } from './commands/find.ts';
import { type Gettable, get, gettable } from './commands/get.ts';
import { importRoster } from './commands/import.ts';
import { importList } from './commands/import-list.ts';
import { Output } from './commands/output.ts';
import { applyPolicy, diffPolicy, exportPolicy } from './commands/policy-code.ts';
import { actOnStaff, addStaff, listStaff, setSides, staffActs } from './commands/staff.ts';
import { createToken } from './commands/token.ts';
import { homeOf } from './config.ts';

const usage = `rollcall: the control server of a school district's devices

  rollcall serve [--home DIR] [--console-port N] [--agent-port N] [--listen ADDRESS] [--demo]
  rollcall token create [--uses N] [--expires 7d] [--label TEXT] [--person ID] [--school ID] [--platform P] [--hold] [--tag T] [--simulated]
  rollcall api-token create NAME --scope SCOPE… [--expires 90d] | list | revoke NAME
  rollcall import oneroster PATH [--dry-run] [--lenient] [--yes]
  rollcall import people PATH [--dry-run] [--lenient] [--yes]
  rollcall import list CATEGORY FILE_OR_URL [--title TEXT] [--licence TEXT]
  rollcall export DIR
  rollcall diff DIR [--prune]
  rollcall apply DIR [--dry-run] [--prune] [--yes] [--overwrite] [--note TEXT]
  rollcall apply -f FILE_OR_DIR          single documents, written by hand
  rollcall explain PERSON [DEVICE] [SETTING]
  rollcall get people|devices|profiles|compliance
  rollcall assign DEVICE PERSON [--loan]
  rollcall return DEVICE
  rollcall revoke DEVICE [--reason TEXT]
  rollcall backup FILE --recipient KEY | --passphrase-file FILE     also while the server runs
  rollcall backup check FILE --key-file FILE | --passphrase-file FILE
  rollcall backup new-key FILE
  rollcall restore FILE --key-file FILE | --passphrase-file FILE [--replace]
  rollcall audit verify [--head FILE] | head | export [--from INSTANT] [--to INSTANT] --out FILE
  rollcall person erase SOURCEDID --reason TEXT [--yes]     somebody who has left the roster
  rollcall export-evidence [--at INSTANT] --out FILE
  rollcall rotate state-key|secrets-key
  rollcall rotate issuing-certificate    while the server is stopped
  rollcall staff add NAME EMAIL [--signs-for it,curriculum]   the password comes from standard input, or is asked for
  rollcall staff sides EMAIL it,curriculum|none
  rollcall staff list
  rollcall staff disable|enable|reset-factors|reset-password|end-sessions EMAIL [--reason TEXT]
  rollcall change list|show|approve|reject|publish [ID] [--reason TEXT]

  --server URL --token-file FILE [--ca FILE]   a server elsewhere, with an API token
  --home DIR   the server's folder (ROLLCALL_HOME, else .rollcall/server here, else /var/lib/rollcall)
  --json       answers as JSON
  Exit codes: 0 done, 1 failed, 2 wrong usage, 3 server not running, 4 input refused, 5 confirmation needed.
`;

const options = {
  home: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  'console-port': { type: 'string' },
  'agent-port': { type: 'string' },
  listen: { type: 'string' },
  demo: { type: 'boolean', default: false },
  uses: { type: 'string' },
  expires: { type: 'string' },
  label: { type: 'string' },
  person: { type: 'string' },
  school: { type: 'string' },
  platform: { type: 'string' },
  hold: { type: 'boolean' },
  simulated: { type: 'boolean' },
  tag: { type: 'string', multiple: true },
  'dry-run': { type: 'boolean', default: false },
  lenient: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  prune: { type: 'boolean', default: false },
  overwrite: { type: 'boolean', default: false },
  note: { type: 'string' },
  file: { type: 'string', short: 'f' },
  loan: { type: 'boolean', default: false },
  reason: { type: 'string' },
  at: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  head: { type: 'string' },
  out: { type: 'string' },
  'signs-for': { type: 'string' },
  recipient: { type: 'string' },
  'key-file': { type: 'string' },
  'passphrase-file': { type: 'string' },
  replace: { type: 'boolean', default: false },
  title: { type: 'string' },
  licence: { type: 'string' },
  scope: { type: 'string', multiple: true },
  server: { type: 'string' },
  'token-file': { type: 'string' },
  ca: { type: 'string' },
} as const;

/** More are a slip, such as two folders where one is meant. */
const mostWords: Record<string, number> = {
  ...{ token: 1, 'api-token': 2, import: 3, export: 1, diff: 1, apply: 1, explain: 3, get: 1, assign: 2, return: 1 },
  ...{ backup: 2, restore: 1 },
  ...{ revoke: 1, staff: 3, change: 2, 'export-evidence': 0, rotate: 1, audit: 1, person: 2 },
};

class UsageError extends Error {}

type Parsed = ReturnType<typeof parse>;
type Command = (
  words: string[],
  flags: Parsed['values'],
  client: OperatorClient,
  output: Output,
) => Promise<number | undefined>;

const commands: Record<string, Command> = {
  token: async (words, flags, client, output) => {
    if (words[0] !== 'create') throw new UsageError('rollcall token create …');
    await createToken(client, flags, output);
    return exitCodes.done;
  },
  'api-token': async ([act, name], flags, client, output) => {
    if (act === 'list') await listApiTokens(client, output);
    else if (act === 'create' && name) await createApiToken(client, name, flags, output);
    else if (act === 'revoke' && name) await revokeApiToken(client, name, output);
    else throw new UsageError('rollcall api-token create NAME --scope SCOPE | list | revoke NAME');
    return exitCodes.done;
  },
  import: async ([kind, path, from], flags, client, output) => {
    if (kind === 'list' && path && from) {
      return await importList(client, path, from, { title: flags.title, licence: flags.licence }, output);
    }
    if ((kind !== 'oneroster' && kind !== 'people') || !path)
      throw new UsageError('rollcall import oneroster|people PATH, or rollcall import list CATEGORY FILE_OR_URL');
    return await importRoster(
      client,
      kind,
      path,
      { dryRun: flags['dry-run'], lenient: flags.lenient, yes: flags.yes },
      output,
    );
  },
  export: async ([folder], _flags, client, output) => {
    if (!folder) throw new UsageError('rollcall export DIR');
    await exportPolicy(client, folder, output);
    return exitCodes.done;
  },
  diff: async ([folder], { prune }, client, output) => {
    if (!folder) throw new UsageError('rollcall diff DIR [--prune]');
    return await diffPolicy(client, folder, { prune }, output);
  },
  apply: async ([folder], flags, client, output) => {
    if ((folder === undefined) === (flags.file === undefined))
      throw new UsageError(
        'rollcall apply DIR [--dry-run] [--prune] [--yes] [--overwrite] [--note TEXT], or rollcall apply -f FILE_OR_DIR',
      );
    if (flags.file !== undefined) {
      demandNone(flags, ['dry-run', 'prune', 'yes', 'overwrite', 'note'], 'apply -f');
      await apply(client, flags.file, output);
      return exitCodes.done;
    }
    const { prune, overwrite, yes, note = '' } = flags;
    return await applyPolicy(client, folder ?? '', { dryRun: flags['dry-run'], prune, overwrite, yes, note }, output);
  },
  explain: async ([person, device, setting], _flags, client, output) => {
    if (!person) throw new UsageError('rollcall explain PERSON [DEVICE] [SETTING]');
    await explain(client, { person, device, setting }, output);
    return exitCodes.done;
  },
  get: async ([what], _flags, client, output) => {
    if (!(gettable as readonly string[]).includes(what ?? ''))
      throw new UsageError(`rollcall get ${gettable.join('|')}`);
    await get(client, what as Gettable, output);
    return exitCodes.done;
  },
  assign: async ([device, person], flags, client, output) => {
    if (!device || !person) throw new UsageError('rollcall assign DEVICE PERSON [--loan]');
    const [found, holder] = [await findDevice(client, device), await findPerson(client, person)];
    const body = { personId: holder.id, kind: flags.loan ? 'loan' : 'primary' } as const;
    const custody = await client.call('openCustody', { params: { id: found.id }, body });
    output.result(custody, `${found.name} is now held by ${holder.name}.`);
    return exitCodes.done;
  },
  return: async ([device], _flags, client, output) => {
    if (!device) throw new UsageError('rollcall return DEVICE');
    const found = await findDevice(client, device);
    output.result(await client.call('closeCustody', { params: { id: found.id } }), `${found.name} is back.`);
    return exitCodes.done;
  },
  revoke: async ([device], flags, client, output) => {
    if (!device) throw new UsageError('rollcall revoke DEVICE [--reason TEXT]');
    const found = await findDevice(client, device);
    const answer = await client.call('revokeDevice', {
      params: { id: found.id },
      body: { reason: flags.reason ?? 'revoked by hand' },
    });
    output.result(answer, `${found.name} is revoked. It must be enrolled again.`);
    return exitCodes.done;
  },
  staff: async ([act, who, what], flags, client, output) => {
    const staffAct = staffActs.find((one) => one === act);
    if (act === 'sides' && who && what) await setSides(client, who, what, output);
    else if (act === 'add' && who && what)
      await addStaff(client, { name: who, email: what, signsFor: flags['signs-for'] }, output);
    else if (act === 'list' && !who) await listStaff(client, output);
    else if (staffAct && who && !what) await actOnStaff(client, staffAct, { email: who, reason: flags.reason }, output);
    else
      throw new UsageError(
        `rollcall staff add NAME EMAIL [--signs-for it,curriculum], sides EMAIL it,curriculum, list, or ${staffActs.join('|')} EMAIL`,
      );
    return exitCodes.done;
  },
  change: async ([act, id], { reason }, client, output) => {
    const known = changeActs.find((one) => one === act);
    if (!known) throw new UsageError(`rollcall change ${changeActs.join('|')} [ID]`);
    await change(client, known, { id, reason }, output);
    return exitCodes.done;
  },
  backup: async ([act, file], flags, _client, output) => {
    const { backup, checkBackupFile, newBackupKey } = await import('./commands/backup.ts');
    if (act === 'check' && file) await checkBackupFile(file, locks(flags), output);
    else if (act === 'new-key' && file) await newBackupKey(file, output);
    else if (act && !file) await backup(homeOf(flags.home), act, locks(flags), output);
    else throw new UsageError('rollcall backup FILE | check FILE | new-key FILE');
    return exitCodes.done;
  },
  restore: async ([file], flags, _client, output) => {
    if (!file) throw new UsageError('rollcall restore FILE [--replace]');
    const { restore } = await import('./commands/backup.ts');
    await restore(homeOf(flags.home), file, { ...locks(flags), replace: flags.replace }, output);
    return exitCodes.done;
  },
  audit: async ([act], { from, to, out, head }, client, output) => {
    if (act === 'verify') return await verifyAudit(client, head, output);
    if (act === 'head') await auditHead(client, output);
    else if (act === 'export' && out)
      await exportAudit(client, { out, ...(from && { from }), ...(to && { to }) }, output);
    else
      throw new UsageError(
        'rollcall audit verify [--head FILE] | head | export [--from INSTANT] [--to INSTANT] --out FILE',
      );
    return exitCodes.done;
  },
  person: async ([act, sourcedId], { reason, yes }, client, output) => {
    if (act !== 'erase' || !sourcedId || !reason)
      throw new UsageError('rollcall person erase SOURCEDID --reason TEXT [--yes]');
    return await erasePerson(client, { sourcedId, reason, yes }, output);
  },
  'export-evidence': async (_words, { at, out }, client, output) => {
    if (!out) throw new UsageError('rollcall export-evidence [--at 2026-10-03T15:00:00Z] --out FILE');
    await exportEvidence(client, { at, out }, output);
    return exitCodes.done;
  },
  rotate: async ([what], flags, client, output) => {
    if (what === 'secrets-key') {
      const { resealed } = await client.call('rotateSecretsKey');
      output.result(
        { resealed },
        `${resealed} secrets are sealed with a new key. Earlier backups hold the earlier one.`,
      );
      return exitCodes.done;
    }
    if (what === 'issuing-certificate') {
      const { rotateIssuingCertificate } = await import('./commands/rotate-issuing.ts');
      await rotateIssuingCertificate(homeOf(flags.home), output);
      return exitCodes.done;
    }
    if (what !== 'state-key') throw new UsageError('rollcall rotate state-key|secrets-key|issuing-certificate');
    const rotated = await client.call('rotateStateKey');
    const pki = join(homeOf(flags.home), 'pki');
    const words = `Desired states are signed with a new key (version ${rotated.version}). Back up ${pki} now: devices that have followed do not obey a server restored from an older backup.`;
    output.result(rotated, words);
    return exitCodes.done;
  },
};

function locks(flags: Parsed['values']) {
  const { recipient, 'key-file': keyFile, 'passphrase-file': passphraseFile } = flags;
  return { recipient, 'key-file': keyFile, 'passphrase-file': passphraseFile };
}

/** A flag that would be passed over, such as `--dry-run`, must not seem to be heeded. */
function demandNone(flags: Parsed['values'], names: readonly (keyof Parsed['values'])[], command: string): void {
  const given = names.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (given !== undefined) throw new UsageError(`--${given} does not go with rollcall ${command}`);
}

function parse(args: string[]) {
  return parseArgs({ args, options, allowPositionals: true });
}

function remoteOf({ server, ca, 'token-file': tokenFile }: Parsed['values']): Remote | undefined {
  if (server !== undefined && tokenFile !== undefined) return { server, tokenFile, ca };
  if (server ?? tokenFile ?? ca) throw new UsageError('--server URL and --token-file FILE go together');
  return undefined;
}

async function main(args: string[]): Promise<number> {
  const { values: flags, positionals } = parse(args);
  const [name = '', ...words] = positionals;
  if (flags.help || name === '' || name === 'help') {
    process.stdout.write(usage);
    return name === '' && !flags.help ? exitCodes.usage : exitCodes.done;
  }
  if (name === 'serve') {
    const { serve } = await import('./commands/serve.ts');
    return await serve(flags);
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`there is no command ${name}`);
  if (words.length > (mostWords[name] ?? 0))
    throw new UsageError(`rollcall ${name}: “${words.at(-1)}” is one word too many`);
  const client = new OperatorClient(homeOf(flags.home), remoteOf(flags));
  try {
    return (await command(words, flags, client, new Output(flags.json))) ?? exitCodes.done;
  } finally {
    await client.close();
  }
}

function report(error: unknown, json: boolean): number {
  const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  const code = isUsage ? exitCodes.usage : exitCodeOf(error);
  const coded = error instanceof CodedError ? error : undefined;
  const words = error instanceof Error ? error.message : String(error);
  if (json)
    process.stderr.write(
      `${JSON.stringify({ error: { code: coded?.code ?? (isUsage ? 'usage' : 'internal'), message: words, details: coded?.details ?? [] } })}\n`,
    );
  else
    process.stderr.write(
      plainLines([`rollcall: ${words}`, ...(coded?.details ?? []).map((detail) => `  ${detail}`), ''].join('\n')),
    );
  return code;
}

const args = process.argv.slice(2);
process.exitCode = await main(args).catch((error: unknown) => report(error, args.includes('--json')));
