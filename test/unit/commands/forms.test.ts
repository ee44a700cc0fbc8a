import { describe, expect, it } from 'vitest';
import { readRoster } from '../../../shared/commands/roster.ts';
import { isReservedName } from '../../../shared/commands/script.ts';
import { Approver } from '../../fakes/approver.ts';

describe('a parameter of a script', () => {
  it.each([
    'PATH',
    'LD_PRELOAD',
    'NODE_OPTIONS',
    'PYTHONPATH',
    'PERL5OPT',
    'GIT_SSH_COMMAND',
    'HTTPS_PROXY',
    'SHELLOPTS',
  ])('is not called %s, which means something to a shell, a loader or a program', (name) =>
    expect(isReservedName(name)).toBe(true),
  );

  it.each(['ZONE', 'NAME', 'PATHS', 'MY_PATH', 'HOMEPAGE'])('may be called %s', (name) =>
    expect(isReservedName(name)).toBe(false),
  );
});

describe('a roster of approvers', () => {
  const roster = (keys: readonly { id: string; publicKey: string }[]) => ({
    ...{ format: 1, kind: 'approvers', audience: 'a'.repeat(64), version: 1, issuedAt: 1 },
    ...{ sites: [{ origin: 'https://x.example', rpId: 'x.example' }] },
    budget: { commandsPerDay: 1, devicesPerCommand: 1 },
    members: keys.map((key, index) => ({
      ...{ staffId: `s${index}`, name: 'x', passkeys: [{ ...key, algorithm: -7 }] },
    })),
  });
  const [ann, bob] = ['Ann', 'Bob'].map((name) => {
    const { credentialId: id, publicKey } = new Approver(name, 'https://x.example').authenticator;
    return { id, publicKey };
  }) as [{ id: string; publicKey: string }, { id: string; publicKey: string }];
  /** The same bytes: the last sign of 91 bytes has four bits that count for nothing. */
  const otherForm = `${ann.publicKey.slice(0, -1)}${String.fromCharCode(ann.publicKey.charCodeAt(ann.publicKey.length - 1) + 1)}`;

  it('is read with a passkey for each person', () => {
    expect(readRoster(roster([ann, bob]))).toBeTypeOf('object');
  });

  it.each([
    ['the same key', ann.publicKey, 'same key'],
    ['the same key in another form', otherForm, 'another form'],
  ])('is none when two people have %s', (_name, publicKey, words) => {
    expect(Buffer.from(publicKey, 'base64url')).toEqual(Buffer.from(ann.publicKey, 'base64url'));
    expect(readRoster(roster([ann, { id: bob.id, publicKey }]))).toContain(words);
  });
});
