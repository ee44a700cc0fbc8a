import { beforeEach, describe, expect, it } from 'vitest';
import { plainCode, readableCode } from '../../../../server/access/readable-code.ts';
import { freshMs, type Session } from '../../../../server/access/sessions.ts';
import { newTotpSecret, stepOfCode, totpAddress } from '../../../../server/access/totp.ts';
import { AccessDesk, here } from '../../../fakes/access-desk.ts';
import { Authenticator, type Lies } from '../../../fakes/authenticator.ts';
import { SeededRandom } from '../../../fakes/clock.ts';

const step = 30_000;
let desk: AccessDesk;
let entering: Session;
beforeEach(async () => {
  desk = await AccessDesk.open();
  entering = await desk.newcomer();
});

/** Somebody who has given the password in another browser. */
const again = async () => await desk.session((await desk.access.signIn.begin(entering.staff, 'password', here)).token);

describe('a code', () => {
  it('is that of RFC 6238, appendix B, to six digits', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(stepOfCode(secret, '287082', 59_000)).toBe(1);
    expect(stepOfCode(secret, '081804', 1_111_111_109_000)).toBe(37_037_036);
  });

  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('of %d steps away: good %s', async (steps, isGood) => {
    const { code } = await desk.addCodeApp(entering);
    await desk.access.signIn.completed(entering, '', here);
    desk.clock.advance(10 * step);
    const session = await again();
    const given = code(desk.clock.now() + steps * step);
    expect(await desk.outcome(() => desk.access.signIn.byCode(session, given, here))).toBe(
      isGood ? 'done' : 'wrong-code',
    );
  });

  it('is good once, and so is every earlier one then', async () => {
    const { code } = await desk.addCodeApp(entering);
    await desk.access.signIn.completed(entering, '', here);
    const use = async (given: string) => {
      const session = await again();
      return await desk.outcome(() => desk.access.signIn.byCode(session, given, here));
    };
    expect(await use(code())).toBe('wrong-code');
    desk.clock.advance(2 * step);
    const [now, before] = [code(), code(desk.clock.now() - step)];
    expect(await use(now)).toBe('done');
    expect(await use(now)).toBe('wrong-code');
    expect(await use(before)).toBe('wrong-code');
  });

  it.each(['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦'])('%j is none', (typed) => {
    expect(stepOfCode(newTotpSecret(new SeededRandom(3)), typed, 0)).toBeUndefined();
  });

  it('locks the account’s codes after five wrong ones, wherever they come from, and over a restart', async () => {
    await desk.addCodeApp(entering);
    for (let n = 0; n < 5; n++) {
      const session = await again();
      expect(await desk.outcome(() => desk.access.signIn.byCode(session, '000000', here))).toBe('wrong-code');
    }
    desk.restart();
    const session = await again();
    expect(await desk.outcome(() => desk.access.signIn.byCode(session, '000000', here))).toBe('locked-out');
    expect(desk.codes().filter((code) => code === 'sign-in-locked')).toHaveLength(1);
  });

  it('has a secret that is sealed at rest, and an address that apps read', async () => {
    await desk.addCodeApp(entering);
    const row = await desk.stores.staffFactors.codeAppOf(entering.staff.id);
    expect(row?.secret).toMatch(new RegExp(`^staff_totp ${entering.staff.id}\\|[A-Z2-7]{32}$`));
    const address = new URL(totpAddress('GEZDGNBV', 'ada@example.org', 'Maple'));
    expect([address.protocol, address.searchParams.get('secret'), address.searchParams.get('issuer')]).toEqual([
      'otpauth:',
      'GEZDGNBV',
      'Maple',
    ]);
  });

  it('of a new app counts only once the app has answered, within ten minutes', async () => {
    const { factors } = desk.access;
    await factors.newCodeApp(entering);
    expect(await desk.outcome(() => factors.addCodeApp(entering, '000000'))).toBe('wrong-code');
    expect(await factors.kindsOf(entering.staff.id)).toEqual([]);
    desk.clock.advance(600_000);
    expect(await desk.outcome(() => factors.addCodeApp(entering, '000000'))).toBe('conflict');
  });
});

describe('recovery codes', () => {
  it('come with the first factor, ten of them, and each lets in once however it is typed', async () => {
    const { recoveryCodes } = await desk.addCodeApp(entering);
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = ''] = recoveryCodes;
    const use = async (typed: string) => {
      const session = await again();
      return await desk.outcome(() => desk.access.signIn.byCode(session, typed, here));
    };
    expect(await use(first.toLowerCase().replaceAll('-', ' '))).toBe('done');
    expect(await use(first)).toBe('wrong-code');
    expect(await desk.stores.staffFactors.recoveryCodesLeft(entering.staff.id)).toBe(9);
  });

  it('are used up once by two at the same time', async () => {
    const { recoveryCodes } = await desk.addCodeApp(entering);
    const sessions = [await again(), await again()];
    const tries = sessions.map((session) =>
      desk.outcome(() => desk.access.signIn.byCode(session, recoveryCodes[1] ?? '', here)),
    );
    expect((await Promise.all(tries)).sort()).toEqual(['done', 'wrong-code']);
  });

  it('are good no more once new ones are made', async () => {
    const { recoveryCodes } = await desk.addCodeApp(entering);
    const { token } = await desk.access.signIn.completed(entering, '', here);
    await desk.access.factors.makeRecoveryCodes(await desk.session(token));
    expect(await desk.access.factors.useCode(entering.staff.id, recoveryCodes[2] ?? '')).toBeUndefined();
  });

  it('are hashed, and are no factor by themselves', async () => {
    const { session } = await desk.enter(entering);
    const { factors } = desk.access;
    expect(await factors.kindsOf(session.staff.id)).toEqual(['passkey', 'recovery-code']);
    await desk.access.accounts.resetFactors(session.staff.id, 'command line');
    expect(await factors.kindsOf(session.staff.id)).toEqual([]);
  });

  it('have letters that are not mistaken for each other', () => {
    const code = readableCode(new SeededRandom(5), 16);
    expect(code).toMatch(/^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/);
    expect(plainCode(` ${code.toLowerCase()} `)).toBe(code.replaceAll('-', ''));
  });
});

describe('a passkey', () => {
  let authenticator: Authenticator;
  let session: Session;
  beforeEach(async () => {
    ({ session, authenticator } = await desk.enter(entering));
  });
  const comeIn = async (lies: Lies = {}, by = authenticator) => {
    const options = await desk.access.passkeys.ask();
    return await desk.outcome(() => desk.access.signIn.byPasskey(by.get(options, lies), here));
  };

  it('lets in completely, without a password, and names no account before', async () => {
    const options = await desk.access.passkeys.ask();
    expect(options).toMatchObject({ rpId: 'desk.example', userVerification: 'required' });
    expect(options).not.toHaveProperty('allowCredentials.0');
    const { entry, token } = await desk.access.signIn.byPasskey(authenticator.get(options), here);
    expect(entry).toMatchObject({ staff: { name: 'Ada Admin' }, entering: null });
    expect(await desk.access.sessions.ofSession(token)).toMatchObject({ name: 'Ada Admin' });
  });

  it('keeps its key as SPKI, which node:crypto reads', async () => {
    const [row] = await desk.stores.staffFactors.passkeysOf(session.staff.id);
    expect(row).toMatchObject({ algorithm: -7, credential_id: authenticator.credentialId });
    expect(Buffer.from(row?.public_key ?? '', 'base64url')).toHaveLength(91);
  });

  const refusals: [string, Lies][] = [
    ['another site’s origin', { origin: 'https://desk.example.evil.example:8443' }],
    ['the same host on another port', { origin: 'https://desk.example' }],
    ['an address instead of the name', { origin: 'https://10.0.0.5:8443' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['a challenge that was never given', { challenge: 'bWFkZSB1cA' }],
    ['no user verification', { flags: 0x01 }],
    ['nobody present', { flags: 0x04 }],
    ['the signature of a registration', { type: 'webauthn.create' }],
  ];
  it.each(refusals)('is refused with %s', async (_, lies) => expect(await comeIn(lies)).toBe('passkey-refused'));

  it('is refused with a challenge used before, and after five minutes', async () => {
    const options = await desk.access.passkeys.ask();
    const late = await desk.access.passkeys.ask();
    const signIn = (challenge: typeof options) =>
      desk.outcome(() => desk.access.signIn.byPasskey(authenticator.get(challenge), here));
    expect(await signIn(options)).toBe('done');
    expect(await signIn(options)).toBe('passkey-refused');
    desk.clock.advance(300_000);
    expect(await signIn(late)).toBe('passkey-refused');
  });

  it('is refused with a challenge that was given to make one', async () => {
    const options = await desk.access.factors.newPasskey(session);
    const asked = { ...options, rpId: 'desk.example' };
    expect(await desk.outcome(() => desk.access.signIn.byPasskey(authenticator.get(asked), here))).toBe(
      'passkey-refused',
    );
  });

  it('is refused when its signature is of something else', async () => {
    const assertion = authenticator.get(await desk.access.passkeys.ask());
    const other = authenticator.get(await desk.access.passkeys.ask());
    const forged = { ...assertion, signature: other.signature };
    expect(await desk.outcome(() => desk.access.signIn.byPasskey(forged, here))).toBe('passkey-refused');
  });

  it('is refused when its counter goes back, as that of a copy does, and the audit says so', async () => {
    const copy = authenticator.copy();
    expect(await comeIn()).toBe('done');
    expect(await comeIn()).toBe('done');
    expect(await comeIn({}, copy)).toBe('passkey-refused');
    expect(desk.codes()).toContain('passkey-copied');
  });

  it('that does not count at all goes on being good', async () => {
    const options = await desk.access.factors.newPasskey(session);
    const other = new Authenticator(desk.origin);
    await desk.access.factors.addPasskey(session, other.create(options));
    expect(await comeIn({ counter: 0 }, other)).toBe('done');
    expect(await comeIn({ counter: 0 }, other)).toBe('done');
  });

  it('of a disabled account lets nobody in', async () => {
    const second = { name: 'Bo', email: 'bo@example.org' };
    await desk.access.accounts.add(second, 'command line');
    await desk.access.accounts.disable(session.staff.id, 'command line');
    expect(await comeIn()).toBe('sign-in-refused');
  });

  it('that was removed lets nobody in', async () => {
    await desk.addCodeApp(session);
    const [row] = await desk.stores.staffFactors.passkeysOf(session.staff.id);
    await desk.access.factors.removePasskey(session, row?.id ?? '');
    expect(await comeIn()).toBe('passkey-refused');
  });
});

describe('a new passkey', () => {
  const make = async (session: Session, lies: Lies) => {
    const options = await desk.access.factors.newPasskey(session);
    return await desk.outcome(() =>
      desk.access.factors.addPasskey(session, new Authenticator(desk.origin).create(options, 'Key', lies)),
    );
  };

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['another relying party', { rpId: 'evil.example' }],
    ['another challenge', { challenge: 'bWFkZSB1cA' }],
    ['no user verification', { flags: 0x41 }],
    ['the type of an assertion', { type: 'webauthn.get' }],
  ])('is refused with %s', async (_, lies) => {
    expect(await make(entering, lies)).toBe('passkey-refused');
    expect(await desk.access.factors.kindsOf(entering.staff.id)).toEqual([]);
  });

  it('is refused with a challenge given to somebody else', async () => {
    const bo = await desk.access.accounts.add({ name: 'Bo', email: 'bo@example.org' }, 'command line');
    const other = await desk.session((await desk.access.signIn.begin(bo, 'password', here)).token);
    const made = new Authenticator(desk.origin).create(await desk.access.factors.newPasskey(other));
    expect(await desk.outcome(() => desk.access.factors.addPasskey(entering, made))).toBe('passkey-refused');
  });
});

describe('nobody turns the second factor off', () => {
  it('not by removing the last one', async () => {
    const { session } = await desk.enter(entering);
    const { factors } = desk.access;
    const [row] = await desk.stores.staffFactors.passkeysOf(session.staff.id);
    expect(await desk.outcome(() => factors.removePasskey(session, row?.id ?? ''))).toBe('last-factor');
    await desk.addCodeApp(session);
    expect(await desk.outcome(() => factors.removePasskey(session, row?.id ?? ''))).toBe('done');
    expect(await desk.outcome(() => factors.removeCodeApp(session))).toBe('last-factor');
  });

  it('not by removing both at the same time', async () => {
    const { session } = await desk.enter(entering);
    await desk.addCodeApp(session);
    const [row] = await desk.stores.staffFactors.passkeysOf(session.staff.id);
    const { factors } = desk.access;
    const outcomes = await Promise.all([
      desk.outcome(() => factors.removePasskey(session, row?.id ?? '')),
      desk.outcome(() => factors.removeCodeApp(session)),
    ]);
    expect(outcomes.sort()).toEqual(['done', 'last-factor']);
  });

  it('not by a passkey of somebody else’s account', async () => {
    const { session } = await desk.enter(entering);
    expect(await desk.outcome(() => desk.access.factors.removePasskey(session, 'not-mine'))).toBe('not-found');
  });

  it('nor adds one with the password alone', async () => {
    await desk.enter(entering);
    const half = await again();
    const { factors } = desk.access;
    expect(await desk.outcome(() => factors.newPasskey(half))).toBe('second-factor-needed');
    expect(await desk.outcome(() => factors.newCodeApp(half))).toBe('second-factor-needed');
    expect(await desk.outcome(() => factors.addCodeApp(half, '123456'))).toBe('second-factor-needed');
  });

  it('nor changes any ten minutes after showing who they are, until they do so again', async () => {
    const { session, token, authenticator } = await desk.enter(entering);
    desk.clock.advance(freshMs + 1);
    const { factors, signIn, passkeys } = desk.access;
    const stale = await desk.session(token);
    const acts = [
      () => factors.newPasskey(stale),
      () => factors.newCodeApp(stale),
      () => factors.makeRecoveryCodes(stale),
      () => factors.removeCodeApp(stale),
    ];
    for (const act of acts) expect(await desk.outcome(act)).toBe('reauthentication-needed');
    await signIn.prove(session, { passkey: authenticator.get(await passkeys.ask()) });
    expect(await desk.outcome(async () => factors.makeRecoveryCodes(await desk.session(token)))).toBe('done');
  });

  it('nor proves themselves by the passkey of another', async () => {
    const { session } = await desk.enter(entering);
    const bo = await desk.access.accounts.add({ name: 'Bo', email: 'bo@example.org' }, 'command line');
    const other = await desk.session((await desk.access.signIn.begin(bo, 'password', here)).token);
    const { authenticator } = await desk.enter(other);
    const passkey = authenticator.get(await desk.access.passkeys.ask());
    expect(await desk.outcome(() => desk.access.signIn.prove(session, { passkey }))).toBe('passkey-refused');
  });
});
