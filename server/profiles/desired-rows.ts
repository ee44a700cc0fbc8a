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
    this.#rows ??= this.#store.ofDevices();
    try {
      const rows = await this.#rows;
      return rows;
    } catch (error) {
      this.#rows = undefined;
      throw error;
    }
  }
}
