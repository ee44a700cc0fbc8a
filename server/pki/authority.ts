import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { Logger } from 'pino';
import { agentServerName } from '../../shared/protocol/enrolment.ts';
import { backdate, type CaOptions, day, openCa } from './ca.ts';
import { signCertificate } from './certificate-der.ts';
import { Leaf } from './leaf.ts';

export interface AuthorityOptions extends Omit<CaOptions, 'log'> {
  /** Names and addresses under which devices and people reach this server. */
  hostNames: readonly string[];
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** How long a device's certificate lasts; 13 months unless a test says otherwise. */
  deviceLifetimeMs?: number;
}

export interface IssuedCertificate {
  /** Hexadecimal as node:tls reports a peer's. */
  serial: string;
  /** SHA-256 of the DER, hexadecimal in lower case. */
  fingerprint: string;
  notBefore: number;
  notAfter: number;
  /** PEM: the device's certificate, then the issuing one. */
  chain: string;
}

/** The district's certificates: who is trusted, who is issued what. */
export interface Authority {
  /** SHA-256 of the root's DER, hexadecimal: the district's identity. */
  district: string;
  rootPem: string;
  /** PEM: root, issuing and retired issuing certificates: what the agents' listener accepts clients by. */
  clientCas: string;
  /** Certificates of the agents' and enrolment listeners, and of the console's. */
  agentsLeaf: Leaf;
  consoleLeaf: Leaf;
  issueDevice(deviceId: string, publicKey: KeyObject): Promise<IssuedCertificate>;
  /** True when this certificate was issued by this district, whatever its dates. */
  hasIssued(certificate: X509Certificate): boolean;
  /** Ends the daily look at the leaves. */
  stop(): void;
}

const deviceLifetime = 396 * day;

/** Opens the CA (made at first start) and the listeners' certificates. Throws a sentence naming the file and the remedy. */
export async function openAuthority(options: AuthorityOptions): Promise<Authority> {
  const ca = await openCa(options);
  const { clock, random, district: organization } = options;
  const issuer = ca.issuing.certificate;
  const openLeaf = (name: string, hosts: string[]) =>
    Leaf.open({
      ...{ home: options.home, name, hosts: [...new Set(hosts)], organization, ca, clock, random },
      onError: (error) => options.log.error({ err: error, leaf: name }, 'a certificate could not be renewed'),
    });
  const agentsLeaf = await openLeaf('agents', [agentServerName, ...options.hostNames]);
  const consoleLeaf = await openLeaf('console', ['localhost', '127.0.0.1', '::1', ...options.hostNames]);
  for (const leaf of [agentsLeaf, consoleLeaf]) leaf.start();
  return {
    district: sha256(ca.root.raw),
    rootPem: ca.root.toString(),
    clientCas: [ca.root, issuer, ...ca.retired].join(''),
    agentsLeaf,
    consoleLeaf,
    issueDevice: async (deviceId, publicKey) => {
      const wanted = clock.now() + (options.deviceLifetimeMs ?? deviceLifetime);
      const template = {
        subject: { commonName: deviceId, organization },
        publicKey,
        serial: random.bytes(16),
        notBefore: clock.now() - backdate,
        notAfter: Math.min(wanted, issuer.validToDate.getTime()),
        purpose: { kind: 'device' },
      } as const;
      const signer = { certificate: issuer, publicKey: issuer.publicKey, privateKey: ca.issuing.key };
      return issued(await signCertificate(template, signer), issuer);
    },
    hasIssued: (certificate) =>
      [issuer, ...ca.retired].some((by) => certificate.checkIssued(by) && certificate.verify(by.publicKey)),
    stop: () => {
      agentsLeaf.stop();
      consoleLeaf.stop();
    },
  };
}

function issued(pem: string, issuer: X509Certificate): IssuedCertificate {
  const certificate = new X509Certificate(pem);
  return {
    serial: certificate.serialNumber,
    fingerprint: sha256(certificate.raw),
    notBefore: certificate.validFromDate.getTime(),
    notAfter: certificate.validToDate.getTime(),
    chain: certificate.toString() + issuer.toString(),
  };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
