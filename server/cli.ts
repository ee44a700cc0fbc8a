import { CodedError } from '../shared/errors/catalogue.ts';
import { plainLines } from '../shared/plain-text.ts';
import { OperatorClient, type Remote } from './commands/client.ts';
import { exitCodeOf, exitCodes } from './commands/exit-codes.ts';
import { type Flags, parse, UsageError } from './commands/flags.ts';
import { Output } from './commands/output.ts';
import { commands, mostWords } from './commands/table.ts';
import { usage } from './commands/usage.ts';
import { homeOf } from './config.ts';

function remoteOf({ server, ca, 'token-file': tokenFile }: Flags): Remote | undefined {
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
