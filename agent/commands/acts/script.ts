import { createHash } from 'node:crypto';
import { isReservedName, type Publication } from '../../../shared/commands/script.ts';
import { plainLines } from '../../../shared/plain-text.ts';
import { nothingKnown, redact } from '../../diagnostics/redact.ts';
import { homes } from '../../findings/homes.ts';
import { done, type Executor, failed, type Outcome } from '../executor.ts';
import type { ActParts } from '../parts.ts';

type Interpreter = Publication['interpreter'];

/** `-c` leaves standard input to the script; PowerShell reads it from there, for its command line is short. */
const interpreters: Record<Interpreter, { path: string; args: (source: string) => string[]; isRead: boolean }> = {
  sh: { path: '/bin/sh', args: (source) => ['-c', source], isRead: false },
  bash: { path: '/bin/bash', args: (source) => ['-c', source], isRead: false },
  zsh: { path: '/bin/zsh', args: (source) => ['-f', '-c', source], isRead: false },
  powershell: {
    path: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    args: () => ['-NoProfile', '-NonInteractive', '-ExecutionPolicy', 'Bypass', '-Command', '-'],
    isRead: true,
  },
};

/** Runs a script of the district's library as it was reviewed: two approvers signed its hash and how it may run. */
export function scriptAct(parts: ActParts): Executor<'run-script'> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    /** One after the other; how the one before ended is told to whoever gave it. */
    run({ action, publication }) {
      if (!publication) throw new Error('a script came without its publication');
      const ran = Promise.allSettled([last]).then(() => runScript(parts, publication, action.parameters));
      last = ran;
      return ran;
    },
  };
}

async function runScript(
  parts: ActParts,
  publication: Publication,
  parameters: Readonly<Record<string, string | number | boolean>>,
): Promise<Outcome> {
  const bytes = await parts.artifacts.get(publication.hash);
  if (!bytes) return failed('not-fetched', 'The script could not be fetched from the server, or it was withdrawn.');
  if (createHash('sha256').update(bytes).digest('hex') !== publication.hash)
    return failed('script-changed', 'What the server has under this hash is another script.');
  const { path, args, isRead } = interpreters[publication.interpreter];
  const source = Buffer.from(bytes).toString('utf8');
  const given = Object.entries(parameters).filter(([name]) => !isReservedName(name));
  const result = await parts.scripts.runGroup(path, args(source), {
    variables: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    ...(isRead && { input: source }),
    timeoutMs: publication.timeoutSeconds * 1000,
    outputBytes: publication.outputBytes,
    signal: parts.ending,
  });
  const output = await told(parts, result.output, publication.outputBytes);
  const cut = result.isCut ? ' Its output was longer and is cut.' : '';
  return { ...outcomeOf(result, publication, cut), ...(output !== '' && { output }) };
}

function outcomeOf(
  { code, failure }: { code: number; failure?: string | undefined },
  { timeoutSeconds, interpreter }: Publication,
  cut: string,
): Outcome {
  if (failure === 'timed-out') return failed('timed-out', `The script was ended after ${timeoutSeconds} s.${cut}`);
  if (failure === 'missing' || failure === 'denied')
    return failed('no-interpreter', `${interpreter} could not be started on this device.`);
  if (code !== 0) return failed('script-failed', `The script ended with exit code ${code}.${cut}`);
  return done(`The script ended well.${cut}`);
}

/** Without what is private; redaction may make it longer than it was. */
async function told(parts: ActParts, output: string, limit: number): Promise<string> {
  const users = (await homes(parts)).map((home) => home.split(/[/\\]/).at(-1) ?? '').filter((name) => name !== '');
  const bytes = Buffer.from(redact(plainLines(output), { ...nothingKnown, users }), 'utf8').subarray(0, limit);
  return bytes.toString('utf8').replace(/\uFFFD+$/, '');
}
