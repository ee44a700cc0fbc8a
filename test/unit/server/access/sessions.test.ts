import { beforeEach, describe, expect, it } from 'vitest';
import { browserWords } from '../../../../server/access/browser-words.ts';
import { relyingPartyOf } from '../../../../server/access/relying-party.ts';
import type { Session } from '../../../../server/access/sessions.ts';
import { AccessDesk, ada, here } from '../../../fakes/access-desk.ts';

const minute = 60_000;
const hour = 60 * minute;
let desk: AccessDesk;
let session: Session;
let token: string;
const alive = async (one = token) => (await desk.access.sessions.ofSession(one)) !== undefined;

beforeEach(async () => {
  desk = await AccessDesk.open();
  ({ session, token } = await desk.enter(await desk.setUp()));
});

describe('a session', () => {
  it('ends after an hour of nothing', async () => {
    desk.clock.advance(59 * minute);
    expect(await alive()).toBe(true);
    desk.clock.advance(minute);
    expect(await alive()).toBe(false);
  });

  it('goes on while it is used, for twelve hours and no longer', async () => {
    for (let n = 0; n < 24; n++) {
      expect(await desk.access.sessions.read(token, true)).toBeDefined();
      desk.clock.advance(hour / 2);
    }
    expect(await alive()).toBe(false);
  });

  it('is not kept by a page nobody touches', async () => {
    desk.clock.advance(40 * minute);
    await desk.access.sessions.read(token, false);
    desk.clock.advance(20 * minute);
    expect(await alive()).toBe(false);
  });

  it('that never gets its second factor ends after ten minutes', async () => {
    const half = (await desk.access.signIn.byPassword(ada.email, ada.password, here)).token;
    desk.clock.advance(10 * minute);
    expect(await desk.access.sessions.read(half)).toBeUndefined();
  });

  it('gets another secret with its second factor: the first is worth nothing then', async () => {
    const half = (await desk.access.signIn.byPassword(ada.email, ada.password, here)).token;
    const recoveryCodes = await desk.access.factors.makeRecoveryCodes(session);
    const whole = await desk.access.signIn.byCode(await desk.session(half), recoveryCodes[0] ?? '', here);
    expect(await alive(half)).toBe(false);
    expect(await alive(whole.token)).toBe(true);
  });

  it('is completed once', async () => {
    const half = await desk.session((await desk.access.signIn.byPassword(ada.email, ada.password, here)).token);
    await desk.access.sessions.complete(half);
    expect(await desk.outcome(() => desk.access.sessions.complete(half))).toBe('not-signed-in');
  });

  it('is listed with where it is from, but not before it is complete', async () => {
    await desk.access.signIn.byPassword(ada.email, ada.password, here);
    expect(await desk.access.sessions.list(session)).toEqual([
      expect.objectContaining({ address: '10.0.0.1', browser: 'Chrome on Linux', method: 'password', isOwn: true }),
    ]);
  });
});

describe('ending sessions', () => {
  let other: string;
  beforeEach(async () => {
    other = await desk.access.sessions.open(session.staff.id, 'passkey', here, true);
  });
  const idOf = async (one: string) => (await desk.session(one)).id;

  it('ends one of one’s own', async () => {
    await desk.access.sessions.end(await idOf(other), session, 'staff:Ada');
    expect([await alive(other), await alive()]).toEqual([false, true]);
    expect(desk.codes()).toContain('sessions-ended');
  });

  it('ends all others', async () => {
    await desk.access.sessions.endAll(session.staff.id, 'staff:Ada', session);
    expect([await alive(other), await alive()]).toEqual([false, true]);
  });

  it('leaves those of somebody else alone', async () => {
    const bo = await desk.access.accounts.add({ ...ada, email: 'bo@example.org' }, 'command line');
    const his = await desk.access.sessions.open(bo.id, 'passkey', here, true);
    const id = await idOf(his);
    expect(await desk.outcome(() => desk.access.sessions.end(id, session, 'staff:Ada'))).toBe('not-found');
    await desk.access.sessions.endAll(session.staff.id, 'staff:Ada', session);
    expect(await alive(his)).toBe(true);
  });

  it.each([
    ['the account is disabled', 'disable'],
    ['its second factors are reset', 'resetFactors'],
    ['its password is set', 'setPassword'],
  ] as const)('ends all at once when %s', async (_, act) => {
    const bo = await desk.access.accounts.add({ ...ada, email: 'bo@example.org' }, 'command line');
    const his = await desk.access.sessions.open(bo.id, 'passkey', here, true);
    const { accounts } = desk.access;
    if (act === 'setPassword') await accounts.setPassword(bo.id, 'another good password', 'command line');
    else await accounts[act](bo.id, 'command line');
    expect([await alive(his), await alive()]).toEqual([false, true]);
  });

  it('does not bring sessions back with the account', async () => {
    const bo = await desk.access.accounts.add({ ...ada, email: 'bo@example.org' }, 'command line');
    const his = await desk.access.sessions.open(bo.id, 'passkey', here, true);
    await desk.access.accounts.disable(bo.id, 'command line');
    await desk.access.accounts.enable(bo.id, 'command line');
    expect(await alive(his)).toBe(false);
    expect(await desk.outcome(() => desk.access.signIn.byPassword('bo@example.org', ada.password, here))).toBe('done');
  });

  it('ends all others when one changes one’s password, for which the present one is needed', async () => {
    const { signIn } = desk.access;
    const change = (password: string) =>
      desk.outcome(() => signIn.changePassword(session, { password, newPassword: 'a new good password' }));
    expect(await change('wrong')).toBe('wrong-credentials');
    expect(await change(ada.password)).toBe('done');
    expect([await alive(other), await alive()]).toEqual([false, true]);
    expect(await desk.outcome(() => signIn.byPassword(ada.email, ada.password, here))).toBe('wrong-credentials');
    expect(await desk.outcome(() => signIn.byPassword(ada.email, 'a new good password', here))).toBe('done');
  });
});

describe('the relying party', () => {
  const origins = ['https://rollcall.maple.example', 'https://a.rollcall.maple.example', 'https://127.0.0.1:8443'];
  it.each([
    [
      'the console’s own address first',
      ['10.0.0.5', 'srv'],
      ['https://rollcall.maple.example'],
      'rollcall.maple.example',
    ],
    ['else a host that is a name', ['10.0.0.5', '::1', 'Srv.Maple.example'], ['https://10.0.0.9'], 'srv.maple.example'],
    ['else localhost', ['127.0.0.1'], [], 'localhost'],
  ])('is %s', (_, hosts, own, id) =>
    expect(relyingPartyOf({ district: 'Maple', hosts, origins: own }, origins).id).toBe(id),
  );

  it('takes passkeys at its own name and below it, nowhere else', () => {
    const config = { district: 'Maple', hosts: [], origins: ['https://rollcall.maple.example'] };
    expect(relyingPartyOf(config, [...origins, 'https://evilrollcall.maple.example']).origins).toEqual([
      'https://rollcall.maple.example',
      'https://a.rollcall.maple.example',
    ]);
  });
});

describe('a browser in words', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36',
      'Chrome on ChromeOS',
    ],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge on Windows'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15', 'Safari on macOS'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1', 'Safari on iOS'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox on Linux'],
    ['curl/8.0', 'an unknown browser'],
    ['<script>', 'an unknown browser'],
  ])('%s is %s', (userAgent, words) => expect(browserWords(userAgent)).toBe(words));
});
