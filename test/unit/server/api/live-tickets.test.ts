import { describe, expect, it } from 'vitest';
import { LiveTickets } from '../../../../server/api/live-tickets.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';

describe('tickets of the live socket', () => {
  const make = () => {
    const clock = new FakeClock();
    return { clock, tickets: new LiveTickets(clock, new SeededRandom()) };
  };

  it('give the session they were issued to', () => {
    const { tickets } = make();
    expect(tickets.redeem(tickets.issue('session-a'))).toBe('session-a');
  });

  it('work once', () => {
    const { tickets } = make();
    const ticket = tickets.issue('session-a');
    tickets.redeem(ticket);
    expect(tickets.redeem(ticket)).toBeUndefined();
  });

  it('end after half a minute', () => {
    const { clock, tickets } = make();
    const ticket = tickets.issue('session-a');
    clock.advance(30_000);
    expect(tickets.redeem(ticket)).toBeUndefined();
  });

  it('cannot be guessed', () => {
    const { tickets } = make();
    tickets.issue('session-a');
    expect(tickets.redeem('guess')).toBeUndefined();
  });
});
