import type { Identity } from '../../store/certificates.ts';
import type { Connection, ConnectionListener, ConnectionOffence } from '../connection.ts';
import type { ConnectionOwner } from '../connections.ts';
import { textsOf } from './identity-texts.ts';
import type { Link } from './link.ts';
import { LinkError } from './record-splitter.ts';
import type { fromFront, Heard, toFront } from './records.ts';

type ServerLink = Pick<Link<typeof fromFront, typeof toFront>, 'send' | 'isFull'>;
type DeskRecords = 'send' | 'keep' | 'fan' | 'drop' | 'full' | 'hush' | 'close' | 'terminate';

/** The connections of a front by their numbers: what they say goes to the server, and what it says to them. */
export class FrontDesk implements ConnectionOwner<Fronted> {
  readonly #link: ServerLink;
  readonly #onRoom: () => void;
  readonly #connections = new Map<number, Connection>();
  readonly #frames = new Map<number, Buffer>();
  #sent = new Map<number, number>();
  #latest = 0;
  #isServerFull = false;
  #isHushed = false;

  /** `onRoom`: called when there may be room again. */
  constructor(link: ServerLink, onRoom: () => void) {
    this.#link = link;
    this.#onRoom = onRoom;
  }

  /** The link is asked each time: it tells of room only who found it full. */
  get isFull(): boolean {
    const isLinkFull = this.#link.isFull;
    return isLinkFull || this.#isServerFull;
  }

  get mayGoOn(): boolean {
    return !this.#isHushed && !this.isFull;
  }

  open(connection: Connection, identity: Identity, address: string | undefined): Fronted {
    const number = ++this.#latest;
    this.#connections.set(number, connection);
    this.#link.send('open', number, textsOf(identity), address ?? '');
    return new Fronted(number, this);
  }

  heard(fronted: readonly Fronted[]): void {
    this.#link.send(
      'heard',
      fronted.map(({ number }) => number),
    );
  }

  frame(number: number, frame: Buffer): void {
    this.#link.send('frame', number, frame);
  }

  offence(number: number, offence: ConnectionOffence, words: string): void {
    this.#link.send('offence', number, offence, words);
  }

  closed(number: number): void {
    this.#connections.delete(number);
    this.#sent.delete(number);
    this.#link.send('closed', number);
  }

  /** What the server says; of a connection that is gone meanwhile nothing. */
  hears(): Pick<Heard<typeof toFront>, DeskRecords> {
    return {
      send: (to, frame) => this.#give(to, frame),
      keep: (id, frame) => void this.#frames.set(id, Buffer.from(frame)),
      fan: (id, numbers) => {
        const frame = this.#frames.get(id);
        if (!frame) throw new LinkError('a frame that was never given');
        for (const to of numbers) this.#give(to, frame, this.#isHushed);
      },
      drop: (id) => void this.#frames.delete(id),
      full: (isFull) => {
        this.#isServerFull = isFull === 1;
        this.room();
      },
      hush: (isOn) => {
        this.#isHushed = isOn === 1;
        this.room();
      },
      close: (number, code, reason) => this.#connections.get(number)?.close(code, reason),
      terminate: (number) => this.#connections.get(number)?.terminate(),
    };
  }

  /** The link has drained, or the server, or the hush is over: whoever waits goes on unless another of them still holds. */
  room(): void {
    if (this.mayGoOn) this.#onRoom();
  }

  #give(to: number, frame: Buffer, isHushed = false): void {
    const number = Math.floor(to / 2);
    const connection = this.#connections.get(number);
    connection?.send(frame, to % 2 === 1 ? () => this.#count(number) : undefined);
    if (isHushed) connection?.wait();
  }

  #count(number: number): void {
    if (!this.#connections.has(number)) return;
    if (this.#sent.size === 0) setImmediate(() => this.#tellSent());
    this.#sent.set(number, (this.#sent.get(number) ?? 0) + 1);
  }

  #tellSent(): void {
    const counts = [...this.#sent].flat();
    this.#sent = new Map();
    if (counts.length > 0) this.#link.send('sent', counts);
  }
}

/** Tells the server what one connection says. */
class Fronted implements ConnectionListener {
  readonly number: number;
  readonly #desk: FrontDesk;

  constructor(number: number, desk: FrontDesk) {
    this.number = number;
    this.#desk = desk;
  }

  onFrame(frame: Buffer): void {
    this.#desk.frame(this.number, frame);
  }

  onOffence(offence: ConnectionOffence, words: string): void {
    this.#desk.offence(this.number, offence, words);
  }

  onClose(): void {
    this.#desk.closed(this.number);
  }
}
