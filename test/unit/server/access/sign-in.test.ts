import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { lockMs, waitWords } from '../../../../server/access/lock-out.ts';
import { AccessDesk, ada, here } from '../../../fakes/access-desk.ts';

const minute = 60_000;
const at = (address: string) => ({ ...here, address });
let desk: AccessDesk;
beforeEach(async () => {
  desk = await AccessDesk.open();
});

describe('set-up', () => {
  it('makes the first administrator with the one-time code, whose session can do nothing yet', async () => {
    expect(await desk.access.setUp.isNeeded()).toBe(true);
    expect(await desk.setUp()).toMatchObject({ isComplete: false, staff: { email: 'ada@example.org' } });
    expect(await desk.access.setUp.isNeeded()).toBe(false);
    expect(desk.codes()).toEqual(['staff-added']);
  });

  it('refuses a wrong code, and the right one a second time', async () => {
    const { setUp } = desk.access;
    const code = (await setUp.open()) ?? '';
    const finish = (given: string, email: string) =>
      desk.outcome(() => setUp.finish({ ...ada, email, code: given }, here.address));
    expect(await finish('AAAA-BBBB-CCCC', 'a@example.org')).toBe('wrong-setup-code');
    expect(await finish(` ${code.toLowerCase()} `, 'a@example.org')).toBe('done');
    expect(await finish(code, 'b@example.org')).toBe('wrong-setup-code');
  });

  it('lets one of two at the same time win', async () => {
    const { setUp } = desk.access;
    const code = (await setUp.open()) ?? '';
    const tries = ['a', 'b'].map((name) =>
      desk.outcome(() => setUp.finish({ ...ada, email: `${name}@example.org`, code }, name)),
    );
    expect((await Promise.all(tries)).sort()).toEqual(['done', 'wrong-setup-code']);
  });

  it('dies with the first account the operator makes', async () => {
    const { setUp, accounts } = desk.access;
    const code = (await setUp.open()) ?? '';
    await accounts.add({ name: 'Op', email: 'op@example.org', password: 'long enough it is' }, 'command line');
    expect(await desk.outcome(() => setUp.finish({ ...ada, code }, here.address))).toBe('wrong-setup-code');
  });

  it('limits guesses of one network', async () => {
    const { setUp } = desk.access;
    await setUp.open();
    const guess = () => desk.outcome(() => setUp.finish({ ...ada, code: 'AAAA' }, here.address));
    for (let n = 0; n < 100; n++) expect(await guess()).toBe('wrong-setup-code');
    expect(await guess()).toBe('too-many-requests');
  });

  it('is never reached again, not when every account is disabled and the server starts anew', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-set-up-'));
    onTestFinished(async () => {
      await desk.stores.close();
      rmSync(folder, { recursive: true });
    });
    desk = await AccessDesk.open([], join(folder, 'rollcall.db'));
    const { staff } = await desk.setUp();
    const database = new SqliteDatabase(join(folder, 'rollcall.db'));
    database.exec('update staff set disabled_at = 1');
    database.close();
    desk.restart();
    expect(await desk.stores.staff.byEmail(staff.email)).toBeUndefined();
    expect(await desk.access.setUp.isNeeded()).toBe(false);
    expect(await desk.access.setUp.open()).toBeUndefined();
    expect(await desk.outcome(() => desk.access.setUp.finish({ ...ada, code: '' }, 'a'))).toBe('wrong-setup-code');
  });
});

describe('a password', () => {
  const tryIt = (password: string, from = here.address, email = 'ada@example.org') =>
    desk.outcome(() => desk.access.signIn.byPassword(email, password, at(from)));
  beforeEach(() => desk.setUp());

  it('is accepted whatever the case of the address, and opens a session that can do nothing yet', async () => {
    const { token, entry } = await desk.access.signIn.byPassword(' ADA@example.org ', ada.password, here);
    expect(entry).toMatchObject({ staff: null, entering: { name: 'Ada Admin', step: 'enrolment', factors: [] } });
    expect(await desk.access.sessions.ofSession(token)).toBeUndefined();
  });

  it.each([
    ['a wrong one', 'ada@example.org', 'wrong wrong wrong'],
    ['an unknown address', 'eve@example.org', ada.password],
  ])('is refused with the same words: %s', async (_, email, password) => {
    await expect(desk.access.signIn.byPassword(email, password, here)).rejects.toMatchObject({
      code: 'wrong-credentials',
      message: 'The e-mail address or the password is wrong.',
    });
    expect(desk.codes()).toContain('sign-in-refused');
  });

  it('is refused to an account without one, and to one that is disabled', async () => {
    const { accounts } = desk.access;
    await accounts.add({ name: 'Pia', email: 'pia@example.org' }, 'command line');
    const bo = await accounts.add({ name: 'Bo', email: 'bo@example.org', password: 'a long password' }, 'command line');
    await accounts.disable(bo.id, 'command line');
    expect(await tryIt('', here.address, 'pia@example.org')).toBe('wrong-credentials');
    expect(await tryIt('a long password', here.address, 'bo@example.org')).toBe('wrong-credentials');
  });

  it('locks its account for that network after five wrong tries, for longer and longer', async () => {
    for (let n = 0; n < 5; n++) expect(await tryIt('wrong')).toBe('wrong-credentials');
    expect(await tryIt(ada.password)).toBe('locked-out');
    expect(desk.codes()).toContain('sign-in-locked');
    desk.clock.advance(minute);
    expect(await tryIt('wrong')).toBe('wrong-credentials');
    desk.clock.advance(minute);
    expect(await tryIt(ada.password)).toBe('locked-out');
    desk.clock.advance(minute);
    expect(await tryIt(ada.password)).toBe('done');
    expect(await tryIt('wrong')).toBe('wrong-credentials');
    expect(await tryIt(ada.password)).toBe('done');
  });

  it('stays locked over a restart', async () => {
    for (let n = 0; n < 5; n++) await tryIt('wrong');
    desk.restart();
    expect(await tryIt(ada.password)).toBe('locked-out');
  });

  it('is guessed no faster by a hundred tries at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => tryIt('wrong')));
    expect(outcomes.filter((outcome) => outcome === 'wrong-credentials')).toHaveLength(5);
  });

  it('locks unknown addresses alike, so that nobody learns which there are', async () => {
    for (let n = 0; n < 5; n++) await tryIt('wrong', here.address, 'eve@example.org');
    expect(await tryIt('wrong', here.address, 'eve@example.org')).toBe('locked-out');
  });

  it('does not keep the owner out who comes from elsewhere, or by passkey', async () => {
    for (let n = 0; n < 9; n++) await tryIt('wrong');
    expect(await tryIt(ada.password, '10.0.0.2')).toBe('done');
  });

  it('does not keep the owner out though a stranger goes on while locked out', async () => {
    for (let n = 0; n < 60; n++) await tryIt('wrong');
    expect(await tryIt(ada.password, '10.0.0.2')).toBe('done');
  });

  it('stops after fifty wrong tries from everywhere', async () => {
    for (let n = 0; n < 49; n++) await tryIt('wrong', `10.1.0.${n}`);
    expect(await tryIt(ada.password, '10.2.0.1')).toBe('done');
    await tryIt('wrong', '10.1.0.60');
    expect(await tryIt(ada.password, '10.2.0.1')).toBe('too-many-requests');
  });

  it('stops after a hundred from one network, an IPv6 network taken for one address', async () => {
    for (let n = 0; n < 100; n++) await tryIt('wrong', `2001:db8:1:2::${n + 1}`, `user${n}@example.org`);
    expect(await tryIt(ada.password, '2001:db8:1:2::ffff')).toBe('too-many-requests');
    expect(await tryIt(ada.password, '2001:db8:1:3::1')).toBe('done');
  });
});

describe('the wait after wrong tries in a row', () => {
  it.each([
    [1, 0],
    [4, 0],
    [5, minute],
    [6, 2 * minute],
    [8, 8 * minute],
    [11, 60 * minute],
    [500, 60 * minute],
  ])('after %d is %d ms', (failures, ms) => expect(lockMs(failures)).toBe(ms));

  it.each([
    [1, 'a minute'],
    [61_000, '2 minutes'],
  ])('of %d ms is %s in words', (ms, words) => expect(waitWords(ms)).toBe(words));
});
