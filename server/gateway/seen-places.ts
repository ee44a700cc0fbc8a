import { type CampusNetwork, inRange, type ParsedRange, type Place, parseRange } from '../../shared/filter/place.ts';
import type { Bus } from '../bus.ts';
import { readFilterSettings } from '../profiles/filter-context.ts';
import type { LifeCycle } from '../services.ts';
import type { DocumentStore } from '../store/documents.ts';

export interface SeenPlaceParts {
  documents: DocumentStore;
  bus: Bus;
}

/** Where the server sees devices, by the campus networks of the filter settings as they are now; says when those differ. */
export class SeenPlaces implements LifeCycle {
  readonly #parts: SeenPlaceParts;
  #campus: Campus | undefined;
  /** As saved: what `#campus` was made of. */
  #networks = '[]';
  #unsubscribe: (() => void) | undefined;

  constructor(parts: SeenPlaceParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#parts.bus.subscribe('filter-changed', () => this.#read());
    await this.#read();
  }

  async stop(): Promise<void> {
    this.#unsubscribe?.();
  }

  /** `null`: it cannot be said. */
  of(address: string | undefined): Place | null {
    return this.#campus && address !== undefined ? seenPlace(this.#campus, address) : null;
  }

  async #read(): Promise<void> {
    const { settings } = await readFilterSettings(this.#parts.documents);
    const networks = JSON.stringify(settings.campus);
    if (networks === this.#networks) return;
    this.#networks = networks;
    this.#campus = campusOf(settings.campus);
    this.#parts.bus.publish('campus-changed', {});
  }
}

export interface Campus {
  ranges: readonly ParsedRange[];
  /** Every network says at which addresses the server sees its devices. */
  isWhole: boolean;
}

/** Undefined when no network says at which addresses the server sees its devices. */
export function campusOf(networks: readonly CampusNetwork[]): Campus | undefined {
  const seen = networks.filter(({ publicAddresses }) => publicAddresses !== undefined);
  if (seen.length === 0) return undefined;
  const ranges = seen.flatMap(({ publicAddresses = [] }) => publicAddresses.map(parseRange));
  return {
    ranges: ranges.filter((range) => typeof range !== 'string'),
    isWhole: seen.length === networks.length,
  };
}

/** An address of no network is off campus, unless there are networks that do not say how the server sees them. */
export function seenPlace({ ranges, isWhole }: Campus, address: string): Place | null {
  if (ranges.some((range) => inRange(address, range))) return 'on-campus';
  return isWhole ? 'off-campus' : null;
}
