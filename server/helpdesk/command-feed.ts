import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/clock.ts';
import type { Action } from '../../shared/commands/action.ts';
import type { SignedCommand } from '../../shared/commands/command.ts';
import type { Bus } from '../bus.ts';
import { ChangeQueue } from '../change-queue.ts';
import type { StateSigner } from '../pki/state-signer.ts';
import type { LifeCycle } from '../services.ts';
import type { ApprovalStore } from '../store/approvals.ts';
import type { CommandStore, Deliverable } from '../store/commands.ts';
import type { ScriptStore } from '../store/scripts.ts';

export interface CommandFeedParts {
  stores: { commands: CommandStore; approvals: ApprovalStore; scripts: ScriptStore };
  signer: StateSigner;
  /** False when the device is not connected. */
  send: (deviceId: string, command: SignedCommand) => boolean;
  isConnected: (deviceId: string) => boolean;
  /** Devices of these that have pinned the approvers they were sent: before that they refuse what two must sign. */
  knowApprovers: (deviceIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Whether whoever gave it may still give it to this device. */
  mayGive: (staffId: string, deviceId: string) => Promise<boolean>;
  bus: Bus;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** Devices between two looks at the sockets. */
const atOnce = 50;

/**
 * Takes commands to the devices that are connected, and again at each connection until they have answered: an agent never
 * does one twice. Whether it is still wanted, not over, and for this device is looked at when it goes out, not before.
 */
export class CommandFeed implements LifeCycle {
  readonly #parts: CommandFeedParts;
  readonly #queue: ChangeQueue;
  /** Connected devices that wait for their approvers. */
  readonly #heldBack = new Set<string>();
  #unsubscribe: (() => void)[] = [];

  constructor(parts: CommandFeedParts) {
    this.#parts = parts;
    const { clock, onError } = parts;
    this.#queue = new ChangeQueue({ work: (ids) => this.#feed(ids === 'all' ? [] : ids), clock, onError });
  }

  async start(): Promise<void> {
    const { bus } = this.#parts;
    this.#unsubscribe = [
      bus.subscribe('device-welcomed', ({ deviceIds }) => this.#queue.add(deviceIds)),
      bus.subscribe('commands-changed', ({ deviceIds }) => this.#look(deviceIds)),
      bus.subscribe('reported', ({ byKind }) => this.#reported(byKind.reported ?? [])),
    ];
  }

  async stop(): Promise<void> {
    for (const unsubscribe of this.#unsubscribe.splice(0)) unsubscribe();
    await this.#queue.stop();
  }

  /** Resolves when what could go out has gone out. */
  async settled(): Promise<void> {
    await this.#queue.settled();
  }

  #look(deviceIds: readonly string[]): void {
    const connected = deviceIds.filter((id) => this.#parts.isConnected(id));
    if (connected.length > 0) this.#queue.add(connected);
  }

  #reported(deviceIds: readonly string[]): void {
    const held = deviceIds.filter((id) => this.#heldBack.delete(id));
    if (held.length > 0) this.#queue.add(held);
  }

  async #feed(deviceIds: readonly string[]): Promise<void> {
    const { stores, clock } = this.#parts;
    const frames = new Map<string, SignedCommand | undefined>();
    for (let start = 0; start < deviceIds.length; start += atOnce) {
      const due = await stores.commands.toDeliver(deviceIds.slice(start, start + atOnce), clock.now());
      const waiting = due.filter(needsApprovers).map(({ device_id }) => device_id);
      const knowing = waiting.length === 0 ? new Set<string>() : await this.#parts.knowApprovers(waiting);
      for (const one of due)
        if (needsApprovers(one) && !knowing.has(one.device_id)) this.#heldBack.add(one.device_id);
        else await this.#deliver(one, frames);
      await setImmediate();
    }
  }

  async #deliver(one: Deliverable, frames: Map<string, SignedCommand | undefined>): Promise<void> {
    const { stores, clock, send, mayGive } = this.#parts;
    if (one.by_staff !== null && !(await mayGive(one.by_staff, one.device_id))) {
      const words = 'Whoever gave it may not tell this device any more.';
      await stores.commands.note(one.id, one.device_id, {
        state: 'expired',
        at: clock.now(),
        words,
        code: 'out-of-scope',
      });
      return;
    }
    if (!frames.has(one.id)) frames.set(one.id, await this.#signed(one));
    const command = frames.get(one.id);
    if (command && send(one.device_id, command))
      await stores.commands.note(one.id, one.device_id, { state: 'sent', at: clock.now() });
  }

  /** Signed with the key in use now, which may be another than when it was given. */
  async #signed({ text, action, approval_id }: Deliverable): Promise<SignedCommand | undefined> {
    const { stores, signer } = this.#parts;
    const approval = approval_id === null ? undefined : await stores.approvals.find(approval_id);
    if (approval_id !== null && approval?.state !== 'signed') return undefined;
    const approvals = (approval?.signatures ?? []).filter(({ counts }) => counts).map(({ assertion }) => assertion);
    const what = JSON.parse(action) as Action;
    const published = what.kind === 'run-script' ? (await stores.scripts.find(what.scriptId))?.published : undefined;
    if (what.kind === 'run-script' && published?.hash !== what.hash) return undefined;
    return {
      ...{ text, signature: signer.sign(text), keyId: signer.keyId, approvals },
      ...(published && { publication: { text: published.text, approvals: published.approvals } }),
    };
  }
}

function needsApprovers({ approval_id, action }: Deliverable): boolean {
  return approval_id !== null || (JSON.parse(action) as Action).kind === 'run-script';
}
