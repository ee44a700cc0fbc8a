import { CodedError } from '../../shared/errors/catalogue.ts';
import { plainLines } from '../../shared/plain-text.ts';
import { homeOf } from '../config.ts';
import { OperatorClient, type Remote } from './client.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { type Flags, parse, UsageError } from './flags.ts';
import { Output } from './output.ts';
import { commands, mostWords } from './table.ts';
import { usage } from './usage.ts';

/** How a command ended: what was refused, if anything was, belongs on standard error. */
export interface CommandEnd {
  code: number;
  refusal: string;
}

/** `rollcall ARGS…` to its end; what it answers goes to `write`. Never rejects. */
export async function runCommandLine(args: string[], write: (text: string) => void): Promise<CommandEnd> {
  try {
    return { code: await execute(args, write), refusal: '' };
  } catch (error) {
    return refusalOf(error, args.includes('--json'));
  }
}

async function execute(args: string[], write: (text: string) => void): Promise<number> {
  const { values: flags, positionals } = parse(args);
  const [name = '', ...words] = positionals;
  if (flags.help || name === '' || name === 'help') {
    write(usage);
    return name === '' && !flags.help ? exitCodes.usage : exitCodes.done;
  }
  if (name === 'serve') {
    const { serve } = await import('./serve.ts');
    return await serve(flags);
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new UsageError(`there is no command ${name}`);
  if (words.length > (mostWords[name] ?? 0))
    throw new UsageError(`rollcall ${name}: “${words.at(-1)}” is one word too many`);
  const client = new OperatorClient(homeOf(flags.home), remoteOf(flags));
  try {
    return (await command(words, flags, client, new Output(flags.json, write))) ?? exitCodes.done;
  } finally {
    await client.close();
  }
}

function remoteOf({ server, ca, 'token-file': tokenFile }: Flags): Remote | undefined {
  if (server !== undefined && tokenFile !== undefined) return { server, tokenFile, ca };
  if (server ?? tokenFile ?? ca) throw new UsageError('--server URL and --token-file FILE go together');
  return undefined;
}

function refusalOf(error: unknown, json: boolean): CommandEnd {
  const isUsage = error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  const coded = error instanceof CodedError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const details = coded?.details ?? [];
  const code = coded?.code ?? (isUsage ? 'usage' : 'internal');
  return {
    code: isUsage ? exitCodes.usage : exitCodeOf(error),
    refusal: json
      ? `${JSON.stringify({ error: { code, message, details } })}\n`
      : plainLines([`rollcall: ${message}`, ...details.map((detail) => `  ${detail}`), ''].join('\n')),
  };
}
