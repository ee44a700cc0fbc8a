import { createHash, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayOf } from '../../../shared/commands/budget.ts';
import type { Command, SignedCommand } from '../../../shared/commands/command.ts';
import type { Approved, Roster } from '../../../shared/commands/roster.ts';
import type { Publication } from '../../../shared/commands/script.ts';
import type { PasskeyAssertion } from '../../../shared/commands/webauthn.ts';
import { canonicalJson } from '../../../shared/policy/canonical.ts';
import { Approver, rosterOf } from '../../fakes/approver.ts';
import { Authenticator } from '../../fakes/authenticator.ts';
import { CommandDistrict, type CommandedDevice } from '../../fakes/command-district.ts';

const hourMs = 3_600_000;
const source = 'echo fixed';

let district: CommandDistrict;
let device: CommandedDevice;
let ann: Approver;
let bob: Approver;
let eve: Approver;

beforeAll(async () => {
  district = await CommandDistrict.start();
  [ann, bob, eve] = [await district.person('Ann'), await district.person('Bob'), await district.person('Eve')];
  await district.nameApprovers(ann, bob);
  device = await district.enrol('laptop-1');
  await device.knowsApprovers();
}, 60_000);

afterAll(() => district[Symbol.asyncDispose]());

/** What the thief has of the server: all of it. */
const keys = () => district.running.stateKeys;

interface Forgery {
  change?: Partial<Command>;
  /** In the place of the canonical text. */
  text?: (command: Command) => string;
  approvals?: (text: string) => PasskeyAssertion[];
  publication?: Approved;
  sign?: (text: string) => Pick<SignedCommand, 'signature' | 'keyId'>;
}

function forge({ change = {}, text = canonicalJson, approvals = () => [], publication, sign }: Forgery): SignedCommand {
  const now = Date.now();
  const usual: Command = {
    ...{ format: 1, kind: 'command', audience: district.audience, id: randomUUID(), action: { kind: 'wipe' } },
    ...{ devices: [device.id], issuedAt: now, expiresAt: now + hourMs, roster: 1 },
    slot: { day: dayOf(now), slot: 9 },
  };
  const written = text({ ...usual, ...change });
  const signed = sign?.(written) ?? { signature: keys().sign(written), keyId: keys().keyId };
  return { text: written, ...signed, approvals: approvals(written), ...(publication && { publication }) };
}

/** Brings a forgery to the real agent over its real connection; the words of the event its refusal led to. */
async function refusalOf(command: SignedCommand): Promise<string> {
  const id = /"id":"([^"]+)"/.exec(command.text)?.[1] ?? 'unreadable';
  expect(district.running.services.gateway.command(device.id, command)).toBe(true);
  return await district.told('command-refused', id);
}

const two = (text: string) => [ann.sign(text), bob.sign(text)];
const plain: Partial<Command> = { action: { kind: 'check-again' } };

function publication(change: Partial<Publication> = {}, by: readonly Approver[] = [ann, bob]): Approved {
  const now = Date.now();
  const text = canonicalJson({
    ...{ format: 1, kind: 'script', audience: district.audience, scriptId: 's1', revision: 1, hash: hashOf(source) },
    ...{ name: 'Fix', description: '', platform: 'linux', interpreter: 'sh', parameters: [], timeoutSeconds: 10 },
    ...{ outputBytes: 1000, roster: 1, issuedAt: now, expiresAt: now + hourMs },
    ...change,
  });
  return { text, approvals: by.map((approver) => approver.sign(text)) };
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const script = (change: object = {}): Partial<Command> => ({
  action: { kind: 'run-script', scriptId: 's1', revision: 1, hash: hashOf(source), parameters: {}, ...change },
});

const forgeries: [name: string, code: string, forgery: () => Forgery][] = [
  ['a wipe nobody signed', 'approvals-missing', () => ({})],
  ['a lock nobody signed', 'approvals-missing', () => ({ change: { action: { kind: 'lock' } } })],
  [
    'lost mode nobody signed',
    'approvals-missing',
    () => ({ change: { action: { kind: 'lost-mode', words: 'x', contact: 'y' } } }),
  ],
  ['one signature', 'approvals-missing', () => ({ approvals: (text) => [ann.sign(text)] })],
  ['one approver twice', 'approver-twice', () => ({ approvals: (text) => [ann.sign(text), ann.sign(text)] })],
  [
    'one signature repeated',
    'approver-twice',
    () => ({
      approvals: (text) => {
        const signed = ann.sign(text);
        return [signed, signed];
      },
    }),
  ],
  [
    'somebody who is no approver',
    'approver-unknown',
    () => ({ approvals: (text) => [ann.sign(text), eve.sign(text)] }),
  ],
  [
    'a key of the thief under the name of an approver’s passkey',
    'approval-bad-signature',
    () => ({
      approvals: (text) => {
        const stolen = new Approver('Thief', district.origin);
        return [ann.sign(text), { ...stolen.sign(text), credentialId: bob.authenticator.credentialId }];
      },
    }),
  ],
  [
    'signatures of another command',
    'approval-other-text',
    () => ({ approvals: (text) => two(text.replace('"wipe"', '"lock"')) }),
  ],
  [
    'parameters altered after they were signed',
    'approval-other-text',
    () => ({
      change: { action: { kind: 'lost-mode', words: 'Pay here', contact: 'evil.example' } },
      approvals: (text) => two(text.replace('Pay here', 'Bring it back')),
    }),
  ],
  [
    'a device added after it was signed',
    'approval-other-text',
    () => ({
      change: { devices: ['-added', device.id] },
      approvals: (text) => two(text.replace('"-added",', '')),
    }),
  ],
  [
    'a passkey made to sign in, not to approve',
    'approval-wrong-type',
    () => ({ approvals: (text) => [ann.sign(text), bob.sign(text, { type: 'webauthn.create' })] }),
  ],
  [
    'a passkey used in a frame of another site',
    'approval-wrong-type',
    () => ({ approvals: (text) => [ann.sign(text), bob.sign(text, { crossOrigin: true })] }),
  ],
  [
    'a passkey used on another site',
    'approval-other-site',
    () => ({ approvals: (text) => [ann.sign(text), bob.sign(text, { origin: 'https://evil.example' })] }),
  ],
  [
    'a passkey of another relying party',
    'approval-other-site',
    () => ({ approvals: (text) => [ann.sign(text), bob.sign(text, { rpId: 'evil.example' })] }),
  ],
  [
    'a passkey that nobody touched',
    'approval-not-verified',
    () => ({ approvals: (text) => [ann.sign(text), bob.sign(text, { flags: 0x04 })] }),
  ],
  [
    'a passkey that did not verify the person',
    'approval-not-verified',
    () => ({ approvals: (text) => [ann.sign(text), bob.sign(text, { flags: 0x01 })] }),
  ],
  [
    'authenticator data cut short',
    'approval-malformed',
    () => ({ approvals: (text) => [ann.sign(text), { ...bob.sign(text), authenticatorData: 'AAAA' }] }),
  ],
  ['another device’s command', 'other-device', () => ({ change: { devices: ['another-device'] }, approvals: two })],
  ['another district’s command', 'other-audience', () => ({ change: { audience: 'a'.repeat(64) }, approvals: two })],
  [
    'one that is over',
    'expired',
    () => ({ change: { issuedAt: Date.now() - 2 * hourMs, expiresAt: Date.now() - hourMs }, approvals: two }),
  ],
  [
    'one that lives for a year',
    'bad-expiry',
    () => ({ change: { expiresAt: Date.now() + 365 * 24 * hourMs }, approvals: two }),
  ],
  [
    'one from the future',
    'not-yet',
    () => ({ change: { issuedAt: Date.now() + hourMs, expiresAt: Date.now() + 2 * hourMs }, approvals: two }),
  ],
  [
    'one without a place in the day',
    'no-slot',
    () => ({ text: (c) => canonicalJson({ ...c, slot: undefined }), approvals: two }),
  ],
  [
    'the place of another day',
    'wrong-day',
    () => ({ change: { slot: { day: '2020-01-01', slot: 0 } }, approvals: two }),
  ],
  [
    'more than the day takes',
    'over-budget',
    () => ({ change: { slot: { day: dayOf(Date.now()), slot: 10 } }, approvals: two }),
  ],
  [
    'more devices than one command takes',
    'too-many-devices',
    () => ({
      change: { devices: [device.id, ...Array.from({ length: 20 }, (_, i) => `other-${i}`)].sort() },
      approvals: two,
    }),
  ],
  [
    'a mass command nobody signed',
    'approvals-missing',
    () => ({
      change: { ...plain, devices: [device.id, ...Array.from({ length: 50 }, (_, i) => `other-${i}`)].sort() },
    }),
  ],
  [
    'no roster named',
    'older-roster',
    () => ({ text: (c) => canonicalJson({ ...c, roster: undefined }), approvals: two }),
  ],
  [
    'a key the device does not trust',
    'unknown-key',
    () => ({ change: plain, sign: (text) => ({ signature: keys().sign(text), keyId: 'other' }) }),
  ],
  [
    'a signature of another text',
    'bad-signature',
    () => ({ change: plain, sign: () => ({ signature: keys().sign('other'), keyId: keys().keyId }) }),
  ],
  ['text that is no JSON', 'bad-command', () => ({ text: () => 'wipe' })],
  [
    'two actions in one text, of which people see one',
    'not-canonical',
    () => ({ text: (c) => canonicalJson(c).replace('{', '{"action":{"kind":"lock"},'), approvals: two }),
  ],
  [
    'an action the agent does not know',
    'bad-command',
    () => ({ text: (c) => canonicalJson({ ...c, action: { kind: 'shell' } }) }),
  ],
  ['a script nobody signed', 'script-unpublished', () => ({ change: script() })],
  [
    'a script one approver signed',
    'approvals-missing',
    () => ({ change: script(), publication: publication({}, [ann]) }),
  ],
  [
    'a script signed by the thief’s people',
    'approver-unknown',
    () => ({ change: script(), publication: publication({}, [eve, ann]) }),
  ],
  [
    'another script under a publication that was signed',
    'script-changed',
    () => ({ change: script({ hash: hashOf('rm -rf /') }), publication: publication() }),
  ],
  [
    'a script that was published for another district',
    'script-changed',
    () => ({ change: script(), publication: publication({ audience: 'a'.repeat(64) }) }),
  ],
  [
    'a publication that is over',
    'script-expired',
    () => ({ change: script(), publication: publication({ expiresAt: Date.now() - 1 }) }),
  ],
  [
    'a parameter the script does not have',
    'bad-parameters',
    () => ({ change: script({ parameters: { LD_PRELOAD: '/tmp/x.so' } }), publication: publication() }),
  ],
  [
    'a script for another system',
    'wrong-platform',
    () => ({ change: script(), publication: publication({ platform: 'win32', interpreter: 'powershell' }) }),
  ],
];

describe('a server stolen with its home, every key, the database and the connections', () => {
  test('has everything there is in the home', () => {
    expect(readdirSync(`${district.home}/pki`)).toEqual(expect.arrayContaining(['state.key']));
    expect(keys().keyId).toBeTruthy();
  });

  test.each(forgeries)('%s: refused with %s, which the events say', async (_name, code, forgery) => {
    expect(await refusalOf(forge(forgery()))).toContain(`(${code})`);
  });

  test('does nothing of all this', () => {
    expect(device.acts).toEqual([]);
  });

  test('is refused what was done already, and a second command in the same place of the day', async () => {
    const slot = { day: dayOf(Date.now()), slot: 3 };
    const sound = forge({ change: { action: { kind: 'lock' }, slot }, approvals: two });
    district.running.services.gateway.command(device.id, sound);
    const id = JSON.parse(sound.text).id as string;
    await district.told('command-done', id);
    await device.acknowledged();
    expect(device.acts).toEqual(['lock']);
    expect(await refusalOf(sound)).toContain('(replayed)');
    expect(await refusalOf(forge({ change: { slot }, approvals: two }))).toContain('(slot-taken)');
    expect(device.acts).toEqual(['lock']);
  });
});

describe('approvers that the thief would like the device to follow', () => {
  const next = (of: readonly Approver[], by: readonly Approver[], change: Partial<Roster> = {}) =>
    rosterOf(of, by, { audience: district.audience, version: 2, ...change });
  const first = async () => (await district.running.services.approvers.section())?.rosters ?? [];

  const rosters: [name: string, code: string, chain: (pinned: Approved[]) => Approved[]][] = [
    [
      'people who signed for themselves',
      'roster-approver-unknown',
      (pinned) => [...pinned, next([eve, bob], [eve, bob])],
    ],
    ['signed by one', 'roster-approvals-missing', (pinned) => [...pinned, next([eve, ann], [ann])]],
    ['signed by one twice', 'roster-approver-twice', (pinned) => [...pinned, next([eve, ann], [ann, ann])]],
    ['one version left out', 'roster-skipped', (pinned) => [...pinned, next([eve, ann], [ann, bob], { version: 3 })]],
    ['another first one', 'roster-changed', () => [rosterOf([eve, ann], [eve, ann], { audience: district.audience })]],
    [
      'of another district',
      'roster-other-district',
      (pinned) => [...pinned, next([eve, ann], [ann, bob], { audience: 'b'.repeat(64) })],
    ],
    [
      'altered after it was signed',
      'roster-approval-other-text',
      (pinned) => {
        const { text, approvals } = next([bob, ann], [ann, bob]);
        return [...pinned, { text: text.replace('"devicesPerCommand":20', '"devicesPerCommand":999'), approvals }];
      },
    ],
    [
      'two people with one key',
      'roster-unreadable',
      (pinned) => {
        const twin = new Approver('Twin', district.origin, new Authenticator(district.origin, eve.authenticator));
        return [...pinned, next([eve, twin], [ann, bob])];
      },
    ],
  ];

  test.each(rosters)('%s: refused with %s, and those that are pinned stay', async (_name, code, chain) => {
    const { approvers } = district.running.services;
    const honest = approvers.section.bind(approvers);
    const forged = { rosters: chain(await first()) };
    Object.assign(approvers, { section: async () => forged });
    district.running.bus.publish('approvers-changed', {});
    expect(await district.told('approvers-refused', `(${code})`)).toContain('refused');
    Object.assign(approvers, { section: honest });
    const byEve = forge({ approvals: (text) => [eve.sign(text), ann.sign(text)] });
    expect(await refusalOf(byEve)).toContain('(approver-unknown)');
  });
});
