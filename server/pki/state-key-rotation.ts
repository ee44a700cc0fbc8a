import type { Bus } from '../bus.ts';
import type { Actor, EventLog, StateKeyRotation } from '../services.ts';
import type { StateKeys } from './state-signer.ts';

export interface RotationParts {
  stateKeys: StateKeys;
  /** SHA-256 of the root certificate. */
  district: string;
  events: EventLog;
  bus: Bus;
}

/** Changes the key that signs desired states, and has everything signed anew. */
export class StateKeyRotationService implements StateKeyRotation {
  readonly #parts: RotationParts;

  constructor(parts: RotationParts) {
    this.#parts = parts;
  }

  async rotate(actor: Actor): Promise<{ version: number; keyId: string }> {
    const { stateKeys, district, events, bus } = this.#parts;
    await stateKeys.rotate(district);
    const { version, keyId } = stateKeys;
    bus.publish('state-key-rotated', {});
    const words = `The key that signs desired states was changed (version ${version}, key ${keyId.slice(0, 8)}…).`;
    await events.add({ actor, code: 'state-key-rotated', words });
    return { version, keyId };
  }
}
