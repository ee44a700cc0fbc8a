import type { SectionStatus } from '../../protocol/messages.ts';
import type { ProbeResult } from '../probe.ts';
import { counted, spanWords } from './measures.ts';
import { bad, notApplicable, ok, type Seen, unknown, warn } from './result.ts';

export type WebFilterFacts =
  | { isSet: false }
  | {
      isSet: true;
      status: SectionStatus;
      failure?: string;
      /** The resolver answers at all. */
      answers: boolean;
      /** Programs on this device ask it; absent: that could not be proved. */
      isPointed?: boolean;
      /** What must be blocked and is not: `category gambling`. */
      leaks: string[];
      asked: number;
    };

/** Whether the filter runs, is asked, and blocks. */
export function judgeWebFilter(facts: WebFilterFacts): ProbeResult {
  if (!facts.isSet) return notApplicable('web-filter', 'No web filter is set for this device.');
  const { status, failure, answers, isPointed, leaks, asked } = facts;
  const seen: Seen = {
    'the filter answers': answers ? 'yes' : 'no',
    'programs ask it': isPointed === undefined ? undefined : isPointed ? 'yes' : 'no',
    'names that must be blocked': asked === 0 ? undefined : `${asked} asked, ${leaks.length} not blocked`,
    'not blocked': leaks.length === 0 ? undefined : leaks.join(', '),
    'last report': failure === undefined ? status : `${status}: ${failure}`,
  };
  const again =
    'Let the device check again: the agent puts it right by itself; if it comes back, something on the device works against it.';
  if (!answers)
    return bad(
      'web-filter',
      'The web filter of this device does not answer.',
      seen,
      'Restart the agent; another program may hold its port, which its log says.',
    );
  if (leaks.length > 0)
    return bad(
      'web-filter',
      `The web filter lets through what must be blocked: ${leaks.slice(0, 3).join(', ')}.`,
      seen,
      again,
    );
  if (isPointed === false) return bad('web-filter', 'Programs on this device do not ask the web filter.', seen, again);
  if (status === 'failed')
    return bad('web-filter', `The web filter is not as it should be: ${failure ?? 'it was not said why'}`, seen, again);
  if (status === 'pending')
    return warn('web-filter', 'The web filter is being set up.', seen, 'Wait a minute and look again.');
  return ok('web-filter', 'The web filter answers and blocks.', seen);
}

export interface PolicyFacts {
  isRunning: boolean;
  /** 0: none was received yet. */
  generation: number;
  sections: { section: string; status: SectionStatus; message?: string }[];
}

/** What the district wants and this device does not do. */
export function judgePolicy({ isRunning, generation, sections }: PolicyFacts): ProbeResult {
  const seen: Seen = {
    generation: generation === 0 ? 'none received yet' : String(generation),
    ...Object.fromEntries(
      sections
        .filter(({ status }) => status !== 'verified')
        .map(({ section, status, message }) => [section, message === undefined ? status : `${status}: ${message}`]),
    ),
  };
  if (!isRunning)
    return bad(
      'policy',
      'The agent does not run on this device: nothing is enforced anew.',
      seen,
      'Start the service rollcall-agent; if it ends again, its log says why.',
    );
  const failed = sections.filter(({ status }) => status === 'failed');
  const [first] = failed;
  if (first) {
    const others = failed.length > 1 ? ` and ${counted(failed.length - 1, 'other section')}` : '';
    return bad(
      'policy',
      `The policy is not in force: ${first.section}${others} failed. ${first.message ?? ''}`.trim(),
      seen,
      'The agent tries again by itself; if it stays so, put right what the failure says.',
    );
  }
  if (generation === 0)
    return warn(
      'policy',
      'This device has received no policy yet.',
      seen,
      'See whether it reaches the server, and whether a profile is assigned to it.',
    );
  const pending = sections.filter(({ status }) => status === 'pending').length;
  if (pending > 0)
    return warn(
      'policy',
      `${counted(pending, 'section')} of the policy ${pending === 1 ? 'is' : 'are'} still being put in force.`,
      seen,
      'Wait a minute and look again.',
    );
  return ok('policy', 'All of the policy is in force.', seen);
}

export interface UpdatesFacts {
  pending?: number;
  security?: number;
  rebootRequired?: boolean;
  /** Since the last start, milliseconds. */
  upMs?: number;
}

const longUpMs = 30 * 86_400_000;

/** What waits to be installed, and whether a restart is due. */
export function judgeUpdates({ pending, security, rebootRequired, upMs }: UpdatesFacts): ProbeResult {
  const seen: Seen = {
    'updates that wait': pending?.toString(),
    'of them for security': security?.toString(),
    'restart needed': rebootRequired === undefined ? undefined : rebootRequired ? 'yes' : 'no',
    'last start': upMs === undefined ? undefined : `${spanWords(upMs)} ago`,
  };
  if (rebootRequired)
    return warn('updates', 'Updates are installed that count only after a restart.', seen, 'Restart the device.');
  if (security !== undefined && security > 0)
    return warn(
      'updates',
      `${counted(security, 'security update')} ${security === 1 ? 'waits' : 'wait'} to be installed.`,
      seen,
      'Let the updates install, then restart the device.',
    );
  if (upMs !== undefined && upMs > longUpMs)
    return warn('updates', `The device was not restarted for ${spanWords(upMs)}.`, seen, 'Restart the device.');
  if (pending === undefined) return unknown('updates', 'The system does not tell what waits to be installed.', seen);
  return ok(
    'updates',
    pending === 0
      ? 'Everything is installed.'
      : `${counted(pending, 'ordinary update')} ${pending === 1 ? 'waits' : 'wait'}.`,
    seen,
  );
}

export interface CrashesFacts {
  /** How long ago the agent began again after a crash, milliseconds. */
  agentAgoMs?: number;
  /** Programs that crashed in the last day: of the system by name, the person's own without. */
  programs: { name?: string; count: number }[];
  /** Troubles of the kernel in the last day, by kind. */
  kernel: { kind: string; count: number }[];
  /** False: nothing of this could be read. */
  isKnown: boolean;
}

const recentMs = 86_400_000;

/** What ended by itself in the last day. */
export function judgeCrashes({ agentAgoMs, programs, kernel, isKnown }: CrashesFacts): ProbeResult {
  const times = (count: number) => counted(count, 'time');
  const nameOf = ({ name }: CrashesFacts['programs'][number]) => name ?? 'a program of the person’s own';
  const agentCrashed = agentAgoMs !== undefined && agentAgoMs < recentMs;
  const seen: Seen = {
    ...Object.fromEntries(kernel.map(({ kind, count }) => [kind, times(count)])),
    ...Object.fromEntries(programs.slice(0, 8).map((program) => [`crashed: ${nameOf(program)}`, times(program.count)])),
    'the agent began again after a crash': agentCrashed ? `${spanWords(agentAgoMs)} ago` : undefined,
  };
  const [worst] = kernel;
  if (worst)
    return warn(
      'crashes',
      `The system itself had trouble in the last day: ${worst.kind}, ${times(worst.count)}.`,
      seen,
      kernelFix(worst.kind),
    );
  if (agentCrashed)
    return warn(
      'crashes',
      `The agent ended without being told to and began again ${spanWords(agentAgoMs)} ago.`,
      seen,
      'Keep its log for support.',
    );
  const count = programs.reduce((sum, program) => sum + program.count, 0);
  const [first] = programs;
  if (first && count >= 3)
    return warn(
      'crashes',
      `Programs crashed ${times(count)} in the last day, most often ${nameOf(first)}.`,
      seen,
      'Update or reinstall the program; if several crash, look at memory and disk.',
    );
  if (!isKnown) return unknown('crashes', 'The system does not tell what crashed.', seen);
  return ok(
    'crashes',
    count === 0 ? 'Nothing crashed in the last day.' : `Programs crashed ${times(count)} in the last day.`,
    seen,
  );
}

function kernelFix(kind: string): string {
  if (kind === kernelTroubles.memory) return 'Close what needs most memory; the device may need more of it.';
  if (kind === kernelTroubles.disk) return 'Save what matters and look at the health of the disk.';
  return 'Install the updates of the system and of the firmware; if it comes back, have the hardware tested.';
}

export const kernelTroubles = {
  memory: 'a program was ended because memory ran out',
  disk: 'the disk could not be read or written',
  kernel: 'the kernel met an error of its own',
  stuck: 'something hung for minutes',
  restart: 'the device went down without being shut down',
} as const;
