import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { agentServerName, type Trust } from '../../shared/protocol/enrolment.ts';
import type { Manifest, SignedManifest } from '../../shared/protocol/messages.ts';
import type { SignedKeyStatement } from '../../shared/protocol/trust.ts';
import { FakeStateKey } from './state-key.ts';

const day = 86_400_000;

export interface KeyAndCertificate {
  key: string;
  certificate: string;
}

interface Issuer {
  key: forge.pki.rsa.PrivateKey;
  certificate: forge.pki.Certificate;
}

/** A small certificate authority with its own state-signing key, made by node-forge apart from the product's code. */
export class FakeDistrict {
  readonly root: string;
  readonly fingerprint: string;
  /** What a device pins that enrols before any rotation. */
  readonly trust: Trust;
  /** Signs states now. */
  stateKey = new FakeStateKey('state-1');
  /** What led to the key in use, oldest first. */
  readonly statements: SignedKeyStatement[] = [];
  readonly server: KeyAndCertificate;
  readonly #issuing: Issuer;
  #serial = 100;

  constructor(name = 'Fake district') {
    const root = selfSigned(`${name} root`);
    this.root = pem(root.certificate);
    this.fingerprint = createHash('sha256').update(new X509Certificate(this.root).raw).digest('hex');
    const issuing = newKeys();
    this.#issuing = {
      key: issuing.privateKey,
      certificate: issue(root, issuing.publicKey, `${name} issuing`, { serial: 2, isAuthority: true }),
    };
    this.trust = { district: this.fingerprint, name, root: this.root, version: 1, stateKeys: [this.stateKey.public] };
    const server = newKeys();
    const leaf = issue(this.#issuing, server.publicKey, 'server', { serial: 3, names: [agentServerName] });
    this.server = { key: forge.pki.privateKeyToPem(server.privateKey), certificate: pem(leaf) + this.issuing };
  }

  /** The issuing certificate, PEM. */
  get issuing(): string {
    return pem(this.#issuing.certificate);
  }

  /** An RSA key, SPKI PEM. */
  get rootPublicKey(): string {
    return new X509Certificate(this.root).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  /** Signs what a device's request asks for; returns the chain, leaf first. */
  issueFor(csr: string, validity: { from?: number; days?: number } = {}): string {
    const request = forge.pki.certificationRequestFromPem(csr);
    if (!request.verify() || !request.publicKey) throw new Error('The request is not signed by its key.');
    this.#serial += 1;
    const leaf = issue(this.#issuing, request.publicKey as forge.pki.rsa.PublicKey, `device ${this.#serial}`, {
      serial: this.#serial,
      ...validity,
    });
    return pem(leaf) + this.issuing;
  }

  /** A device's key and chain, ready to use. */
  device(validity: { from?: number; days?: number } = {}): { key: string; certificateChain: string } {
    const keys = newKeys();
    this.#serial += 1;
    const leaf = issue(this.#issuing, keys.publicKey, `device ${this.#serial}`, { serial: this.#serial, ...validity });
    return { key: forge.pki.privateKeyToPem(keys.privateKey), certificateChain: pem(leaf) + this.issuing };
  }

  sign(manifest: Manifest | string, keyId = this.stateKey.id): SignedManifest {
    return this.stateKey.state(manifest, keyId);
  }

  /** Takes a new state key into use, as `rollcall rotate state-key` does; returns the statement of the old one. */
  rotate(): SignedKeyStatement {
    const version = this.statements.length + 2;
    const next = new FakeStateKey(`state-${version}`);
    const statement = this.stateKey.names(next, version, this.fingerprint);
    this.stateKey = next;
    this.statements.push(statement);
    return statement;
  }

  /** A signed state with the hashes of these contents, and the contents by hash. */
  state(
    generation: number,
    sections: Record<string, unknown>,
  ): { signed: SignedManifest; contents: Map<string, string> } {
    const entries = Object.entries(sections).map(([name, value]) => {
      const content = typeof value === 'string' ? value : JSON.stringify(value);
      return { name, content, hash: createHash('sha256').update(content).digest('hex') };
    });
    const manifest: Manifest = {
      format: 1,
      audience: this.fingerprint,
      generation,
      issuedAt: 1_790_000_000_000,
      sections: Object.fromEntries(entries.map(({ name, hash }) => [name, hash])),
    };
    return { signed: this.sign(manifest), contents: new Map(entries.map(({ hash, content }) => [hash, content])) };
  }
}

function newKeys(): forge.pki.rsa.KeyPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = forge.pki.privateKeyFromPem(privateKey.export({ type: 'pkcs1', format: 'pem' }).toString());
  return { privateKey: key, publicKey: forge.pki.setRsaPublicKey(key.n, key.e) };
}

function selfSigned(name: string): Issuer {
  const keys = newKeys();
  const certificate = describe(keys.publicKey, name, { serial: 1, isAuthority: true });
  certificate.setIssuer(certificate.subject.attributes);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return { key: keys.privateKey, certificate };
}

interface About {
  serial: number;
  isAuthority?: boolean;
  names?: string[];
  from?: number;
  days?: number;
}

function issue(issuer: Issuer, key: forge.pki.rsa.PublicKey, name: string, about: About): forge.pki.Certificate {
  const certificate = describe(key, name, about);
  certificate.setIssuer(issuer.certificate.subject.attributes);
  certificate.sign(issuer.key, forge.md.sha256.create());
  return certificate;
}

function describe(key: forge.pki.rsa.PublicKey, name: string, about: About): forge.pki.Certificate {
  const { serial, isAuthority = false, names = [], from = Date.now() - day, days = 395 } = about;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = key;
  certificate.serialNumber = serial.toString(16).padStart(4, '0');
  certificate.validity.notBefore = new Date(from);
  certificate.validity.notAfter = new Date(from + days * day);
  certificate.setSubject([{ shortName: 'CN', value: name }]);
  const usage = isAuthority ? { keyCertSign: true, cRLSign: true } : { digitalSignature: true };
  certificate.setExtensions([
    { name: 'basicConstraints', cA: isAuthority, critical: true },
    { name: 'keyUsage', critical: true, ...usage },
    ...(isAuthority ? [] : [{ name: 'extKeyUsage', serverAuth: names.length > 0, clientAuth: names.length === 0 }]),
    ...(names.length > 0 ? [{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }] : []),
  ]);
  return certificate;
}

function pem(certificate: forge.pki.Certificate): string {
  return forge.pki.certificateToPem(certificate).replaceAll('\r', '');
}
