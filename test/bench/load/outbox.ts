import type { Body, ReportRecord } from '../../../shared/protocol/messages.ts';
import { eventDetail } from './stats.ts';

/** A device that is away for weeks keeps no more than this; the real spool is on disk and larger. */
const mostWaiting = 100;
const mostTogether = 50;

/** The spool of a simulated device: batches numbered without gaps, one under way, the same again after a reconnect. */
export class Outbox {
  readonly epoch: string;
  /** The last sequence that the server says it holds. */
  acknowledged = 0;
  readonly #withEvents: boolean;
  #waiting: ReportRecord[] | undefined;
  #events = 0;
  #underWay: Body<'report'> | undefined;
  #sentAt: number | undefined;

  constructor(epoch: string, withEvents: boolean) {
    this.epoch = epoch;
    this.#withEvents = withEvents;
  }

  get spool(): Body<'hello'>['spool'] {
    return { epoch: this.epoch, next: this.acknowledged + 1 };
  }

  get isUnderWay(): boolean {
    return this.#sentAt !== undefined;
  }

  /** A newer value of the same thing replaces the one that waits. */
  add(record: ReportRecord): void {
    this.#waiting ??= [];
    const at = this.#waiting.findIndex((waiting) => topicOf(waiting) === topicOf(record));
    if (at >= 0) this.#waiting[at] = record;
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(record);
  }

  /** So many reports of one event each. */
  addEvents(count: number): void {
    this.#events += count;
  }

  /** The report to send now; undefined when one is under way or there is nothing to say. */
  next(now: number): Body<'report'> | undefined {
    if (this.#sentAt !== undefined) return undefined;
    this.#underWay ??= this.#batch();
    if (this.#underWay) this.#sentAt = now;
    return this.#underWay;
  }

  /** When the report was sent that this acknowledges; undefined when it is about another. */
  acknowledge(epoch: string, sequence: number): number | undefined {
    const sentAt = this.#sentAt;
    if (epoch !== this.epoch || sequence !== this.#underWay?.sequence) return undefined;
    this.acknowledged = sequence;
    this.#underWay = undefined;
    this.#sentAt = undefined;
    return sentAt;
  }

  disconnected(): void {
    this.#sentAt = undefined;
  }

  /** What the welcome says is held; returns how many reports are known to be held by it that were not before. */
  connected(held: number): number {
    const fresh = Math.max(0, held - this.acknowledged);
    this.acknowledged = Math.max(this.acknowledged, held);
    if (this.#underWay && this.#underWay.sequence <= held) this.#underWay = undefined;
    return fresh;
  }

  #batch(): Body<'report'> | undefined {
    const records = this.#waiting?.splice(0, mostTogether) ?? [];
    if (this.#waiting?.length === 0) this.#waiting = undefined;
    const sequence = this.acknowledged + 1;
    const isAsked = this.#events > 0;
    if (isAsked) this.#events -= 1;
    if (isAsked || (this.#withEvents && records.length > 0)) records.push(this.#event(sequence));
    return records.length > 0 ? { epoch: this.epoch, sequence, records } : undefined;
  }

  #event(sequence: number): ReportRecord {
    return { kind: 'event', at: Date.now(), code: 'load', detail: eventDetail(this.epoch, sequence) };
  }
}

/** What a record replaces: the same section, the same collector. */
function topicOf(record: ReportRecord): string {
  if (record.kind === 'reported') return `section ${record.section}`;
  return record.kind === 'health' ? record.collector : record.kind;
}
