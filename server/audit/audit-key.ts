import {
  createHmac,
  createPrivateKey,
  createSecretKey,
  generateKeyPair,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SignedHead } from '../../shared/api/schemas.ts';
import type { Random } from '../../shared/clock.ts';
import type { StateKey } from '../../shared/protocol/trust.ts';
import { privatePem } from '../pki/pem.ts';
import { readIfThere, writeSecret } from '../pki/secret-files.ts';
import { publicHalf } from '../pki/state-key-file.ts';
import type { Sealing } from '../store/event-chain.ts';

export type Head = Omit<SignedHead, 'format' | 'key' | 'signature'>;

const saltBytes = 16;
/** 128 bits in base64url: HMAC may be shortened to half (RFC 2104 section 5). */
const sealLength = 22;

/**
 * HOME/pki/audit.key (Ed25519). It signs heads, and a key derived from it (HKDF, RFC 5869) seals each row, so that whoever
 * can write to the database, but has not this file, can make no row that is believed.
 */
export class AuditKey implements Sealing {
  readonly #key: KeyObject;
  readonly #public: StateKey;
  readonly #sealKey: KeyObject;
  readonly #random: Random;

  private constructor(key: KeyObject, random: Random) {
    this.#key = key;
    this.#public = publicHalf(key);
    this.#random = random;
    const secret = key.export({ type: 'pkcs8', format: 'der' });
    // As an object: six times faster than from the bytes each time.
    this.#sealKey = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'rollcall audit seal', 32)));
  }

  /** Made at first start. Throws a sentence with the remedy when the file is damaged. */
  static async open(home: string, random: Random): Promise<AuditKey> {
    const path = join(home, 'pki', 'audit.key');
    const text = await readIfThere(path);
    if (text !== undefined) return new AuditKey(readKey(path, text), random);
    const { privateKey } = await promisify(generateKeyPair)('ed25519');
    await writeSecret(path, privatePem(privateKey));
    return new AuditKey(privateKey, random);
  }

  get publicKey(): string {
    return this.#public.publicKey;
  }

  salt(): string {
    return Buffer.from(this.#random.bytes(saltBytes)).toString('base64url');
  }

  seal(hash: string): string {
    return createHmac('sha256', this.#sealKey).update(hash).digest('base64url').slice(0, sealLength);
  }

  signHead(head: Head): SignedHead {
    const signature = sign(null, headText(head), this.#key).toString('base64');
    const { district, id, at, hash } = head;
    return { format: 1, district, id, at, hash, key: this.#public.id, signature };
  }

  /** Whether this very key signed it. */
  signed(head: SignedHead): boolean {
    if (head.key !== this.#public.id) return false;
    return verify(null, headText(head), this.#public.publicKey, Buffer.from(head.signature, 'base64'));
  }
}

/** What is signed: the purpose in a line of its own, then the head as a JSON list. */
function headText({ district, id, at, hash }: Head): Buffer {
  return Buffer.from(`rollcall audit head 1\n${JSON.stringify([district, id, at, hash])}`, 'utf8');
}

function readKey(path: string, text: string): KeyObject {
  const remedy = `${path} is not an Ed25519 private key. Restore it from the backup: without it the audit cannot be verified.`;
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (cause) {
    throw new Error(remedy, { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(remedy);
  return key;
}
