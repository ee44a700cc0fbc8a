/** Of so many turns one is for those who are served last: last is not never. */
const turnsPerLast = 16;

export interface RoomLimits {
  /** Places in all. */
  places: number;
  waitMs: number;
}

/**
 * Who waits for a handshake, first come first served, but for those from addresses where many failed: they come after the
 * others. Bounded in places and in time.
 */
export class WaitingRoom<Visitor> {
  readonly #limits: RoomLimits;
  /** With the time each came. */
  readonly #usual = new Map<Visitor, number>();
  readonly #last = new Map<Visitor, number>();
  #turns = 0;

  constructor(limits: RoomLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#usual.size + this.#last.size;
  }

  /** Returns who has to go for it, if anybody: one of those served last gives way to others, else whoever comes goes. */
  add(visitor: Visitor, now: number, isLast: boolean): Visitor | undefined {
    const isFull = this.size >= this.#limits.places;
    if (isFull && (isLast || this.#last.size === 0)) return visitor;
    const gone = isFull ? takeFirst(this.#last) : undefined;
    (isLast ? this.#last : this.#usual).set(visitor, now);
    return gone;
  }

  next(): Visitor | undefined {
    this.#turns += 1;
    const first = this.#turns % turnsPerLast === 0 ? this.#last : this.#usual;
    return takeFirst(first) ?? takeFirst(first === this.#usual ? this.#last : this.#usual);
  }

  /** Takes out those that waited too long: their agents have given up or soon will, and ask again. */
  *overdue(now: number): Iterable<Visitor> {
    for (const lane of [this.#usual, this.#last])
      for (const [visitor, since] of lane) {
        if (now - since < this.#limits.waitMs) break;
        lane.delete(visitor);
        yield visitor;
      }
  }

  *empty(): Iterable<Visitor> {
    for (let visitor = this.next(); visitor !== undefined; visitor = this.next()) yield visitor;
  }
}

function takeFirst<Visitor>(lane: Map<Visitor, number>): Visitor | undefined {
  const first = lane.keys().next().value;
  if (first !== undefined) lane.delete(first);
  return first;
}
