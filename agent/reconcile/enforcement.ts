import type { ArtifactCache } from '../connection/artifact-cache.ts';
import type { Log } from '../log.ts';
import type { AcceptedState } from './accepted-state.ts';
import type { Reconciler } from './reconciler.ts';

/** Brings accepted states into force, then lets go of artefacts that none needs any more. */
export class Enforcement {
  readonly #reconciler: Reconciler;
  readonly #artifacts: ArtifactCache;
  readonly #log: Log;
  #latest: AcceptedState | undefined;

  constructor(reconciler: Reconciler, artifacts: ArtifactCache, log: Log) {
    this.#reconciler = reconciler;
    this.#artifacts = artifacts;
    this.#log = log;
  }

  accept(state: AcceptedState): void {
    this.#latest = state;
    this.#reconciler.enforce(state);
    this.#prune(state).catch((error: unknown) => {
      this.#log.warn({ err: error }, 'Artefacts that are no longer needed could not be removed.');
    });
  }

  /** While something failed, the earlier lists may be what is in force: they stay. */
  async #prune(state: AcceptedState): Promise<void> {
    await this.#reconciler.idle();
    if (state === this.#latest && this.#reconciler.isSettled) await this.#artifacts.prune(artifactsOf(state));
  }
}

/** The artefacts a state names: compiled lists. */
function artifactsOf({ known }: AcceptedState): Set<string> {
  const desired = known.get('webFilter')?.desired;
  return new Set(desired && 'lists' in desired ? desired.lists.map(({ hash }) => hash) : []);
}
