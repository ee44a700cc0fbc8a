import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Shown, Visits } from '../../../../../server/gateway/door/visits.ts';

class Visitor extends EventEmitter {
  readonly shown: Shown | undefined;
  timesRead = 0;

  constructor(serial?: string) {
    super();
    this.shown = serial === undefined ? undefined : { serial, fingerprint: `f-${serial}` };
  }
}

let visits: Visits<Visitor>;

beforeEach(() => {
  visits = new Visits((visitor) => {
    visitor.timesRead += 1;
    return visitor.shown;
  });
});

function come(count: number, serial?: string): Visitor[] {
  return Array.from({ length: count }, () => new Visitor(serial));
}

describe('connections that are no session yet', () => {
  it('are told apart by a certificate that is read once', () => {
    const [visitor] = come(1, '0A');
    if (!visitor) throw new Error('nobody came');
    expect(visits.begin(visitor)).toBe(true);
    expect(visits.shownBy(visitor)).toEqual({ serial: '0A', fingerprint: 'f-0A' });
    expect(visits.shownBy(visitor)).toEqual(visitor.shown);
    expect(visitor.timesRead).toBe(1);
  });

  it('show nothing when TLS accepted nothing, when they have gone, and when they never came', () => {
    const [nameless, gone, stranger] = [new Visitor(), new Visitor('0B'), new Visitor('0C')];
    visits.begin(nameless);
    visits.begin(gone);
    gone.emit('close');
    for (const visitor of [nameless, gone, stranger]) expect(visits.shownBy(visitor)).toBeUndefined();
  });

  it('are sixteen of one certificate at most, whatever others do', () => {
    const accepted = come(20, '0A').filter((visitor) => visits.begin(visitor));
    expect(accepted).toHaveLength(16);
    expect(come(1, '0B').every((visitor) => visits.begin(visitor))).toBe(true);
  });

  it('leave their place when they become sessions or close, once', () => {
    const [session, closed, ...others] = come(16, '0A');
    for (const visitor of [session, closed, ...others]) if (visitor) visits.begin(visitor);
    if (session) visits.end(session);
    session?.emit('close');
    closed?.emit('close');
    expect(session?.listenerCount('close')).toBe(0);
    expect(come(3, '0A').filter((visitor) => visits.begin(visitor))).toHaveLength(2);
  });
});
