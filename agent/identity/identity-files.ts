import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import Type from 'typebox';
import { Address, Trust } from '../../shared/protocol/enrolment.ts';
import { strictObject, text, validator } from '../../shared/schema.ts';
import { parseJson, readIfThere, removeDurably, writeDurably } from '../store/durable-file.ts';
import type { Home } from '../store/home.ts';
import type { Credential } from './certificate.ts';

const keyFile = /^key-[0-9a-f]{16}\.pem$/;

/** What a device is after enrolment. Keys are files of their own, named by `keyFile`. */
const StoredIdentity = strictObject({
  deviceId: text(64),
  trust: Trust,
  /** Where sessions are opened. */
  agents: Type.Array(Address, { minItems: 1, maxItems: 8 }),
  /** Where certificates are renewed: the addresses of the token. */
  enrolment: Type.Array(Address, { minItems: 1, maxItems: 4 }),
  /** The one to be used first; the other stays until the first has been accepted by the server. */
  credentials: Type.Array(
    strictObject({ keyFile: Type.String({ pattern: keyFile.source }), certificateChain: text(40_000) }),
    { minItems: 1, maxItems: 2 },
  ),
});
type StoredIdentity = Type.Static<typeof StoredIdentity>;
const stored = validator(StoredIdentity);

export type Identity = Omit<StoredIdentity, 'credentials'> & { credentials: [Credential, ...Credential[]] };

/** The identity on disk cannot be used; the words say which file and the remedy. */
export class IdentityDamaged extends Error {
  constructor(file: string, cause?: unknown) {
    super(`${file} is damaged. Restore it from a backup, or run "rollcall-agent unenroll" and enrol again.`, { cause });
    this.name = 'IdentityDamaged';
  }
}

/** This home has no identity yet. */
export class NotEnrolled extends Error {
  constructor(home: string) {
    super(`${home} is not enrolled. Ask IT for a token and run: rollcall-agent enroll TOKEN`);
    this.name = 'NotEnrolled';
  }
}

/** Undefined when this home was never enrolled. Throws `IdentityDamaged`. */
export function readIdentity(home: Home): Identity | undefined {
  const content = readIfThere(home.identity);
  if (content === undefined) return undefined;
  const parsed = parseJson(content);
  if (!stored.check(parsed)) throw new IdentityDamaged(home.identity);
  const [first, ...rest] = parsed.credentials.map((item) => ({
    key: readKey(home.key(item.keyFile)),
    certificateChain: item.certificateChain,
  }));
  if (!first) throw new IdentityDamaged(home.identity);
  return { ...parsed, credentials: [first, ...rest] };
}

/** Keys first, then the identity that names them, then keys nobody names go: whole at every instant. */
export function writeIdentity(home: Home, identity: Identity): void {
  home.prepare();
  const credentials = identity.credentials.map(({ key, certificateChain }) => ({
    keyFile: keyFileOf(key),
    key,
    certificateChain,
  }));
  for (const { keyFile, key } of credentials) writeDurably(home.key(keyFile), key);
  const withoutKeys = credentials.map(({ keyFile, certificateChain }) => ({ keyFile, certificateChain }));
  writeDurably(home.identity, JSON.stringify({ ...identity, credentials: withoutKeys } satisfies StoredIdentity));
  removeKeysBut(
    home,
    credentials.map((item) => item.keyFile),
  );
}

/** The identity goes before its keys: there is never an identity without its key. */
export function deleteIdentity(home: Home): void {
  removeDurably(home.identity);
  removeKeysBut(home, []);
}

function removeKeysBut(home: Home, keep: string[]): void {
  for (const name of readdirSync(home.path))
    if (keyFile.test(name) && !keep.includes(name)) rmSync(home.key(name), { force: true });
}

function keyFileOf(key: string): string {
  return `key-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.pem`;
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new IdentityDamaged(path, error);
  }
}
