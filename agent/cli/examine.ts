import type { Examination, ProbeResult, ProbeStatus } from '../../shared/diagnostics/probe.ts';
import { hostPlatform } from '../agent-options.ts';
import type { AgentConfig } from '../config.ts';
import { openNetwork } from '../context/network/open.ts';
import { createExaminer } from '../diagnostics/examine.ts';
import { examinerParts } from '../diagnostics/examiner-parts.ts';
import { NotEnrolled, readIdentity } from '../identity/identity-files.ts';
import { systemClock, systemRandom } from '../platform/clock.ts';
import { SystemCommands } from '../platform/commands.ts';
import type { Command } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { quietLog } from './quiet-log.ts';
import { readStatus } from './read-status.ts';

/** `examine`: looks at everything that may be wrong with this device, as a technician does from afar. */
export const examine: Command = async ({ config, output }) => {
  output.line('Looking at this device; this takes up to 30 seconds.');
  const examination = await examineHere(config);
  output.answer(examination);
  for (const line of describe(examination)) output.line(line);
  return examination.probes.some(({ status }) => status === 'bad') ? exitCodes.failed : exitCodes.ok;
};

async function examineHere(config: AgentConfig): Promise<Examination> {
  const identity = readIdentity(config.home);
  if (!identity) throw new NotEnrolled(config.home.path);
  const status = await readStatus(config, quietLog);
  const [platform, commands] = [hostPlatform(), new SystemCommands()];
  const network = openNetwork(platform, commands);
  const own = { identity: () => identity, status: () => status, wifi: () => network.wifi() };
  const host = { platform, commands, clock: systemClock, random: systemRandom, log: quietLog };
  const parts = examinerParts({ ...config, ...host, ...own });
  const cancel = new AbortController();
  const onSignal = () => cancel.abort(new Error('It was cancelled.'));
  // Timers of the agent keep no process alive; this one does.
  const alive = setInterval(() => undefined, 2 ** 30);
  process.once('SIGINT', onSignal);
  try {
    return await createExaminer(parts).examine(cancel.signal);
  } finally {
    clearInterval(alive);
    process.off('SIGINT', onSignal);
  }
}

/** The examination in lines for people: what is wrong first, then everything that was looked at. */
export function describe({ conclusions, probes, tookMs }: Examination): string[] {
  const wrong = conclusions.flatMap(({ words, fix }, index) => [
    `${String(index + 1).padStart(2)}. ${words}`,
    ...(fix === undefined ? [] : [`    ${fix}`]),
  ]);
  return [
    ...(wrong.length === 0 ? ['Nothing was found to be wrong.'] : ['What is most likely wrong:', ...wrong]),
    '',
    ...probes.flatMap(describeProbe),
    '',
    `Looked at ${probes.length} things in ${Math.round(tookMs / 100) / 10} s.`,
  ];
}

const marks: Record<ProbeStatus, string> = {
  ok: 'ok  ',
  warn: 'WARN',
  bad: 'BAD ',
  unknown: '?   ',
  'not-applicable': '-   ',
};

function describeProbe({ probe, status, words, evidence }: ProbeResult): string[] {
  const told = status === 'warn' || status === 'bad' ? evidence : [];
  return [`${marks[status]} ${probe}: ${words}`, ...told.map(({ item, seen }) => `       ${item}: ${seen}`)];
}
