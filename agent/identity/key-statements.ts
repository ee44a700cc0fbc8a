import type { Trust } from '../../shared/protocol/enrolment.ts';
import { KeyStatement, type SignedKeyStatement } from '../../shared/protocol/trust.ts';
import { validator } from '../../shared/schema.ts';
import { parseJson } from '../store/durable-file.ts';
import { ed25519Key, isSignedBy } from './signed-text.ts';

export type StatementRefusal =
  | 'bad-signature'
  | 'bad-statement'
  | 'other-audience'
  | 'other-version'
  | 'bad-key'
  | 'key-reuse';

export type TrustVerdict = { kind: 'new'; trust: Trust } | { kind: 'refused'; code: StatementRefusal; words: string };

const schema = validator(KeyStatement);
/** Beside the newest key: that of the state in force is always the last, so those in between go first. */
const earlierKept = 3;

/**
 * What to trust after these statements, oldest first: each must be signed by the newest key held at that point, and
 * bring the next version. All of them are followed or none. Earlier keys stay only for the state they have signed
 * (`verifyManifest`); they never sign a statement again.
 */
export function followStatements(statements: readonly SignedKeyStatement[], trust: Trust): TrustVerdict {
  let newest = trust;
  for (const signed of statements) {
    const verdict = follow(signed, newest);
    if (verdict.kind === 'refused') return verdict;
    newest = verdict.trust;
  }
  const stateKeys = [...newest.stateKeys.slice(0, 1), ...trust.stateKeys.slice(-earlierKept)];
  return { kind: 'new', trust: { ...newest, stateKeys } };
}

/** The signature is checked before the text is read. */
function follow({ statement, signature }: SignedKeyStatement, trust: Trust): TrustVerdict {
  const [signer] = trust.stateKeys;
  if (!signer || !isSignedBy(statement, signature, signer.publicKey))
    return refused('bad-signature', `it is not signed with the key ${signer?.id}, the newest this device trusts`);
  const read = parseJson(statement);
  if (!schema.check(read)) return refused('bad-statement', schema.problems(read).join('; '));
  if (read.audience !== trust.district) return refused('other-audience', 'it is for another district');
  if (read.version !== trust.version + 1)
    return refused('other-version', `it brings version ${read.version}, while ${trust.version} is held`);
  const { stateKey } = read;
  if (!ed25519Key(stateKey.publicKey)) return refused('bad-key', `its key ${stateKey.id} is not an Ed25519 public key`);
  if (trust.stateKeys.some(({ id, publicKey }) => id === stateKey.id || publicKey === stateKey.publicKey))
    return refused('key-reuse', `its key ${stateKey.id} is already held`);
  return { kind: 'new', trust: { ...trust, version: read.version, stateKeys: [stateKey, ...trust.stateKeys] } };
}

function refused(code: StatementRefusal, words: string): TrustVerdict {
  return { kind: 'refused', code, words };
}
