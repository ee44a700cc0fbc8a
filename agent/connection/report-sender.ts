import type { Clock } from '../../shared/clock.ts';
import type { Body } from '../../shared/protocol/messages.ts';
import type { Log } from '../log.ts';
import type { Spool } from '../store/spool.ts';
import type { Session } from './session.ts';

/** Records that come together go together. */
const coalesceMs = 50;
/** After the disk failed. */
const retryMs = 10_000;

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
    this.#forget(this.#spool.epoch, acknowledged);
  }

  disconnected(): void {
    this.#session = undefined;
    this.#inFlight = false;
    this.#waiting?.();
    this.#waiting = undefined;
  }

  acknowledged({ epoch, sequence }: Body<'ack'>): void {
    this.#inFlight = false;
    this.#forget(epoch, sequence);
  }

  /** Where the disk does not let them go, the same report is sent again later: the server counts it once. */
  #forget(epoch: string, sequence: number): void {
    try {
      this.#spool.acknowledged(epoch, sequence);
      this.#send();
    } catch (error) {
      this.#log.error({ err: error }, 'Reports could not be taken from the spool. Is the disk full?');
      this.#soon(retryMs);
    }
  }

  #soon(ms = coalesceMs): void {
    if (!this.#session || this.#waiting) return;
    this.#waiting = this.#clock.after(ms, () => {
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
      this.#soon(retryMs);
    }
  }
}
