import { setImmediate } from 'node:timers/promises';
import type { DesiredChanges, DesiredStore, DeviceDesired } from '../store/desired.ts';
import { Shared } from './shared.ts';

/** What each device should hold as committed, in memory: every pass and every preview asks about all of them. */
export class DesiredRows {
  readonly #store: DesiredStore;
  readonly #scopes = new Shared<readonly string[]>();
  #rows: Promise<Map<string, DeviceDesired>> | undefined;

  constructor(store: DesiredStore) {
    this.#store = store;
  }

  /** By device id; changes with every commit. Read from the store the first time. Equal scopes are one value. */
  async all(): Promise<ReadonlyMap<string, DeviceDesired>> {
    return await this.#read();
  }

  /** Writes to the store, and then it is so here. */
  async commit(changes: DesiredChanges): Promise<void> {
    const rows = await this.#read();
    await this.#store.commit(changes);
    for (const row of changes.devices) rows.set(row.deviceId, { ...row, scope: this.#scopes.of(row.scope) });
    for (const id of changes.removed) rows.delete(id);
  }

  async #read(): Promise<Map<string, DeviceDesired>> {
    this.#rows ??= this.#readAll();
    try {
      const rows = await this.#rows;
      return rows;
    } catch (error) {
      this.#rows = undefined;
      throw error;
    }
  }

  async #readAll(): Promise<Map<string, DeviceDesired>> {
    const rows = new Map<string, DeviceDesired>();
    for await (const page of this.#store.inPages()) {
      for (const row of page) rows.set(row.deviceId, row);
      await setImmediate();
    }
    return rows;
  }
}
