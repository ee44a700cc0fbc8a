import { createHash, type KeyObject, sign, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import forge from 'node-forge';

/**
 * X.509 v3 certificates (RFC 5280). node-forge builds the structure and knows no elliptic curves, so the public key goes
 * in as the DER that node:crypto made, and node:crypto signs.
 */
const { asn1 } = forge;
/** Missing in @types/node-forge: an address as a binary string; null when it is none. */
const { bytesFromIP } = forge.util as unknown as { bytesFromIP(address: string): string | null };
type Node = forge.asn1.Asn1;

export interface Subject {
  commonName: string;
  organization: string;
}

export interface Template {
  subject: Subject;
  publicKey: KeyObject;
  /** 16 bytes; made positive and of full length here. */
  serial: Uint8Array;
  /** Milliseconds since 1970; certificates keep whole seconds. */
  notBefore: number;
  notAfter: number;
  purpose: Purpose;
}

/** What a certificate may do, and nothing else. `hosts` are DNS names and IP addresses. */
export type Purpose =
  | { kind: 'root' }
  | { kind: 'issuing' }
  | { kind: 'device' }
  | { kind: 'server'; hosts: readonly string[] };

/** Who signs: its certificate (undefined: self-signed) and its RSA key. */
export interface Issuer {
  certificate: X509Certificate | undefined;
  publicKey: KeyObject;
  privateKey: KeyObject;
}

const oid = {
  rsaSha256: '1.2.840.113549.1.1.11',
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const;
/** KeyUsage bits as one byte, first bit highest (RFC 5280 section 4.2.1.3). */
const usage = { digitalSignature: 0x80, certAndCrlSign: 0x06 } as const;
/** ub-common-name and ub-organization-name of RFC 5280 appendix A.1. */
const longestName = 64;
const utcTimeEnds = Date.UTC(2050, 0, 1);

/** Signs the certificate and returns it as PEM. */
export async function signCertificate(template: Template, issuer: Issuer): Promise<string> {
  const tbs = bytesOf(toBeSigned(template, issuer));
  const signature = await promisify(sign)('sha256', tbs, issuer.privateKey);
  const certificate = bytesOf(sequence(parse(tbs), rsaSha256(), bitString(signature)));
  return pemOf(certificate);
}

function toBeSigned(template: Template, issuer: Issuer): Node {
  return sequence(
    tagged(0, integer(Uint8Array.of(2))),
    integer(positive(template.serial)),
    rsaSha256(),
    issuer.certificate ? subjectOf(issuer.certificate) : name(template.subject),
    sequence(time(template.notBefore), time(template.notAfter)),
    name(template.subject),
    parse(spki(template.publicKey)),
    tagged(3, sequence(...extensions(template, issuer))),
  );
}

function extensions({ purpose, publicKey }: Template, issuer: Issuer): Node[] {
  const own = extension(oid.subjectKeyId, octets(keyId(publicKey)));
  const authority = extension(oid.authorityKeyId, sequence(tagged(0, keyId(issuer.publicKey))));
  const leaf = [extension(oid.basicConstraints, sequence(), true), keyUsage(usage.digitalSignature), own, authority];
  switch (purpose.kind) {
    case 'root':
      return [authorityOver(1), keyUsage(usage.certAndCrlSign), own];
    // Limited by use rather than by name: a district may rename its hosts, and no leaf of ours may sign code or mail.
    case 'issuing':
      return [authorityOver(0), keyUsage(usage.certAndCrlSign), uses(oid.clientAuth, oid.serverAuth), own, authority];
    case 'device':
      return [...leaf, uses(oid.clientAuth)];
    case 'server':
      return [...leaf, uses(oid.serverAuth), extension(oid.subjectAltName, sequence(...purpose.hosts.map(host)))];
  }
}

const authorityOver = (depth: number) =>
  extension(oid.basicConstraints, sequence(boolean(true), integer(Uint8Array.of(depth))), true);
const keyUsage = (bits: number) => extension(oid.keyUsage, bitString(Uint8Array.of(bits), unusedBits(bits)), true);
const uses = (...purposes: string[]) => extension(oid.extKeyUsage, sequence(...purposes.map(objectId)));

function extension(id: string, value: Node, critical = false): Node {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(bytesOf(value)));
}

/** GeneralName: dNSName [2] or iPAddress [7] (RFC 5280 section 4.2.1.6). */
function host(value: string): Node {
  const bytes = isIP(value) ? bytesFromIP(value) : value;
  if (!bytes) throw new RangeError(`${value} is neither a host name nor an address`);
  return asn1.create(asn1.Class.CONTEXT_SPECIFIC, isIP(value) ? 7 : 2, false, bytes);
}

function name({ commonName, organization }: Subject): Node {
  const part = (id: string, value: string) =>
    set(sequence(objectId(id), asn1.create(asn1.Class.UNIVERSAL, asn1.Type.UTF8, false, utf8(value))));
  return sequence(part(oid.organization, organization), part(oid.commonName, commonName));
}

const utf8 = (value: string) => forge.util.encodeUtf8([...value].slice(0, longestName).join(''));

/** The subject as its issuer wrote it: names in a chain are compared byte by byte. */
function subjectOf(certificate: X509Certificate): Node {
  const [tbs] = parse(certificate.raw).value as Node[];
  const subject = (tbs?.value as Node[] | undefined)?.[5];
  if (!subject) throw new TypeError('the issuer is not an X.509 v3 certificate');
  return subject;
}

/** RFC 7093 section 2, method 1: the leftmost 160 bits of SHA-256 over the key. */
function keyId(key: KeyObject): Buffer {
  return createHash('sha256').update(spki(key)).digest().subarray(0, 20);
}

/** 128 bits, the first always 0 (positive) and the second 1 (so that no byte is lost as a leading zero). */
function positive(serial: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(serial);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

function time(ms: number): Node {
  const date = new Date(ms);
  return ms < utcTimeEnds
    ? asn1.create(asn1.Class.UNIVERSAL, asn1.Type.UTCTIME, false, asn1.dateToUtcTime(date))
    : asn1.create(asn1.Class.UNIVERSAL, asn1.Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(date));
}

const universal = (type: forge.asn1.Type, constructed: boolean, value: string | Node[]) =>
  asn1.create(asn1.Class.UNIVERSAL, type, constructed, value);
const sequence = (...items: Node[]) => universal(asn1.Type.SEQUENCE, true, items);
const set = (...items: Node[]) => universal(asn1.Type.SET, true, items);
const objectId = (id: string) => universal(asn1.Type.OID, false, asn1.oidToDer(id).getBytes());
const boolean = (value: boolean) => universal(asn1.Type.BOOLEAN, false, value ? '\xff' : '\0');
const integer = (bytes: Uint8Array) => universal(asn1.Type.INTEGER, false, binary(bytes));
const octets = (bytes: Uint8Array) => universal(asn1.Type.OCTETSTRING, false, binary(bytes));
const bitString = (bytes: Uint8Array, unused = 0) =>
  universal(asn1.Type.BITSTRING, false, String.fromCharCode(unused) + binary(bytes));
const rsaSha256 = () => sequence(objectId(oid.rsaSha256), universal(asn1.Type.NULL, false, ''));
/** DER drops trailing zero bits of a named bit list (X.690 section 11.2.2). */
const unusedBits = (bits: number) => 31 - Math.clz32(bits & -bits);

function tagged(tag: number, value: Node | Uint8Array): Node {
  return value instanceof Uint8Array
    ? asn1.create(asn1.Class.CONTEXT_SPECIFIC, tag, false, binary(value))
    : asn1.create(asn1.Class.CONTEXT_SPECIFIC, tag, true, [value]);
}

const binary = (bytes: Uint8Array) => Buffer.from(bytes).toString('binary');
const bytesOf = (node: Node) => Buffer.from(asn1.toDer(node).getBytes(), 'binary');
const parse = (der: Uint8Array) => asn1.fromDer(binary(der));
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
