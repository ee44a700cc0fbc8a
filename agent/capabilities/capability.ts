import type { CapabilityName, Sections } from '../../shared/profile/registry.ts';
import type { Evidence } from '../../shared/protocol/messages.ts';
import type { Commands } from '../platform/commands.ts';
import type { HostFiles } from '../platform/host-files.ts';
import type { TableChanges } from '../platform/table-changes.ts';

/** One step from what was observed to what is desired, in words a person can read. */
export interface Change {
  item: string;
  before: string;
  after: string;
  /** Networks and programs change it in the ordinary course: it is put right, and never taken for tampering. */
  isOrdinary?: true;
}

/** What a fresh look at the host gave, already in words; `ok` lines match what is desired. */
export interface Observation {
  evidence: Evidence[];
}

/** An expected failure of the host, reported as `failed` with this code; anything else thrown is a bug. */
export class CapabilityError extends Error {
  readonly code: string;
  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CapabilityError';
    this.code = code;
  }
}

/**
 * One thing that can be enforced on this host. The loop is observe → plan → apply → observe again → report:
 * `verified` means the second observation has no line that is not `ok`.
 */
export interface Capability<N extends CapabilityName = CapabilityName> {
  readonly name: N;
  /** False: this host cannot do it; the section is reported `unsupported` with `unsupportedWhy`. */
  readonly supported: boolean;
  readonly unsupportedWhy?: string;
  /** A fresh look, never from memory. Also proves the effect where it can be measured. */
  observe(desired: NonNullable<Sections[N]>): Promise<Observation>;
  /** Pure: what must change. Empty when the observation matches. */
  plan(desired: NonNullable<Sections[N]>, observation: Observation): Change[];
  /** Brings the host to the desired state. Idempotent: repeated after a crash at any step. */
  apply(desired: NonNullable<Sections[N]>): Promise<void>;
  /** Puts back what was there before the first change. Idempotent. */
  remove(): Promise<void>;
  /** Paths as the host sees them whose change should wake the loop (drift); a folder ends in a slash. */
  watched(desired: NonNullable<Sections[N]>): string[];
  /**
   * Calls `onChange` when something no file shows may have changed (drift, tables of the kernel), until the answer is called.
   * Best effort, and absent where there is nothing cheap to listen to: the periodic pass finds what is not heard.
   */
  subscribe?(desired: NonNullable<Sections[N]>, onChange: () => void): () => void;
  /** True when `verified` cannot be claimed on this system although applying worked (for example, MDM needed). */
  readonly verifiable: boolean;
  /** Stops what runs inside the agent (a resolver, timers) without changing the host's settings. */
  stop(): Promise<void>;
}

/** What every capability may use of the host. */
export interface Host {
  platform: 'linux' | 'darwin' | 'win32';
  commands: Commands;
  files: HostFiles;
  /** Changes of the packet filter (Linux); absent: only the periodic pass finds them. */
  tables?: TableChanges;
}
