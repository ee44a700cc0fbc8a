import type { Manifest, ReportRecord } from '../../../shared/protocol/messages.ts';

/** The state a simulated device holds, what it lacks of the next one, and what it reports once it has that. */
export class HeldState {
  generation = 0;
  sections: Manifest['sections'] = {};
  #next: Pick<Manifest, 'generation' | 'sections'> | undefined;
  #lacking = new Set<string>();

  get isComplete(): boolean {
    return this.#next === undefined;
  }

  /** Hashes to ask for: what is held by content is not fetched again. Undefined: the manifest is older than the state. */
  lackingOf({ generation, sections }: Manifest): string[] | undefined {
    if (generation < this.generation) return undefined;
    const held = new Set(Object.values(this.sections));
    this.#next = { generation, sections };
    this.#lacking = new Set(Object.values(sections).filter((hash) => !held.has(hash)));
    return [...this.#lacking];
  }

  /** True when this section was the last that lacked. */
  got(hash: string): boolean {
    return this.#lacking.delete(hash) && this.#lacking.size === 0;
  }

  /** Takes over the next state; says of what differs that it is in force. */
  apply(): ReportRecord[] {
    const { generation, sections } = this.#next ?? this;
    const changed = Object.entries(sections).filter(([section, hash]) => this.sections[section] !== hash);
    this.generation = generation;
    this.sections = sections;
    this.#next = undefined;
    return changed.map(([section, hash]) => verified(section, hash, generation));
  }

  /** The connection is gone: what had not arrived is not held, and is offered again. */
  forgetNext(): void {
    this.#next = undefined;
    this.#lacking.clear();
  }
}

function verified(section: string, hash: string, generation: number): ReportRecord {
  return {
    ...{ kind: 'reported', at: Date.now(), section, generation, hash, status: 'verified' },
    evidence: [{ item: section, expected: 'as told', seen: 'as told', ok: true }],
  };
}
