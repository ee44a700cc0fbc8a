import { describe, expect, it } from 'vitest';
import { actingAs, actingOf } from '../../../../server/audit/acting.ts';
import { eventRow } from '../../../../server/audit/event-log.ts';

const ada = {
  actor: 'staff:Ada',
  actorId: 'ada',
  role: 'helpdesk',
  address: '127.0.0.1',
  session: 's1',
  reason: 'why',
};

describe('who acts', () => {
  it('is in what is done in their name, also after waiting', async () => {
    const row = await actingAs(ada, async () => {
      await Promise.resolve();
      return eventRow({ actor: 'staff:Ada', code: 'x', words: 'x' }, 1);
    });
    expect(row).toMatchObject({
      actor_id: 'ada',
      role: 'helpdesk',
      address: '127.0.0.1',
      session: 's1',
      reason: 'why',
    });
  });

  it('is not in what the server does meanwhile, nor in what is left for later', async () => {
    let later = async () => actingOf('staff:Ada');
    await actingAs(ada, async () => {
      expect(actingOf('server')).toEqual({});
      const own = later;
      later = async () => await new Promise((resolve) => setImmediate(() => resolve(own())));
    });
    expect(await later()).toEqual({});
  });

  it('keeps two requests at once apart', async () => {
    const seen = await Promise.all(
      ['s1', 's2'].map((session) =>
        actingAs({ ...ada, session }, async () => {
          await new Promise((resolve) => setImmediate(resolve));
          return actingOf('staff:Ada').session;
        }),
      ),
    );
    expect(seen).toEqual(['s1', 's2']);
  });

  it('gives way to the reason that the act itself says', async () => {
    const event = { actor: 'staff:Ada', code: 'x', words: 'x', reason: 'its own', ticketId: 't1' };
    expect(await actingAs(ada, async () => eventRow(event, 1))).toMatchObject({ reason: 'its own', ticket_id: 't1' });
  });
});
