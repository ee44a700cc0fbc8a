import { parseArgs } from 'node:util';

const options = {
  home: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  'console-port': { type: 'string' },
  'agent-port': { type: 'string' },
  listen: { type: 'string' },
  'gateway-processes': { type: 'string' },
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

/** What is wrong with how a command was written; ends with the exit code `usage`. */
export class UsageError extends Error {}

export type Parsed = ReturnType<typeof parse>;
export type Flags = Parsed['values'];

/** Throws `ERR_PARSE_ARGS…` for a flag that does not exist. */
export function parse(args: string[]) {
  return parseArgs({ args, options, allowPositionals: true });
}

/** Who can open a backup. */
export function locks(flags: Flags) {
  const { recipient, 'key-file': keyFile, 'passphrase-file': passphraseFile } = flags;
  return { recipient, 'key-file': keyFile, 'passphrase-file': passphraseFile };
}

/** A flag that would be passed over, such as `--dry-run`, must not seem to be heeded. */
export function demandNone(flags: Flags, names: readonly (keyof Flags)[], command: string): void {
  const given = names.find((name) => flags[name] !== undefined && flags[name] !== false);
  if (given !== undefined) throw new UsageError(`--${given} does not go with rollcall ${command}`);
}
