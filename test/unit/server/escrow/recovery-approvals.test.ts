import { expect, test } from 'vitest';
import { RecoveryApprovals } from '../../../../server/escrow/recovery-approvals.ts';
import type { Proposal } from '../../../../server/helpdesk/approvals.ts';
import type { ApprovalRecord } from '../../../../server/store/approvals.ts';
import type { Roster } from '../../../../shared/commands/roster.ts';

const key = { id: 'k1', device_id: 'd1', volume: '/', protector: '1' } as Parameters<RecoveryApprovals['ask']>[0];
const asked = {
  id: 'r1',
  deviceName: 'Laptop',
  reason: 'ticket 7',
  by: { id: 's1', actor: 'staff:Ada' },
  at: 0,
  expiresAt: 1,
};
const roster = { version: 3 } as Roster;

function desk({ named = true, state }: { named?: boolean; state?: string } = {}) {
  const opened: Proposal[] = [];
  const ended: string[] = [];
  const signing = new RecoveryApprovals({
    audience: 'a'.repeat(64),
    approvers: { inForce: async () => (named ? roster : undefined) },
    approvals: {
      open: async (proposal) => {
        opened.push(proposal);
        return 'a1';
      },
      about: async () => (state === undefined ? undefined : ({ id: 'a1', state } as ApprovalRecord)),
      end: async (id) => ended.push(id) > 0,
    },
  });
  return { signing, opened, ended };
}

test('what is signed names the very key of the very device, and the roster', async () => {
  const { signing, opened } = desk();
  await signing.ask(key, asked);
  expect(JSON.parse(opened[0]?.text ?? '')).toMatchObject({
    ...{ kind: 'recovery-key', requestId: 'r1', keyId: 'k1', deviceId: 'd1', volume: '/', roster: 3 },
  });
  expect(opened[0]).toMatchObject({ subjectId: 'r1', rosterVersion: 3, reason: 'ticket 7' });
});

test('while nobody was named, nobody is asked, and nothing is demanded', async () => {
  const { signing, opened } = desk({ named: false });
  await signing.ask(key, asked);
  expect(opened).toEqual([]);
  await expect(signing.demandSigned('r1')).resolves.toBeUndefined();
});

test.each([['open'], ['rejected'], ['expired'], ['withdrawn'], [undefined]])(
  'a request whose approval is %s opens nothing',
  async (state) => {
    const { signing } = desk(state === undefined ? {} : { state });
    await expect(signing.demandSigned('r1')).rejects.toMatchObject({ code: 'approval-needed' });
  },
);

test('one that waited for signatures does not become free when nobody is an approver any more', async () => {
  const { signing } = desk({ named: false, state: 'open' });
  await expect(signing.demandSigned('r1')).rejects.toMatchObject({ code: 'approval-needed' });
});

test('one that two have signed may be opened', async () => {
  await expect(desk({ state: 'signed' }).signing.demandSigned('r1')).resolves.toBeUndefined();
});

test('a request that is over waits for no signature', async () => {
  const { signing, ended } = desk({ state: 'open' });
  await signing.end('r1');
  expect(ended).toEqual(['a1']);
});
