import { EventEmitter } from 'node:events';
import type { ReportRecord } from '../shared/protocol/messages.ts';

/** What happens in the server, by name. In-process; the payloads are small and hold ids only. */
export interface BusEvents {
  /**
   * A device was enrolled, approved, revoked, tagged, or changed hands: its desired state may differ. `only`: it was seen
   * at another place, which matters to few.
   */
  'device-changed': { deviceIds: readonly string[]; only?: 'place' };
  /** The roster changed: everybody's scope may differ. */
  'roster-changed': Record<string, never>;
  /** A profile was published or a list replaced. */
  'policy-changed': Record<string, never>;
  /** A profile was made, or its draft was saved or thrown away: nothing for devices, but for others who edit it. */
  'draft-changed': { profileId: string };
  /** The desired state of these devices has a new generation. */
  'desired-changed': { deviceIds: readonly string[] };
  reported: Reported;
  /** These devices connected, or have no connection any more. */
  'presence-changed': { deviceIds: readonly string[]; connected: boolean };
  /** Of these devices, which were judged anew, what they should be told may differ although no verdict does. */
  'devices-judged': { deviceIds: readonly string[] };
  'verdict-changed': { deviceIds: readonly string[]; personIds: readonly string[] };
  /** Live sessions of this device end now. */
  'device-revoked': { deviceId: string };
  /** A row was added to the events. */
  'event-added': { eventId: number };
  /** Somebody looked at records of people: at a person, a device or a ticket. */
  'record-read': { kind: string; id: string };
  /** Desired states are signed with another key from now on. */
  'state-key-rotated': Record<string, never>;
  /** A list's version, settings of the filter or a calendar changed: sections differ, assignments do not. */
  'filter-changed': Record<string, never>;
  /** Where the server sees devices is told by other campus networks from now on. */
  'campus-changed': Record<string, never>;
  /** An override began or ended for these devices. */
  'overrides-changed': { deviceIds: readonly string[] };
  /** Unblock requests were asked or decided; of these devices the outcome is to be told. */
  'requests-changed': { deviceIds: readonly string[] };
  /** A school calendar was saved or deleted: deadlines counted in school days may differ. */
  'calendars-changed': Record<string, never>;
  'compliance-policy-changed': Record<string, never>;
  /** A waiver began or ended for these devices. */
  'waivers-changed': { deviceIds: readonly string[] };
  /** What these people owe changed. */
  'obligations-changed': { personIds: readonly string[] };
  /** These devices were restricted, or are no more: their desired state differs. */
  'restrictions-changed': { deviceIds: readonly string[] };
  /** A recovery key was reported, asked for or decided about; `all`: the escrow key changed. */
  'recovery-changed': { deviceIds: readonly string[] | 'all' };
  'tokens-changed': Record<string, never>;
  /** A group was made, drafted or published; what devices should hold follows `policy-changed`. */
  'groups-changed': Record<string, never>;
  /** A change was proposed, commented, decided, scheduled, published or taken back. */
  'changes-changed': { changeIds: readonly string[] };
  /** A rollout began, opened a ring, or was decided about; what devices should hold follows `policy-changed`. */
  'rollouts-changed': { rolloutIds: readonly string[] };
  /** A rollout was halted by what devices report. */
  'rollout-halted': { rolloutId: string };
  'api-tokens-changed': Record<string, never>;
  'webhooks-changed': Record<string, never>;
  /** The day's signed head of the audit is there to be sent elsewhere. */
  'audit-head-made': Record<string, never>;
  /** A ticket was opened, changed, noted. */
  'tickets-changed': { ticketIds: readonly string[] };
  /** A look at a device began, was answered, examined or ended. */
  'diagnosis-changed': { diagnosisId: string; ticketId: string };
  /** A command was given, or devices answered it. */
  'commands-changed': { commandIds: readonly string[]; deviceIds: readonly string[] };
  'approvals-changed': Record<string, never>;
  /** Other people approve what is dangerous: every device is told. */
  'approvers-changed': Record<string, never>;
  /** These said hello and were let in, whether they were connected before or not. */
  'device-welcomed': { deviceIds: readonly string[] };
  'scripts-changed': Record<string, never>;
  /** An account, its roles, its factors or its sessions changed. */
  'staff-changed': { staffIds: readonly string[] };
}

/** Reports of these devices were committed. */
export interface Reported {
  deviceIds: readonly string[];
  /** Kind of record → who sent such a one. */
  byKind: { readonly [K in ReportRecord['kind']]?: readonly string[] };
  /** Of these, something that checks read is otherwise than it was. */
  changed: readonly string[];
  /** See `ReportOutcome`. */
  restless: readonly string[];
}

export type BusEventName = keyof BusEvents;

/** Typed publish/subscribe. A listener that throws must not harm the others: it is reported to `onError`. */
export class Bus {
  readonly #emitter = new EventEmitter();
  readonly #onError: (error: unknown, event: BusEventName) => void;

  constructor(onError: (error: unknown, event: BusEventName) => void) {
    this.#onError = onError;
    this.#emitter.setMaxListeners(100);
  }

  publish<N extends BusEventName>(name: N, payload: BusEvents[N]): void {
    this.#emitter.emit(name, payload);
  }

  /** Returns the function that unsubscribes. */
  subscribe<N extends BusEventName>(name: N, listener: (payload: BusEvents[N]) => void | Promise<void>): () => void {
    const guarded = (payload: BusEvents[N]) => {
      Promise.try(listener, payload).catch((error: unknown) => this.#onError(error, name));
    };
    this.#emitter.on(name, guarded);
    return () => this.#emitter.off(name, guarded);
  }
}
