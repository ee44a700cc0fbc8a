import { networkInterfaces } from 'node:os';
import type { Clock, Random } from '../../shared/clock.ts';
import type { Platform } from '../../shared/profile/keywords.ts';
import type { Sections } from '../../shared/profile/registry.ts';
import type { HealthReaders } from '../health/collector.ts';
import { linuxReaders } from '../health/linux/index.ts';
import { KernelFiles } from '../health/linux/tree.ts';
import { portableReaders } from '../health/portable/index.ts';
import type { Identity } from '../identity/identity-files.ts';
import type { AgentStatus } from '../local/status.ts';
import type { Log } from '../log.ts';
import type { Commands } from '../platform/commands.ts';
import { type PortalCheck, portalChecks } from './probes/portal.ts';
import { lookAtServer, type ServerLook } from './probes/server-look.ts';
import type { RedactionContext } from './redact.ts';
import { systemLookup } from './system-lookup.ts';

/** What an examination looks with. */
export interface ExaminerParts {
  platform: Platform;
  commands: Commands;
  clock: Clock;
  random: Random;
  log: Log;
  identity: () => Pick<Identity, 'agents' | 'enrolment' | 'trust' | 'credentials'>;
  status: () => AgentStatus | Promise<AgentStatus>;
  /** The settings in force. */
  sections: () => Sections;
  /** The resolvers of the network, never the filter itself. */
  systemServers: () => Promise<string[]>;
  /** True when programs of this host ask the filter: not where files go below a trial root. */
  isHost: boolean;
  redaction: () => Promise<RedactionContext>;
  /** The time that may be believed; absent where no agent runs. */
  now?: () => number;
  /** When the agent last began after a run that had crashed. */
  crashedAt?: () => number | undefined;
  /** Where /proc, /sys, /var and /home are looked for; for tests. */
  root?: string;
  /** As programs on this host look names up. */
  lookup?: (name: string) => Promise<string[]>;
  interfaces?: typeof networkInterfaces;
  portal?: PortalCheck;
  /** Certificates trusted for an encrypted resolver instead of the built-in ones (PEM). */
  publicRoots?: readonly string[];
}

/** What one probe of one examination looks with: programs it starts end with its signal. */
export interface Look extends Required<Omit<ExaminerParts, 'now' | 'crashedAt' | 'publicRoots'>> {
  now: (() => number) | undefined;
  crashedAt: () => number | undefined;
  publicRoots: readonly string[] | undefined;
  files: KernelFiles;
  health: Omit<HealthReaders, 'agent'>;
  signal: AbortSignal;
  /** Asked once in an examination, whoever asks. */
  server(): Promise<ServerLook>;
}

/** One examination; each probe gets a look of its own by its signal. */
export function openLook(parts: ExaminerParts, whole: AbortSignal): { at(signal: AbortSignal): Look } {
  let server: Promise<ServerLook> | undefined;
  const at = (signal: AbortSignal): Look => {
    const { platform, clock, root = '/' } = parts;
    const commands: Commands = {
      run: (path, args, options) => parts.commands.run(path, args, { ...options, signal }),
    };
    return {
      lookup: systemLookup,
      interfaces: networkInterfaces,
      portal: portalChecks[platform],
      ...parts,
      now: parts.now,
      crashedAt: parts.crashedAt ?? (() => undefined),
      publicRoots: parts.publicRoots,
      root,
      commands,
      files: new KernelFiles(root),
      health: platform === 'linux' ? linuxReaders(root, commands, clock) : portableReaders(platform, commands, clock),
      signal,
      server: () => {
        server ??= lookAtServer(parts, whole);
        return server;
      },
    };
  };
  return { at };
}

/** Resolves after a time; rejects when the signal ends first. */
export async function pause({ clock, signal }: Pick<Look, 'clock' | 'signal'>, ms: number): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
