import { runCommandLine } from './commands/command-line.ts';

const { code, refusal } = await runCommandLine(process.argv.slice(2), (text) => void process.stdout.write(text));
if (refusal !== '') process.stderr.write(refusal);
process.exitCode = code;
