import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ArtifactCache } from '../../../agent/connection/artifact-cache.ts';
import { downloadFrom } from '../../../agent/connection/artifact-download.ts';
import { readIdentity } from '../../../agent/identity/identity-files.ts';
import type { ScriptContent } from '../../../shared/api/schemas.ts';
import { Approver } from '../../fakes/approver.ts';
import { CommandDistrict, type CommandedDevice, who } from '../../fakes/command-district.ts';

let district: CommandDistrict;
let device: CommandedDevice;
let ann: Approver;
let bob: Approver;
let cal: Approver;
let desk: Approver;

beforeAll(async () => {
  district = await CommandDistrict.start();
  [ann, bob, cal, desk] = [
    await district.person('Ann'),
    await district.person('Bob'),
    await district.person('Cal'),
    await district.person('Desk'),
  ];
  await district.nameApprovers(ann, bob, cal);
  device = await district.enrol('laptop-1');
  await device.knowsApprovers();
}, 60_000);

afterAll(() => district[Symbol.asyncDispose]());

const lock = { kind: 'lock' } as const;
const services = () => district.running.services;
const refused = (code: string) => expect.objectContaining({ code });

describe('a dangerous command', () => {
  test('waits for two approvers, then goes to the device, and counts in the day', async () => {
    const { id, state, approvalId } = await district.give(lock, [device], desk);
    expect(state).toBe('waiting');
    await district.sign(approvalId ?? '', ann);
    expect((await services().approvals.read(approvalId ?? '', undefined)).state).toBe('open');
    expect(device.acts).toEqual([]);
    await district.sign(approvalId ?? '', bob);
    await device.answered(id, 'done');
    expect(device.acts).toEqual(['lock']);
    // What the answer of its only device makes of the command is told after the answer is kept.
    await expect.poll(async () => (await services().commands.read(id)).state).toBe('done');
    expect((await services().approvers.read()).budget.usedToday).toBe(1);
  });

  test('is not signed by who asked for it, by who is no approver, twice by one, or with somebody else’s passkey', async () => {
    const own = await district.give(lock, [device], ann);
    const approvalId = own.approvalId ?? '';
    const { text } = await services().approvals.read(approvalId, undefined);
    const sign = (person: Approver, by = person) => services().approvals.sign(approvalId, by.sign(text), who(person));
    await expect(sign(ann)).rejects.toEqual(refused('forbidden'));
    await expect(sign(desk)).rejects.toEqual(refused('bad-signature'));
    await expect(sign(bob, cal)).rejects.toEqual(refused('bad-signature'));
    await sign(bob);
    await expect(sign(bob)).rejects.toEqual(refused('conflict'));
    await services().commands.withdraw(own.id, { actor: 'staff:Ann', person: who(ann) });
  });

  test('may be signed by whoever the console says may', async () => {
    const { approvalId } = await district.give(lock, [device], ann);
    const may = async (person: Approver) => (await services().approvals.read(approvalId ?? '', who(person))).maySign;
    expect([await may(ann), await may(bob), await may(cal), await may(desk)]).toEqual([false, true, true, false]);
    await services().approvals.reject(approvalId ?? '', 'not now', who(bob));
    expect(await may(cal)).toBe(false);
  });

  test('does not count the signature of an account that was disabled meanwhile', async () => {
    const { approvalId, id } = await district.give(lock, [device], desk);
    await district.sign(approvalId ?? '', ann);
    await district.running.stores.staff.setDisabled(ann.staffId, Date.now());
    await district.sign(approvalId ?? '', bob);
    const view = await services().approvals.read(approvalId ?? '', undefined);
    expect([view.state, view.signed.map(({ by }) => by)]).toEqual(['open', ['staff:Bob']]);
    await district.running.stores.staff.setDisabled(ann.staffId, null);
    await services().approvals.reject(approvalId ?? '', 'not now', who(bob));
    expect((await services().commands.read(id)).state).toBe('rejected');
  });

  test('names no more devices than the approvers allow, and cannot come from the command line', async () => {
    const input = { action: lock, deviceIds: [device.id], reason: 'for the test', expiresInMinutes: 5 };
    const preview = await services().commands.preview(input, { actor: 'command line', person: undefined });
    expect(preview).toMatchObject({ needs: 2, problem: expect.stringContaining('signed in to the console') });
  });
});

describe('what one person may give', () => {
  test('goes out at once, and its result comes back', async () => {
    const { id } = await district.give({ kind: 'check-again' }, [device], desk);
    expect((await device.answered(id, 'done')).words).toBe('Noted.');
  });

  test('waits for a device that is away, unless it is taken back', async () => {
    await device.stop();
    const kept = await district.give({ kind: 'renew-network' }, [device], desk);
    const withdrawn = await district.give({ kind: 'restart-agent' }, [device], desk);
    await services().commands.withdraw(withdrawn.id, { actor: 'staff:Desk', person: who(desk) });
    device.acts.length = 0;
    await device.connect();
    await device.answered(kept.id, 'done');
    expect(device.acts).toEqual(['renew-network']);
  });

  test('does not go out when whoever gave it may do nothing any more', async () => {
    await device.stop();
    const leaver = await district.person('Leaver');
    const { id } = await district.give({ kind: 'rotate-certificate' }, [device], leaver);
    await district.running.stores.staff.setDisabled(leaver.staffId, Date.now());
    await device.connect();
    expect((await device.answered(id, 'expired')).code).toBe('out-of-scope');
  });
});

describe('a script', () => {
  const content: ScriptContent = {
    ...{ name: 'Fix the clock', description: '', platform: 'linux', interpreter: 'sh', source: 'echo "$ZONE"' },
    parameters: [{ name: 'ZONE', title: 'Zone', kind: 'text', required: true }],
    ...{ timeoutSeconds: 10, outputBytes: 1000 },
  };

  test('runs on devices once two approvers have signed what it is, and is fetched by its hash', async () => {
    const { scripts } = services();
    const draft = await scripts.create(content, 'staff:Desk');
    const asked = await scripts.publish(draft.id, 'for the exams', who(desk));
    await expect(scripts.save(draft.id, { content, version: 1 }, 'staff:Desk')).rejects.toEqual(refused('conflict'));
    await district.sign(asked.approvalId ?? '', ann, cal);
    const { published } = (await scripts.list()).find(({ id }) => id === draft.id) ?? {};
    const hash = createHash('sha256').update(content.source).digest('hex');
    expect(published).toMatchObject({ revision: 1, hash, signedBy: ['staff:Ann', 'staff:Cal'] });
    const action = { kind: 'run-script', scriptId: draft.id, revision: 1, hash, parameters: { ZONE: 'UTC' } } as const;
    const { id } = await district.give(action, [device], desk);
    await device.answered(id, 'done');
    const [address] = readIdentity(device.home)?.agents ?? [];
    const identity = readIdentity(device.home);
    if (!address || !identity) throw new Error('the device is not enrolled');
    const trust = { root: identity.trust.root, credential: identity.credentials[0] };
    const cache = new ArtifactCache(
      `${device.folder}/cache`,
      downloadFrom(() => ({ address, trust })),
      device.log,
    );
    expect(Buffer.from((await cache.get(hash)) ?? []).toString()).toBe(content.source);
    await scripts.withdraw(draft.id, 'staff:Desk');
    expect(await scripts.sourceOf(hash)).toBeUndefined();
  });

  test('is not published when its draft was changed while people signed: not its terms either', async () => {
    const { scripts } = services();
    const draft = await scripts.create(content, 'staff:Desk');
    const { approvalId } = await scripts.publish(draft.id, 'for the exams', who(desk));
    await district.running.stores.scripts.save(draft.id, { ...content, timeoutSeconds: 600 }, 1);
    await district.sign(approvalId ?? '', ann, bob);
    expect((await scripts.list()).find(({ id }) => id === draft.id)?.published).toBeNull();
  });

  test.each([
    ['a parameter of the loader', { parameters: [{ name: 'LD_PRELOAD', title: '', kind: 'text', required: false }] }],
    ['an interpreter the system lacks', { interpreter: 'powershell' }],
  ] as [string, Partial<ScriptContent>][])('is not drafted with %s', async (_name, change) => {
    await expect(services().scripts.create({ ...content, ...change }, 'staff:Desk')).rejects.toEqual(
      refused('bad-request'),
    );
  });

  test('is not run by a command with a parameter it does not have', async () => {
    const { scripts, commands } = services();
    const draft = await scripts.create({ ...content, source: 'true' }, 'staff:Desk');
    const { approvalId } = await scripts.publish(draft.id, 'for the exams', who(desk));
    await district.sign(approvalId ?? '', ann, bob);
    const hash = createHash('sha256').update('true').digest('hex');
    const action = { kind: 'run-script', scriptId: draft.id, revision: 1, hash, parameters: { OTHER: '1' } } as const;
    const input = { action, deviceIds: [device.id], reason: 'for the test', expiresInMinutes: 5 };
    expect(await commands.preview(input, { actor: 'x', person: who(desk) })).toMatchObject({
      problem: expect.stringContaining('no parameter OTHER'),
    });
  });
});

test('other approvers are signed by two of the earlier ones, and devices follow a day later', async () => {
  const { approvers } = services();
  const authenticator = new Approver('Bob again', district.origin).authenticator;
  const added = { credential_id: authenticator.credentialId, public_key: authenticator.publicKey, algorithm: -7 };
  const row = { ...added, id: 'added', staff_id: bob.staffId, counter: 0, transports: '[]', name: 'Added' };
  await district.running.stores.staffFactors.addPasskey({ ...row, created_at: 0, last_used_at: null }, 20);
  const { pending } = await approvers.propose([bob.staffId, cal.staffId, desk.staffId], 'Ann leaves', who(desk));
  await expect(approvers.propose([ann.staffId, bob.staffId], 'again', who(desk))).rejects.toEqual(refused('conflict'));
  expect((await services().approvals.read(pending?.approvalId ?? '', undefined)).lines).toEqual(
    expect.arrayContaining([
      'Stays: Bob, with 2 passkeys, 1 of them new: ask whether they added it',
      'Stays: Cal, with one passkey',
      'New: Desk, with one passkey',
    ]),
  );
  await district.sign(pending?.approvalId ?? '', ann, bob);
  const view = await approvers.read();
  expect(view.version).toBe(1);
  expect(view.pending).toMatchObject({ approvalId: null, members: expect.arrayContaining(['Desk']) });
  expect(view.pending?.effectiveAt).not.toBeNull();
});
