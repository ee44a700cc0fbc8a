import { describe, expect, it } from 'vitest';
import { followStatements, type StatementRefusal } from '../../../../agent/identity/key-statements.ts';
import type { Trust } from '../../../../shared/protocol/enrolment.ts';
import type { SignedKeyStatement } from '../../../../shared/protocol/trust.ts';
import { FakeDistrict } from '../../../fakes/district.ts';
import { FakeStateKey } from '../../../fakes/state-key.ts';

const district = new FakeDistrict();
const audience = district.fingerprint;
const [k1, k2, k3, k4, stranger] = ['k1', 'k2', 'k3', 'k4', 'stranger'].map((id) => new FakeStateKey(id)) as [
  FakeStateKey,
  FakeStateKey,
  FakeStateKey,
  FakeStateKey,
  FakeStateKey,
];
const trust = (version: number, ...keys: FakeStateKey[]): Trust => ({
  ...district.trust,
  version,
  stateKeys: keys.map((key) => key.public),
});
const [to2, to3, to4] = [k1.names(k2, 2, audience), k2.names(k3, 3, audience), k3.names(k4, 4, audience)] as const;
const rsa = { id: 'k3', publicKey: district.rootPublicKey };
const changed = (statement: SignedKeyStatement, change: Partial<SignedKeyStatement>) => [{ ...statement, ...change }];

describe('statements that a new key signs', () => {
  it.each<[string, Trust, SignedKeyStatement[], Trust]>([
    ['lead from one key to the next, and keep the earlier for its state', trust(1, k1), [to2], trust(2, k2, k1)],
    ['lead a device that slept through three of them', trust(1, k1), [to2, to3, to4], trust(4, k4, k1)],
    ['lead on while the state in force is still of an older key', trust(2, k2, k1), [to3], trust(3, k3, k2, k1)],
    [
      'keep four keys at most, the oldest among them',
      trust(3, k3, stranger, k2, k1),
      [to4],
      trust(4, k4, stranger, k2, k1),
    ],
  ])('%s', (_name, held, statements, expected) => {
    expect(followStatements(statements, held)).toEqual({ kind: 'new', trust: expected });
  });

  /** The device holds version 2: it trusts k2, and k1 for the state it has signed. */
  it.each<[string, StatementRefusal, SignedKeyStatement[]]>([
    ['not signed at all', 'bad-signature', changed(to3, { signature: `${'A'.repeat(86)}==` })],
    ['signed with a key nobody knows', 'bad-signature', [stranger.names(k3, 3, audience)]],
    ['signed with the key before, as a thief of it would', 'bad-signature', [k1.names(stranger, 3, audience)]],
    ['signed with the very key it brings', 'bad-signature', [k3.names(k3, 3, audience)]],
    ['signed for another text', 'bad-signature', changed(to3, { statement: to4.statement })],
    ['cut short', 'bad-signature', changed(to3, { statement: to3.statement.slice(0, -1) })],
    ['changed by one space', 'bad-signature', changed(to3, { statement: `${to3.statement} ` })],
    ['the one that led here, again', 'bad-signature', [to2]],
    ['the whole chain from the beginning', 'bad-signature', [to2, to3]],
    ['the one after the next, its link missing', 'bad-signature', [to4]],
    ['a good one followed by one of a stranger', 'bad-signature', [to3, stranger.names(k4, 4, audience)]],
    ['two that skip one between them', 'bad-signature', [to3, k4.names(stranger, 5, audience)]],
    ['two in the wrong order', 'bad-signature', [to4, to3]],
    ['an older version', 'other-version', [k2.names(k3, 1, audience)]],
    ['the version held', 'other-version', [k2.names(k3, 2, audience)]],
    ['a later version than the next', 'other-version', [k2.names(k3, 4, audience)]],
    ['the same twice', 'bad-signature', [to3, to3]],
    ['a second key for the same version', 'bad-signature', [to3, k2.names(k4, 3, audience)]],
    ['for another district', 'other-audience', [k2.names(k3, 3, 'a'.repeat(64))]],
    ['back to the key before', 'key-reuse', [k2.names(k1, 3, audience)]],
    ['to the key in use', 'key-reuse', [k2.names(k2, 3, audience)]],
    [
      'to another key of a known name',
      'key-reuse',
      [k2.names(k3, 3, audience, { stateKey: { ...k3.public, id: 'k1' } })],
    ],
    [
      'to a known key of another name',
      'key-reuse',
      [k2.names(k3, 3, audience, { stateKey: { ...k1.public, id: 'k9' } })],
    ],
    ['to a key that is not Ed25519', 'bad-key', [k2.names(k3, 3, audience, { stateKey: rsa })]],
    [
      'to a key that is none',
      'bad-key',
      [k2.names(k3, 3, audience, { stateKey: { id: 'k3', publicKey: k3.public.publicKey.replace('MCow', 'MAAA') } })],
    ],
    ['without any key', 'bad-statement', [k2.names(k3, 3, audience, { stateKey: undefined })]],
    ['with a list of keys', 'bad-statement', [k2.names(k3, 3, audience, { stateKey: [k3.public, stranger.public] })]],
    ['of another format', 'bad-statement', [k2.names(k3, 3, audience, { format: 2 })]],
    ['one with a field too many', 'bad-statement', [k2.names(k3, 3, audience, { root: district.root })]],
    ['not JSON', 'bad-statement', [k2.statement('hello')]],
    [
      'a desired state passed off as one',
      'bad-statement',
      [k2.statement(JSON.stringify({ format: 1, audience, generation: 9, issuedAt: 1, sections: {} }))],
    ],
  ])('are refused, and nothing is half followed, when they are %s', (_name, code, statements) => {
    expect(followStatements(statements, trust(2, k2, k1))).toMatchObject({ kind: 'refused', code });
  });
});
