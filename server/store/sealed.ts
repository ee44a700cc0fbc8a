import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Random } from '../../shared/clock.ts';
import { replacePrivateFile } from './private-file.ts';

/**
 * Keeps secrets that must be read again (they sign, or open something) unreadable in the database and in copies of it.
 * `about` names the row, so that no sealed text can be moved to another: opening it there fails.
 */
export interface Sealer {
  seal(text: string, about: string): string;
  /** Throws a sentence with the remedy when the text was not sealed here, for this, or was altered. */
  open(sealed: string, about: string): string;
}

/** A column or document that holds sealed texts: another key must reach every one. */
export interface SealedPlace {
  /** Gives each sealed text to `again` with what it is about, and keeps what comes back; how many there were. */
  reseal(again: (text: string, about: string) => string): Promise<number>;
}

const prefix = 'sealed:1:';
const [keyBytes, ivBytes, tagBytes] = [32, 12, 16];
const line = /^([A-Za-z0-9_-]{8}) ([A-Za-z0-9_-]{43})$/;

interface SealingKey {
  id: string;
  secret: Buffer;
}

/** AES-256-GCM (NIST SP 800-38D), a fresh key for each text by HKDF (RFC 5869), so that no nonce is ever met twice. */
export class SealingKeys implements Sealer {
  readonly #path: string;
  readonly #random: Random;
  /** The newest first: it seals; all open. */
  #keys: readonly SealingKey[];

  private constructor(path: string, random: Random, keys: readonly SealingKey[]) {
    this.#path = path;
    this.#random = random;
    this.#keys = keys;
  }

  /** The keys in a file of one line each, made when there is none. Throws a sentence with the remedy when it is damaged. */
  static open(path: string, random: Random): SealingKeys {
    if (!existsSync(path)) {
      const keys = new SealingKeys(path, random, []);
      keys.add();
      return keys;
    }
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    const keys = lines.map((text) => line.exec(text)).map((found) => found && keyOf(found[1], found[2]));
    if (keys.length === 0 || keys.some((key) => key === null))
      throw new Error(`${path} is damaged. Restore it from the backup: without it sealed secrets cannot be opened.`);
    return new SealingKeys(path, random, keys as SealingKey[]);
  }

  /** A new key, which seals from now on; the earlier ones go on opening until `keepNewest`. */
  add(): void {
    const id = Buffer.from(this.#random.bytes(6)).toString('base64url');
    this.#write([{ id, secret: Buffer.from(this.#random.bytes(keyBytes)) }, ...this.#keys]);
  }

  /** Once everything is sealed with the newest. */
  keepNewest(): void {
    this.#write(this.#keys.slice(0, 1));
  }

  seal(text: string, about: string): string {
    const [key] = this.#keys;
    if (!key) throw new Error(`${this.#path} holds no key.`);
    const salt = Buffer.from(this.#random.bytes(keyBytes));
    const cipher = createCipheriv('aes-256-gcm', derived(key, salt), Buffer.alloc(ivBytes));
    cipher.setAAD(Buffer.from(about));
    const sealed = Buffer.concat([salt, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${prefix}${key.id}:${sealed.toString('base64url')}`;
  }

  open(sealed: string, about: string): string {
    const [id, body = ''] = sealed.startsWith(prefix) ? sealed.slice(prefix.length).split(':') : [];
    const key = this.#keys.find((one) => one.id === id);
    if (!key) throw new Error(`A secret of ${about} is sealed with a key that is not in ${this.#path}. ${remedy}`);
    const bytes = Buffer.from(body, 'base64url');
    try {
      const decipher = createDecipheriv(
        'aes-256-gcm',
        derived(key, bytes.subarray(0, keyBytes)),
        Buffer.alloc(ivBytes),
      );
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(-tagBytes));
      return decipher.update(bytes.subarray(keyBytes, -tagBytes), undefined, 'utf8') + decipher.final('utf8');
    } catch (cause) {
      throw new Error(`A secret of ${about} was altered, or belongs to something else. ${remedy}`, { cause });
    }
  }

  #write(keys: readonly SealingKey[]): void {
    const lines = keys.map(({ id, secret }) => `${id} ${secret.toString('base64url')}\n`);
    replacePrivateFile(this.#path, lines.join(''));
    this.#keys = keys;
  }
}

const remedy = 'Restore both from one backup, or set the secret anew.';

export function isSealed(text: string): boolean {
  return text.startsWith(prefix);
}

function derived({ secret }: SealingKey, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'rollcall sealed secret', keyBytes));
}

function keyOf(id = '', secret = ''): SealingKey | null {
  const bytes = Buffer.from(secret, 'base64url');
  return bytes.length === keyBytes ? { id, secret: bytes } : null;
}
