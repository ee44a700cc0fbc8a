import { describe, expect, it } from 'vitest';
import { Standing } from '../../../../server/access/standing.ts';
import { ticketHandlers } from '../../../../server/api/handlers/tickets.ts';
import type { Role } from '../../../../shared/access/roles.ts';

type Handlers = ReturnType<typeof ticketHandlers>;
type Asked = Parameters<Handlers['noteTicket']>[0];

/** What came through to the tickets. */
async function noted(role: Role, body: object): Promise<unknown[]> {
  const said: unknown[] = [];
  const tickets = { note: async (...given: unknown[]) => said.push(given[1]) };
  const parts: unknown = { tickets, intake: {}, helpdeskSettings: {}, helpdeskMail: {} };
  const standing = new Standing([{ role, orgs: ['maple'] }], undefined);
  const caller = { actor: 'staff:Kim', staff: undefined, standing, sight: { orgs: ['maple'], own: undefined } };
  const asked: unknown = { params: { id: 't' }, body, caller };
  await ticketHandlers(parts as Parameters<typeof ticketHandlers>[0]).noteTicket(asked as Asked);
  return said;
}

describe('a note on a ticket', () => {
  const note = { words: 'It is solved.', isToPerson: false };

  it.each<[Role, object]>([
    ['teacher', note],
    ['helpdesk', { ...note, isToPerson: true, fixId: 'restart' }],
  ])('by a %s is taken', async (role, body) => {
    expect(await noted(role, body)).toEqual([body]);
  });

  it.each([
    ['writes to the person in the helpdesk’s name', { ...note, isToPerson: true }],
    ['applies a canned fix, which may close it', { ...note, fixId: 'restart' }],
  ])('by a teacher is refused when it %s', async (_name, body) => {
    await expect(noted('teacher', body)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
