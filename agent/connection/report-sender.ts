import type { Clock } from '../../shared/clock.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Spool } from '../store/spool.ts';
import type { Session } from './session.ts';

/** Records that come together go together. */
const coalesceMs = 50;

/** Sends the spool, one report in flight; what is not acknowledged is sent again, the same, after a reconnect. */
export class ReportSender {
  readonly #spool: Spool;
  readonly #clock: Clock;
  readonly #log: Log;
  #session: Session | undefined;
  #inFlight = false;
  #waiting: (() => void) | undefined;

  constructor(spool: Spool, clock: Clock, log: Log) {
    this.#spool = spool;
    this.#clock = clock;
    this.#log = log;
    spool.onAdded(() => this.#soon());
  }

  connected(session: Session, acknowledged: number): void {
    this.#session = session;
    this.#inFlight = false;
    this.#spool.acknowledged(this.#spool.epoch, acknowledged);
    this.#send();
  }

  disconnected(): void {
    this.#session = undefined;
    this.#inFlight = false;
    this.#waiting?.();
    this.#waiting = undefined;
  }

  acknowledged({ epoch, sequence }: Body<'ack'>): void {
    this.#spool.acknowledged(epoch, sequence);
    this.#inFlight = false;
    this.#send();
  }

  #soon(): void {
    if (!this.#session || this.#waiting) return;
    this.#waiting = this.#clock.after(coalesceMs, () => {
      this.#waiting = undefined;
      this.#send();
    });
  }

  #send(): void {
    if (!this.#session || this.#inFlight) return;
    try {
      const report = this.#spool.nextReport();
      if (report) this.#inFlight = this.#session.send('report', report);
    } catch (error) {
      this.#log.error({ err: error }, 'Reports could not be read from the spool. Is the disk full?');
    }
  }
}
