import type { Clock } from '../../shared/clock.ts';
import type { SignedCommand } from '../../shared/commands/command.ts';
import type { Platform } from '../../shared/profile/keywords.ts';
import type { ArtifactSource } from '../connection/artifact-source.ts';
import type { FreshLook } from '../fresh-look.ts';
import type { IdentityKeeper } from '../identity/identity-keeper.ts';
import type { Log } from '../log.ts';
import type { Commands, ScriptDoor } from '../platform/commands.ts';
import type { HostFiles } from '../platform/host-files.ts';
import type { AcceptedState } from '../reconcile/accepted-state.ts';
import type { Home } from '../store/home.ts';
import type { Store } from '../store/open.ts';
import { assertLostMode } from './acts/lost-mode.ts';
import { PinnedApprovers } from './approvers.ts';
import type { Executors } from './executor.ts';
import { createExecutors } from './executors.ts';
import { CommandInbox } from './inbox.ts';
import { Told } from './told.ts';

export interface DeskParts {
  home: Home;
  keeper: IdentityKeeper;
  store: Store;
  platform: Platform;
  commands: Commands;
  scripts: ScriptDoor;
  files: HostFiles;
  isHost: boolean;
  fresh: Pick<FreshLook, 'ask' | 'through'>;
  renew: () => Promise<void>;
  restartAgent: () => void;
  artifacts: ArtifactSource;
  bootId: () => string;
  trusted: { now(): number };
  /** In the place of those of this host. */
  executors?: Executors | undefined;
  clock: Clock;
  log: Log;
}

const flushEveryMs = 250;

/** What the server may tell this device to do, who must have signed it, and what of it the person sees. */
export class CommandDesk {
  readonly told: Told;
  readonly #parts: DeskParts;
  readonly #approvers: PinnedApprovers;
  readonly #inbox: CommandInbox;
  readonly #ending = new AbortController();
  #assertLost: () => Promise<void>;

  constructor(parts: DeskParts) {
    const { home, keeper, store, clock, log, trusted, executors } = parts;
    this.#parts = parts;
    this.told = new Told(home.told, clock, log);
    const trust = () => keeper.identity.trust;
    const { reports, commands } = store;
    this.#approvers = new PinnedApprovers({
      ...{ path: home.approvers, reports, trusted, clock, log },
      audience: () => trust().district,
    });
    const acts = {
      ...{ ...parts, told: this.told, ending: this.#ending.signal },
      flushed: (withinMs: number) => this.#flushed(withinMs),
    };
    this.#assertLost = () => assertLostMode(acts);
    this.#inbox = new CommandInbox({
      ...{ trust, reports, commands, trusted, clock, log, platform: parts.platform, bootId: parts.bootId },
      ...{ deviceId: () => keeper.identity.deviceId, approvers: this.#approvers },
      executors: executors ?? createExecutors(acts),
    });
  }

  start(): void {
    this.#approvers.start();
    this.#inbox.start();
    this.#assertLost().catch((error: unknown) => {
      this.#parts.log.error({ err: error }, 'Lost mode could not be kept up; people may be able to sign in.');
    });
  }

  /** What is being done ends; it is said at the next start that nobody knows what came of it. */
  stop(): void {
    this.#ending.abort();
    this.#approvers.stop();
  }

  receive(signed: SignedCommand): void {
    this.#inbox.receive(signed);
  }

  /** A verified state is in force. */
  accepted(state: AcceptedState): void {
    this.#approvers.consider(state);
  }

  /** Resolves when nothing is being done. */
  async settled(): Promise<void> {
    await this.#inbox.settled();
  }

  async #flushed(withinMs: number): Promise<void> {
    const { clock, store } = this.#parts;
    const until = clock.monotonic() + withinMs;
    while (store.spool.length > 0 && clock.monotonic() < until)
      await new Promise<void>((resolve) => void clock.after(flushEveryMs, resolve));
  }
}
