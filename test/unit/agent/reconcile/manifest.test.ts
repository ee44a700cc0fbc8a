import { describe, expect, it } from 'vitest';
import { type RefusalCode, verifyManifest } from '../../../../agent/reconcile/manifest.ts';
import type { Manifest, SignedManifest } from '../../../../shared/protocol/messages.ts';
import { FakeDistrict } from '../../../fakes/district.ts';
import { FakeStateKey } from '../../../fakes/state-key.ts';

const district = new FakeDistrict();
const other = new FakeDistrict('Another district');
const hash = (digit: string) => digit.repeat(64);
const manifest = (change: Partial<Manifest> = {}): Manifest => ({
  format: 1,
  audience: district.fingerprint,
  generation: 7,
  issuedAt: 1_790_000_000_000,
  sections: { browser: hash('a') },
  ...change,
});
const inForce = { manifest: manifest(), keyId: 'state-1' };
const signed = (change: Partial<Manifest> = {}) => district.sign(manifest(change));
const text = JSON.stringify(manifest({ generation: 8 }));

describe('a signed state', () => {
  it('of a newer generation replaces the one in force', () => {
    const verdict = verifyManifest(signed({ generation: 8 }), district.trust, inForce);
    expect(verdict).toEqual({ kind: 'new', manifest: manifest({ generation: 8 }) });
  });

  it('is taken when nothing is in force yet', () => {
    expect(verifyManifest(signed(), district.trust).kind).toBe('new');
  });

  it.each<[string, Partial<Manifest>]>([
    ['the same state', {}],
    ['the same content signed at another time', { issuedAt: 1_790_000_999_999 }],
  ])('changes nothing when it is %s', (_name, change) => {
    expect(verifyManifest(signed(change), district.trust, inForce)).toEqual({ kind: 'unchanged' });
  });

  it.each<[string, RefusalCode, SignedManifest]>([
    ['cut short', 'bad-signature', { ...district.sign(text), manifest: text.slice(0, -2) }],
    ['changed after signing', 'bad-signature', { ...signed(), manifest: text }],
    ['not signed at all', 'bad-signature', { ...district.sign(text), signature: `${'A'.repeat(86)}==` }],
    ['signed by another district', 'bad-signature', other.sign(text)],
    ['signed with a key nobody knows', 'unknown-key', district.sign(text, 'state-9')],
    ['not JSON', 'bad-manifest', district.sign('hello')],
    ['of another format', 'bad-manifest', district.sign(text.replace('"format":1', '"format":2'))],
    ['one with a field too many', 'bad-manifest', district.sign(text.replace('{', '{"extra":1,'))],
    ['one that names a prototype key', 'bad-manifest', district.sign(text.replace('"browser"', '"__proto__"'))],
    ['for another district', 'other-audience', signed({ audience: other.fingerprint, generation: 8 })],
    ['older than the one in force', 'older-generation', signed({ generation: 6 })],
    ['of the same generation with another section', 'changed-generation', signed({ sections: { browser: hash('b') } })],
    [
      'of the same generation with one section more',
      'changed-generation',
      signed({ sections: { browser: hash('a'), webFilter: hash('c') } }),
    ],
    ['of the same generation with one section less', 'changed-generation', signed({ sections: {} })],
  ])('is refused when it is %s', (_name, code, state) => {
    expect(verifyManifest(state, district.trust, inForce)).toMatchObject({ kind: 'refused', code });
  });

  it('is refused when the key of its id is not an Ed25519 key', () => {
    const rsa = { ...district.trust, stateKeys: [{ id: 'state-1', publicKey: district.rootPublicKey }] };
    expect(verifyManifest(signed(), rsa, undefined)).toMatchObject({ kind: 'refused', code: 'bad-signature' });
  });
});

describe('after the state key was changed, a state', () => {
  const [older, newer] = [new FakeStateKey('older'), new FakeStateKey('newer')];
  const trust = { ...district.trust, version: 2, stateKeys: [newer.public, older.public] };
  const of = (key: FakeStateKey, generation: number) => ({ manifest: manifest({ generation }), keyId: key.id });
  const state = (key: FakeStateKey, generation: number) => key.state(manifest({ generation }));

  it.each<[string, SignedManifest, ReturnType<typeof of> | undefined, object]>([
    ['of the older key is still obeyed in its turn', state(older, 8), of(older, 7), { kind: 'new' }],
    ['of the older key does not go back', state(older, 6), of(older, 7), { code: 'older-generation' }],
    ['of the newer key takes over', state(newer, 8), of(older, 7), { kind: 'new' }],
    [
      'of the newer key undoes a generation no real state could pass',
      state(newer, 8),
      of(older, 1e15),
      { kind: 'new' },
    ],
    ['of the newer key that is the one in force changes nothing', state(newer, 8), of(newer, 8), { kind: 'unchanged' }],
    ['of the newer key does not go back', state(newer, 7), of(newer, 8), { code: 'older-generation' }],
    [
      'of the older key counts for nothing once the newer is in force',
      state(older, 9),
      of(newer, 8),
      { code: 'retired-key' },
    ],
    [
      'in force whose key is gone is still not gone back behind',
      state(newer, 6),
      of(new FakeStateKey('gone'), 7),
      { code: 'older-generation' },
    ],
    [
      'that is a statement of a key is none',
      newer.state(newer.names(older, 3, district.fingerprint).statement),
      of(newer, 8),
      { code: 'bad-manifest' },
    ],
  ])('%s', (_name, signedState, held, verdict) => {
    expect(verifyManifest(signedState, trust, held)).toMatchObject(verdict);
  });
});
