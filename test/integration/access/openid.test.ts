import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderSettings } from '../../../server/access/openid-claims.ts';
import type { Session } from '../../../server/access/sessions.ts';
import { CodedError } from '../../../shared/errors/catalogue.ts';
import { AccessDesk, ada, here } from '../../fakes/access-desk.ts';
import { client, OpenIdProvider, throughProvider } from '../../fakes/openid-provider.ts';

const origin = 'https://desk.example:8443';
const dora = { sub: 'dora-1', claims: { email: 'dora@maple.example', email_verified: true } };
const google = { sub: 'g-1', claims: { ...dora.claims, hd: 'maple.example' } };
const entra = { sub: 'e-1', claims: { email: 'dora@maple.example', xms_edov: true, tid: 'tenant-1' } };

let provider: OpenIdProvider;
let desk: AccessDesk;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  provider.serve(origin);
});
afterAll(async () => provider?.stop());

const settings = (given: Partial<ProviderSettings>): ProviderSettings => ({
  ...{ id: 'plain', name: 'Maple ID', issuer: provider.issuer, trustMfa: false },
  ...{ clientId: client.id, clientSecret: client.secret },
  ...given,
});

beforeEach(async () => {
  desk = await AccessDesk.open([
    settings({}),
    settings({ id: 'google', hostedDomain: 'maple.example' }),
    settings({ id: 'entra', tenant: 'tenant-1', trustMfa: true }),
    settings({ id: 'gone', name: 'Gone ID', issuer: 'http://127.0.0.1:9' }),
  ]);
  await desk.access.accounts.add({ name: 'Dora', email: 'dora@maple.example' }, 'command line');
  provider.account = dora;
});
afterEach(() => {
  provider.tamper = undefined;
  provider.isForging = false;
});

/** The whole way; `alter` what comes back in the address. */
async function journey(id = 'plain', alter: (query: URLSearchParams) => void = () => undefined) {
  const { openId, sessions } = desk.access;
  const { url, ticket } = await openId.start(id, origin);
  const query = new URLSearchParams(await throughProvider(url, origin));
  alter(query);
  const { entered, entry } = await openId.finish({ ticket, query: query.toString() }, here, undefined);
  return { entry, session: await sessions.read(entered?.token ?? '') };
}

/** The code and words of a refusal, or that it worked. */
async function outcome(does: () => Promise<unknown>): Promise<string> {
  try {
    await does();
    return 'done';
  } catch (error) {
    if (error instanceof CodedError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

describe('signing in at a provider', () => {
  it('is one factor: the session can do nothing but enrol or show the second', async () => {
    const { entry, session } = await journey();
    expect(entry).toMatchObject({ staff: null, entering: { name: 'Dora', step: 'enrolment' } });
    expect(session).toMatchObject({ isComplete: false, method: 'plain' });
    expect(desk.codes()).toEqual(['staff-added', 'identity-linked']);
  });

  it('asks with PKCE, a state, a nonce, and for the hosted domain where there is one', async () => {
    const { url } = await desk.access.openId.start('google', origin);
    const asked = Object.fromEntries(new URL(url).searchParams);
    expect(asked).toMatchObject({
      ...{ response_type: 'code', code_challenge_method: 'S256', hd: 'maple.example', client_id: client.id },
      ...{ state: expect.stringMatching(/^[\w-]{43}$/), nonce: expect.stringMatching(/^[\w-]{43}$/) },
      ...{ redirect_uri: `${origin}/sign-in/provider`, scope: 'openid email profile' },
    });
    expect(asked).not.toHaveProperty('code_verifier');
  });

  it('knows who was linked once, whatever their address is later', async () => {
    await journey();
    provider.account = { sub: dora.sub, claims: { email: 'married@maple.example', email_verified: false } };
    expect((await journey()).session?.staff.email).toBe('dora@maple.example');
  });

  it('does not take an address given to somebody else later for the first person', async () => {
    await journey();
    provider.account = { sub: 'another', claims: dora.claims };
    expect(await outcome(journey)).toMatch(/^sign-in-refused: This account is linked to another account/);
  });

  it.each([
    ['Google Workspace', 'google', google],
    ['Entra', 'entra', entra],
  ])('works at %s with its own checks', async (_, id, account) => {
    provider.account = account;
    expect((await journey(id)).entry.entering?.name).toBe('Dora');
  });

  const refusals: [string, string, Record<string, unknown>, RegExp][] = [
    ['an unverified address', 'plain', { email: 'dora@maple.example', email_verified: false }, /has not verified/],
    ['no word on whether it is verified', 'plain', { email: 'dora@maple.example' }, /has not verified/],
    ['verified as a text', 'plain', { email: 'dora@maple.example', email_verified: 'true' }, /has not verified/],
    ['no address', 'plain', {}, /has not verified/],
    ['nobody’s address', 'plain', { email: 'eve@maple.example', email_verified: true }, /Ask an owner/],
    ['another hosted domain', 'google', { ...google.claims, hd: 'evil.example' }, /not one of maple\.example/],
    ['no hosted domain', 'google', dora.claims, /not one of maple\.example/],
    ['another tenant', 'entra', { ...entra.claims, tid: 'tenant-2' }, /another organisation/],
    ['no tenant', 'entra', dora.claims, /another organisation/],
    ['an address of a domain nobody proved', 'entra', { ...entra.claims, xms_edov: false }, /has not verified/],
  ];
  it.each(refusals)('is refused with %s, and the audit says so', async (_, id, claims, words) => {
    provider.account = { sub: 'x-1', claims };
    const said = await outcome(() => journey(id));
    expect(said).toMatch(/^sign-in-refused: /);
    expect(said).toMatch(words);
    expect(desk.codes()).toEqual(['staff-added', 'sign-in-refused']);
  });

  it('makes no account', async () => {
    provider.account = { sub: 'x-1', claims: { email: 'eve@maple.example', email_verified: true } };
    await outcome(journey);
    expect(await desk.stores.staff.all()).toHaveLength(1);
  });

  it('is refused to a disabled account, linked or not', async () => {
    await journey();
    const { accounts } = desk.access;
    await accounts.add({ name: ada.name, email: ada.email }, 'command line');
    await accounts.disable((await accounts.byEmail('dora@maple.example')).id, 'command line');
    expect(await outcome(journey)).toBe('sign-in-refused: This account is disabled.');
    provider.account = { ...dora, sub: 'not-linked' };
    expect(await outcome(journey)).toMatch(/Ask an owner/);
  });

  const lies: [string, (claims: Record<string, unknown>) => Record<string, unknown>][] = [
    ['another nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['no nonce', ({ nonce: _, ...claims }) => claims],
    ['another audience', (claims) => ({ ...claims, aud: 'another-client' })],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://accounts.google.com' })],
    ['an end long ago', (claims) => ({ ...claims, exp: Number(claims.iat) - 3600 })],
    ['no subject', ({ sub: _, ...claims }) => claims],
  ];
  it.each(lies)('is refused by an ID token with %s', async (_, tamper) => {
    provider.tamper = tamper;
    expect(await outcome(journey)).toBe('sign-in-refused: Maple ID did not let you in.');
    expect(desk.codes()).toContain('sign-in-refused');
  });

  it('is refused by an ID token of a key that is not the provider’s', async () => {
    provider.isForging = true;
    expect(await outcome(journey)).toBe('sign-in-refused: Maple ID did not let you in.');
  });

  it.each<[string, (query: URLSearchParams) => void]>([
    ['another state', (query) => query.set('state', 'another')],
    ['no state', (query) => query.delete('state')],
    ['the issuer of another provider', (query) => query.set('iss', 'https://evil.example')],
    ['a made-up code', (query) => query.set('code', 'made-up')],
    ['the provider’s refusal', (query) => query.set('error', 'access_denied')],
  ])('is refused when the browser comes back with %s', async (_, alter) => {
    expect(await outcome(() => journey('plain', alter))).toMatch(/^sign-in-refused: Maple ID did not let you in/);
  });

  it('is ended by the tab that began it, once, within ten minutes', async () => {
    const { openId } = desk.access;
    const began = await openId.start('plain', origin);
    const query = await throughProvider(began.url, origin);
    const finish = (ticket: string) => outcome(() => openId.finish({ ticket, query }, here, undefined));
    expect(await finish('a ticket of another tab')).toMatch(/^sign-in-refused: This took too long/);
    expect(await finish(began.ticket)).toBe('done');
    expect(await finish(began.ticket)).toMatch(/^sign-in-refused: This took too long/);
    const late = await openId.start('plain', origin);
    desk.clock.advance(600_000);
    expect(await finish(late.ticket)).toMatch(/^sign-in-refused: This took too long/);
  });

  it('says so when the provider cannot be reached, and when nobody signs in by it', async () => {
    expect(await outcome(() => desk.access.openId.start('gone', origin))).toMatch(/^provider-unreachable: Gone ID/);
    expect(await outcome(() => desk.access.openId.start('none', origin))).toMatch(/^not-found/);
  });
});

describe('the provider’s word on the second factor', () => {
  it.each([
    ['counts where the district trusts it', 'entra', entra, ['pwd', 'mfa'], true],
    ['counts not where it does not', 'plain', dora, ['pwd', 'mfa'], false],
    ['is not read into other words', 'entra', entra, ['pwd'], false],
    ['is not read into a text', 'entra', entra, 'mfa', false],
  ])('%s', async (_, id, account, amr, isComplete) => {
    provider.account = account;
    provider.tamper = (claims) => ({ ...claims, amr });
    expect((await journey(id)).session?.isComplete).toBe(isComplete);
  });
});

describe('linking an account', () => {
  it('is for somebody signed in who has just shown who they are, and opens the account from then on', async () => {
    const { accounts, signIn, openId } = desk.access;
    const pia = await accounts.add({ name: 'Pia', email: 'pia@maple.example' }, 'command line');
    const { session, token } = await desk.enter(await desk.session((await signIn.begin(pia, 'x', here)).token));
    provider.account = { sub: 'pia-private', claims: {} };
    const began = await openId.start('plain', origin, session);
    const query = await throughProvider(began.url, origin);
    expect(await openId.finish({ ticket: began.ticket, query }, here, session)).toMatchObject({ purpose: 'link' });
    expect((await journey()).session?.staff.name).toBe('Pia');
    await openId.unlink(session, 'plain');
    expect(await outcome(journey)).toMatch(/has not verified/);
    desk.clock.advance(601_000);
    const stale = await desk.session(token);
    expect(await outcome(() => openId.start('plain', origin, stale))).toMatch(/^reauthentication-needed/);
  });

  it('is ended by the session that began it alone', async () => {
    const { accounts, signIn, openId } = desk.access;
    const sessions: Session[] = [];
    for (const name of ['pia', 'rob']) {
      const staff = await accounts.add({ name, email: `${name}@maple.example` }, 'command line');
      sessions.push((await desk.enter(await desk.session((await signIn.begin(staff, 'x', here)).token))).session);
    }
    const began = await openId.start('plain', origin, sessions[0]);
    const query = await throughProvider(began.url, origin);
    expect(await outcome(() => openId.finish({ ticket: began.ticket, query }, here, sessions[1]))).toMatch(
      /^not-signed-in/,
    );
  });
});
