import { type Argon2Parameters, argon2, createCipheriv, createDecipheriv } from 'node:crypto';
import { promisify } from 'node:util';
import Type from 'typebox';
import type { Random } from '../../shared/clock.ts';
import { strictObject, validator } from '../../shared/schema.ts';

const derive = promisify(argon2);

/** What one try of a passphrase costs; memory in KiB. */
export interface Argon2Cost {
  memory: number;
  passes: number;
  parallelism: number;
}

/** The second recommended option of RFC 9106 section 4 (64 MiB): dear for whoever holds a stolen database. */
export const usualCost: Argon2Cost = { memory: 65_536, passes: 3, parallelism: 4 };

const Bytes = Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength: 200 });
const Wrapped = strictObject({
  kdf: Type.Literal('argon2id'),
  memory: Type.Integer({ minimum: 8, maximum: 4_194_304 }),
  passes: Type.Integer({ minimum: 1, maximum: 1_000 }),
  parallelism: Type.Integer({ minimum: 1, maximum: 64 }),
  salt: Bytes,
  nonce: Bytes,
  ciphertext: Bytes,
});
const schema = validator(Wrapped);
const [keyLength, nonceLength, tagLength] = [32, 12, 16];

/** What a wrapped key belongs to; part of what is authenticated. */
export interface WrappedFor {
  id: string;
  publicKey: string;
}

/** Wraps a private key by a passphrase: argon2id, then AES-256-GCM. JSON with the parameters beside it. */
export async function wrapKey(
  privateKey: Uint8Array,
  passphrase: string,
  owner: WrappedFor,
  random: Random,
  cost: Argon2Cost = usualCost,
): Promise<string> {
  const salt = random.bytes(16);
  const nonce = random.bytes(nonceLength);
  const key = await keyOf(passphrase, salt, cost);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  cipher.setAAD(authenticated(owner));
  const ciphertext = Buffer.concat([cipher.update(privateKey), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  const wrapped = {
    kdf: 'argon2id' as const,
    ...cost,
    salt: text(salt),
    nonce: text(nonce),
    ciphertext: text(ciphertext),
  };
  return JSON.stringify(wrapped satisfies Type.Static<typeof Wrapped>);
}

/** Undefined for a wrong passphrase. The caller clears the key. */
export async function unwrapKey(wrapped: string, passphrase: string, owner: WrappedFor): Promise<Buffer | undefined> {
  const read = readWrapped(wrapped);
  const ciphertext = Buffer.from(read.ciphertext, 'base64url');
  const key = await keyOf(passphrase, Buffer.from(read.salt, 'base64url'), read);
  const nonce = Buffer.from(read.nonce, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength });
  decipher.setAAD(authenticated(owner));
  decipher.setAuthTag(ciphertext.subarray(-tagLength));
  const clear = decipher.update(ciphertext.subarray(0, -tagLength));
  key.fill(0);
  try {
    decipher.final();
    return clear;
  } catch {
    clear.fill(0);
    return undefined;
  }
}

/** Only this server writes it: anything else is a damaged database. */
function readWrapped(wrapped: string): Type.Static<typeof Wrapped> {
  const read: unknown = JSON.parse(wrapped);
  if (schema.check(read)) return read;
  throw new Error(`the escrow key in the database is damaged: ${schema.problems(read).join('; ')}`);
}

async function keyOf(passphrase: string, salt: Uint8Array, cost: Argon2Cost): Promise<Buffer> {
  const { memory, passes, parallelism } = cost;
  const message = Buffer.from(passphrase.normalize('NFC'));
  const input: Argon2Parameters = { message, nonce: salt, memory, passes, parallelism, tagLength: keyLength };
  const key = (await derive('argon2id', input)) as Buffer;
  message.fill(0);
  return key;
}

function authenticated({ id, publicKey }: WrappedFor): Buffer {
  return Buffer.from(JSON.stringify(['rollcall escrow key 1', id, publicKey]));
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
