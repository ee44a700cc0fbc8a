import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import { compare } from '../../shared/policy/canonical.ts';
import type { PersonAttributes } from '../../shared/policy/subject.ts';
import type { Bus } from '../bus.ts';
import type { LifeCycle } from '../services.ts';
import { Shared } from './shared.ts';
import { type ManagedDevice, readDevices, type SubjectStores } from './subjects.ts';

export interface IndexParts {
  stores: SubjectStores;
  bus: Bus;
  clock: Clock;
}

/** Devices read between two looks at the sockets. */
const atOnce = 500;

/**
 * Every device that takes part in policy with what selectors ask of it, in memory. The bus says what is no longer so; it
 * is read again when somebody next asks. Values that many devices have in common are held once.
 */
export class SubjectIndex implements LifeCycle {
  readonly #parts: IndexParts;
  readonly #devices = new Map<string, ManagedDevice>();
  #shared = new Sharing();
  #stale: Set<string> | 'all' = 'all';
  #reading: Promise<void> = Promise.resolve();
  #byName: readonly ManagedDevice[] | undefined;
  #version = 0;
  #unsubscribe: (() => void)[] = [];

  constructor(parts: IndexParts) {
    this.#parts = parts;
  }

  /** Before whoever asks on the same events: listeners are called in the order they came. */
  async start(): Promise<void> {
    const { bus } = this.#parts;
    this.#unsubscribe = [
      bus.subscribe('roster-changed', () => this.#outdate('all')),
      // In another zone it is another day, which enrolments begin and end by.
      bus.subscribe('calendars-changed', () => this.#outdate('all')),
      bus.subscribe('device-changed', ({ deviceIds }) => this.#outdate(deviceIds)),
      bus.subscribe('restrictions-changed', ({ deviceIds }) => this.#outdate(deviceIds)),
      bus.subscribe('device-revoked', ({ deviceId }) => this.#outdate([deviceId])),
    ];
    this.#outdate('all');
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    // Whether it failed, whoever asked is told.
    await Promise.allSettled([this.#reading]);
  }

  /** Rises when any device differs; as of the last answer. */
  get version(): number {
    return this.#version;
  }

  /** By name. The same array until something changes. */
  async all(): Promise<readonly ManagedDevice[]> {
    await this.#bringUpToDate();
    this.#byName ??= [...this.#devices.values()].sort((a, b) => compare(a.name, b.name) || compare(a.id, b.id));
    return this.#byName;
  }

  /** Those of these that take part, read anew. */
  async some(ids: readonly string[]): Promise<ManagedDevice[]> {
    this.#outdate(ids);
    await this.#bringUpToDate();
    return ids.flatMap((id) => this.#devices.get(id) ?? []);
  }

  #outdate(ids: readonly string[] | 'all'): void {
    if (ids === 'all') this.#stale = 'all';
    else if (this.#stale !== 'all') for (const id of ids) this.#stale.add(id);
  }

  /** One reading after the other: whoever asks meanwhile waits for what was stale when they asked. */
  async #bringUpToDate(): Promise<void> {
    // Whether the one before failed, whoever asked for it is told.
    const reading = Promise.allSettled([this.#reading]).then(() => this.#read());
    this.#reading = reading;
    await reading;
  }

  async #read(): Promise<void> {
    const stale = this.#stale;
    if (stale !== 'all' && stale.size === 0) return;
    this.#stale = new Set();
    try {
      if (stale === 'all') await this.#readAll();
      else await this.#readSome([...stale]);
    } catch (error) {
      this.#outdate(stale === 'all' ? 'all' : [...stale]);
      throw error;
    }
  }

  async #readAll(): Promise<void> {
    this.#shared = new Sharing();
    const ids = await this.#parts.stores.desired.activeIds();
    const present = new Set(ids);
    for (const id of this.#devices.keys()) if (!present.has(id)) this.#devices.delete(id);
    await this.#readSome(ids);
  }

  async #readSome(ids: readonly string[]): Promise<void> {
    const { stores, clock } = this.#parts;
    for (let start = 0; start < ids.length; start += atOnce) {
      const some = ids.slice(start, start + atOnce);
      const found = await readDevices(stores, clock.now(), some);
      const missing = new Set(some);
      for (const device of found) {
        missing.delete(device.id);
        this.#devices.set(device.id, this.#shared.device(device));
      }
      for (const id of missing) this.#devices.delete(id);
      if (start + atOnce < ids.length) await setImmediate();
    }
    this.#version += 1;
    this.#byName = undefined;
  }
}

/** Holds once what many devices have in common. */
class Sharing {
  readonly #values = new Shared<object>();
  readonly #texts = new Map<string, string>();

  device({ subject, ...device }: ManagedDevice): ManagedDevice {
    const { tags, os, model, custodian } = subject;
    return {
      ...device,
      subject: {
        ...subject,
        tags: this.#of(tags),
        os: os && this.#of(os),
        model: model && this.#text(model),
        custodian: custodian && this.#person(custodian),
      },
    };
  }

  #person({ orgs, classes, grade, ...person }: PersonAttributes): PersonAttributes {
    return {
      ...person,
      grade: grade && this.#text(grade),
      orgs: this.#of(orgs),
      classes: classes && this.#of(classes.map((one) => this.#text(one))),
    };
  }

  #of<T extends object>(value: T): T {
    return this.#values.of(value) as T;
  }

  #text(text: string): string {
    const shared = this.#texts.get(text) ?? text;
    this.#texts.set(shared, shared);
    return shared;
  }
}
