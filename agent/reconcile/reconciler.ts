import type { Clock, Random } from '../../shared/clock.ts';
import type { ReportedRecord } from '../../shared/protocol/messages.ts';
import type { Capability } from '../capabilities/capability.ts';
import type { Log } from '../log.ts';
import type { Reports } from '../store/reports.ts';
import type { AcceptedState } from './accepted-state.ts';
import { removedLine } from './enforce.ts';
import type { Repairs } from './repairs.ts';
import { SectionLoop } from './section-loop.ts';

export interface ReconcilerOptions {
  capabilities: readonly Capability[];
  reports: Reports;
  real: (path: string) => string;
  /** A pass of this section saw something else than the one before, put something right, or answered a change that was heard. */
  onNews?: (section: string) => void;
  repairs: Repairs;
  periodMs: number;
  clock: Clock;
  random: Random;
  log: Log;
}

/** Brings every section of a state into force and keeps it there. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #loops: Map<string, SectionLoop>;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#loops = new Map(
      options.capabilities.map((capability) => [capability.name, new SectionLoop({ ...options, capability })]),
    );
  }

  /** Begins at once; `idle` tells when the first passes are through. */
  enforce({ manifest, known, unknown }: AcceptedState): void {
    const { generation } = manifest;
    for (const [name, loop] of this.#loops) {
      const wanted = known.get(name as Parameters<typeof known.get>[0]);
      if (wanted) loop.enforce(wanted);
      else loop.remove(generation);
    }
    for (const [name, { hash }] of known) if (!this.#loops.has(name)) this.#unsupported(name, hash, generation);
    for (const { name, hash } of unknown) this.#unsupported(name, hash, generation);
    this.#forgetUnnamed(manifest.sections, generation);
  }

  async idle(): Promise<void> {
    await Promise.all([...this.#loops.values()].map((loop) => loop.idle()));
  }

  /** True when the last pass of every section reached its aim. */
  get isSettled(): boolean {
    return [...this.#loops.values()].every((loop) => !loop.isFailing);
  }

  /** A fresh pass of every section; resolves when they are through. */
  async look(): Promise<void> {
    for (const loop of this.#loops.values()) loop.wake();
    await this.idle();
  }

  /** What failed is tried at once, for example because the server can be reached again. */
  retryFailed(): void {
    for (const loop of this.#loops.values()) if (loop.isFailing) loop.wake();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#loops.values()].map((loop) => loop.stop()));
  }

  #unsupported(section: string, hash: string, generation: number): void {
    const message = `This version of the agent does not know ${section}; a newer one may.`;
    this.#report({ section, generation, hash, status: 'unsupported', failure: { code: 'unsupported', message } });
  }

  /** Sections this agent never knew and that are no longer named. */
  #forgetUnnamed(named: Record<string, string>, generation: number): void {
    const gone = this.#options.reports
      .sections()
      .filter(({ section, hash }) => hash && !this.#loops.has(section) && !Object.hasOwn(named, section));
    for (const { section } of gone)
      this.#report({ section, generation, status: 'verified', evidence: [removedLine(section)] });
  }

  #report(record: Omit<ReportedRecord, 'kind' | 'at' | 'evidence'> & Pick<Partial<ReportedRecord>, 'evidence'>): void {
    this.#options.reports.reportSection({
      kind: 'reported',
      at: this.#options.clock.now(),
      evidence: [],
      ...record,
    });
  }
}
