import { createHash, createPrivateKey, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { KeyStatement, SignedKeyStatement, type StateKey } from '../../shared/protocol/trust.ts';
import { validator } from '../../shared/schema.ts';
import { pemBlocks, privatePem } from './pem.ts';
import { readIfThere, writeSecret } from './secret-files.ts';

/** A statement with what it says. */
export interface Statement {
  says: KeyStatement;
  signed: SignedKeyStatement;
}

/** The private key in use and the statements that lead to it, oldest first; none for the first key of a district. */
export interface StateKeyChain {
  key: KeyObject;
  statements: readonly Statement[];
}

const statementSchema = validator(KeyStatement);
const signedSchema = validator(SignedKeyStatement);

/**
 * Key and statements are one file, so that they are never apart: the key as PEM, then one statement a line. Undefined
 * when there is no file. Throws a sentence with the remedy when it is damaged, rather than sign what no device obeys.
 */
export async function readStateKey(path: string): Promise<StateKeyChain | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const key = readKey(path, pemBlocks(text, 'PRIVATE KEY')[0] ?? '');
  const statements = text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map(parse);
  if (!isChain(statements, key))
    throw new Error(`${path} holds statements that do not lead to its key. Restore it from the backup.`);
  return { key, statements };
}

export async function writeStateKey(path: string, { key, statements }: StateKeyChain): Promise<void> {
  await writeSecret(path, privatePem(key) + statements.map(({ signed }) => `${JSON.stringify(signed)}\n`).join(''));
}

/** As devices pin it; the id is the first 32 hexadecimal digits of the SHA-256 of the SPKI DER. */
export function publicHalf(key: KeyObject): StateKey {
  const publicKey = createPublicKey(key);
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  return {
    id: createHash('sha256').update(spki).digest('hex').slice(0, 32),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

function readKey(path: string, pem: string): KeyObject {
  const remedy = `${path} is not an Ed25519 private key. Restore it from the backup: devices accept no other.`;
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new Error(remedy, { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(remedy);
  return key;
}

/** Undefined when the line is no statement. */
function parse(line: string): Statement | undefined {
  try {
    const signed: unknown = JSON.parse(line);
    const says: unknown = signedSchema.check(signed) ? JSON.parse(signed.statement) : undefined;
    return signedSchema.check(signed) && statementSchema.check(says) ? { says, signed } : undefined;
  } catch {
    return undefined;
  }
}

/** Each is signed by the key the one before brought, without a gap, and the last brought `key`. */
function isChain(statements: (Statement | undefined)[], key: KeyObject): statements is Statement[] {
  const last = statements.at(-1);
  const links = statements.every((statement, index) => {
    const before = statements[index - 1];
    return statement && (index === 0 || (before && follows(statement, before)));
  });
  return links && (statements.length === 0 || last?.says.stateKey.id === publicHalf(key).id);
}

function follows({ says, signed }: Statement, { says: before }: Statement): boolean {
  const text = Buffer.from(signed.statement, 'utf8');
  const isSigned = verify(null, text, before.stateKey.publicKey, Buffer.from(signed.signature, 'base64'));
  return isSigned && says.version === before.version + 1;
}
