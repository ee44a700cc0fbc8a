import { createPublicKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Logger } from 'pino';
import type { Clock, Random } from '../../shared/clock.ts';
import { signCertificate } from './certificate-der.ts';
import { type Keyed, pemBlocks, privatePem, readCertificate, readKey } from './pem.ts';
import { readIfThere, writeSecret } from './secret-files.ts';

export interface CaOptions {
  home: string;
  /** The district's name, as it stands in the certificates from then on. */
  district: string;
  clock: Clock;
  random: Random;
  log: Pick<Logger, 'info' | 'warn'>;
}

/** The district's certificate authority: the root that devices pin and the intermediate that issues. */
export interface Ca {
  root: X509Certificate;
  issuing: Keyed;
  /** Earlier issuing certificates, whose devices may still be about. */
  retired: X509Certificate[];
}

export const day = 86_400_000;
/**
 * Certificates begin a day before they are issued: a laptop whose clock battery is flat, or that has not yet
 * synchronised its time, is often hours behind and would refuse its own new certificate.
 */
export const backdate = day;

const rsaBits = 3072;
const rootDays = 20 * 365;
const issuingDays = 5 * 365;
/** A new intermediate is made while the old one still outlives every certificate (13 months) it issues. */
const rotateBelow = 430 * day;

/**
 * Opens the CA in `HOME/pki`, made at first start: `root.key` (may be taken off line), `root.pem`, and `issuing.pem` with
 * key and certificate in one file, so that they are never apart. Files are written whole and in this order: what a
 * crash leaves is finished by the next start, and what cannot be finished is refused with the remedy.
 */
export async function openCa(options: CaOptions): Promise<Ca> {
  const files = new CaFiles(options.home);
  const issuingText = await readIfThere(files.issuing);
  const root = await openRoot(options, files, issuingText !== undefined);
  const issuing = issuingText ? readIssuing(files.issuing, issuingText, root) : await makeIssuing(options, files, root);
  const newest = await rotateWhenOld(options, files, root, issuing);
  const retired = pemBlocks((await readIfThere(files.retired)) ?? '', 'CERTIFICATE');
  return {
    root: root.certificate,
    issuing: newest,
    retired: retired.map((pem) => readCertificate(files.retired, pem)),
  };
}

/**
 * Another issuing certificate, made before the old one is old: for when somebody may have read its key. Devices of the old
 * one stay trusted until they have renewed. No server may be running on the home. Throws a sentence with the remedy
 * without `root.key`.
 */
export async function rotateIssuing(options: CaOptions): Promise<X509Certificate> {
  const files = new CaFiles(options.home);
  const text = await readIfThere(files.issuing);
  if (text === undefined) throw new Error(`${files.issuing} is missing. Is this the folder of a server?`);
  const root = await openRoot(options, files, true);
  if (!root.key) throw new Error(`Put root.key back into ${files.rootKey} first: it signs the new certificate.`);
  return (await replaceIssuing(options, files, root, readIssuing(files.issuing, text, root))).certificate;
}

class CaFiles {
  readonly rootKey: string;
  readonly root: string;
  readonly issuing: string;
  readonly retired: string;

  constructor(home: string) {
    this.rootKey = join(home, 'pki', 'root.key');
    this.root = join(home, 'pki', 'root.pem');
    this.issuing = join(home, 'pki', 'issuing.pem');
    this.retired = join(home, 'pki', 'retired.pem');
  }
}

interface Root {
  certificate: X509Certificate;
  /** Undefined when it was taken off line. */
  key: KeyObject | undefined;
}

async function openRoot(options: CaOptions, files: CaFiles, isInUse: boolean): Promise<Root> {
  const keyText = await readIfThere(files.rootKey);
  const key = keyText === undefined ? undefined : readKey(files.rootKey, keyText);
  const text = await readIfThere(files.root);
  if (text === undefined) {
    if (isInUse)
      throw new Error(`${files.root} is missing. Restore it from the backup: enrolled devices trust no other root.`);
    return await makeRoot(options, files, key);
  }
  const certificate = readCertificate(files.root, text);
  if (key && !certificate.checkPrivateKey(key))
    throw new Error(`${files.rootKey} does not belong to ${files.root}. Restore both from the same backup.`);
  return { certificate, key };
}

/** A key without its certificate is what a crash left: it is used, for it may also be somebody's only copy. */
async function makeRoot(options: CaOptions, files: CaFiles, found: KeyObject | undefined): Promise<Root> {
  options.log.info('making the certificate authority of this district');
  const key = found ?? (await newKey());
  if (!found) await writeSecret(files.rootKey, privatePem(key));
  const publicKey = createPublicKey(key);
  const pem = await signCertificate(
    { ...dates(options, rootDays), ...subject(options, 'root'), publicKey, purpose: { kind: 'root' } },
    { certificate: undefined, publicKey, privateKey: key },
  );
  await writeSecret(files.root, pem);
  return { certificate: new X509Certificate(pem), key };
}

async function makeIssuing(options: CaOptions, files: CaFiles, root: Root): Promise<Keyed> {
  if (!root.key) {
    const words = `${files.issuing} is missing and cannot be made without ${files.rootKey}. Restore one of them from the backup.`;
    throw new Error(words);
  }
  const key = await newKey();
  const pem = await signCertificate(
    {
      ...dates(options, issuingDays),
      ...subject(options, 'issuing'),
      publicKey: createPublicKey(key),
      purpose: { kind: 'issuing' },
    },
    { certificate: root.certificate, publicKey: root.certificate.publicKey, privateKey: root.key },
  );
  await writeSecret(files.issuing, pem + privatePem(key));
  return { key, certificate: new X509Certificate(pem) };
}

function readIssuing(path: string, text: string, root: Root): Keyed {
  const key = readKey(path, pemBlocks(text, 'PRIVATE KEY')[0] ?? '');
  const certificate = readCertificate(path, pemBlocks(text, 'CERTIFICATE')[0] ?? '');
  if (!certificate.checkPrivateKey(key) || !certificate.verify(root.certificate.publicKey))
    throw new Error(`${path} does not belong to the root certificate beside it. Restore both from the same backup.`);
  return { key, certificate };
}

/** The old one is kept first: a crash in between leaves it listed twice, which harms nobody. */
async function rotateWhenOld(options: CaOptions, files: CaFiles, root: Root, issuing: Keyed): Promise<Keyed> {
  const left = issuing.certificate.validToDate.getTime() - options.clock.now();
  if (left > rotateBelow) return issuing;
  if (!root.key) {
    const words = `The issuing certificate ends on ${issuing.certificate.validTo}. Put root.key back into ${files.rootKey} and restart, so that a new one can be made.`;
    options.log.warn(words);
    return issuing;
  }
  return await replaceIssuing(options, files, root, issuing);
}

async function replaceIssuing(options: CaOptions, files: CaFiles, root: Root, issuing: Keyed): Promise<Keyed> {
  await writeSecret(files.retired, ((await readIfThere(files.retired)) ?? '') + issuing.certificate.toString());
  return await makeIssuing(options, files, root);
}

function dates({ clock, random }: CaOptions, days: number) {
  const notBefore = clock.now() - backdate;
  return { notBefore, notAfter: clock.now() + days * day, serial: random.bytes(16) };
}

function subject({ district }: CaOptions, part: 'root' | 'issuing') {
  return { subject: { commonName: `Rollcall ${part} of ${district}`, organization: district } };
}

/** Off the loop: an RSA key takes a good part of a second. */
async function newKey(): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: rsaBits });
  return privateKey;
}
