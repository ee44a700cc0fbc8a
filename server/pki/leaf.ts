import { generateKeyPair, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock, Random } from '../../shared/clock.ts';
import { backdate, type Ca, day } from './ca.ts';
import { signCertificate } from './certificate-der.ts';
import { pemBlocks, privatePem, readCertificate, readKey } from './pem.ts';
import { readIfThere, writeSecret } from './secret-files.ts';

/** What a TLS listener needs: PEM texts, the chain being the leaf followed by the issuing certificate. */
export interface TlsIdentity {
  key: string;
  cert: string;
}

export interface LeafOptions {
  home: string;
  /** File name in `HOME/pki` without its ending, and the certificate's common name. */
  name: string;
  /** DNS names and addresses the listener answers to. */
  hosts: readonly string[];
  organization: string;
  ca: Ca;
  clock: Clock;
  random: Random;
  onError: (error: unknown) => void;
}

const lifetime = 200 * day;
const renewBelow = 60 * day;

/**
 * A listener's own certificate: ECDSA P-256 by our issuing CA, kept in `HOME/pki/NAME.pem` so that a browser's exception
 * survives a restart. Looked at daily after `start()` and renewed before it ends; nobody has to think of it.
 */
export class Leaf {
  readonly #options: LeafOptions;
  readonly #path: string;
  readonly #listeners = new Set<(tls: TlsIdentity) => void>();
  #tls: TlsIdentity;
  #cancel: (() => void) | undefined;

  private constructor(options: LeafOptions, tls: TlsIdentity) {
    this.#options = options;
    this.#path = pathOf(options);
    this.#tls = tls;
  }

  /** Takes the kept certificate when it still serves, else makes one. */
  static async open(options: LeafOptions): Promise<Leaf> {
    const kept = await readIfThere(pathOf(options));
    const tls = kept === undefined ? undefined : usable(kept, pathOf(options), options);
    return new Leaf(options, tls ?? (await make(options)));
  }

  get tls(): TlsIdentity {
    return this.#tls;
  }

  /** Called with each later certificate; hand it to `server.setSecureContext`. Returns the function that unsubscribes. */
  onRenewed(listener: (tls: TlsIdentity) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#cancel = this.#options.clock.after(day, () => {
      this.start();
      this.#renewWhenOld().catch(this.#options.onError);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  async #renewWhenOld(): Promise<void> {
    if (usable(this.#tls.key + this.#tls.cert, this.#path, this.#options)) return;
    this.#tls = await make(this.#options);
    for (const listener of this.#listeners) listener(this.#tls);
  }
}

const pathOf = ({ home, name }: LeafOptions) => join(home, 'pki', `${name}.pem`);

/** Undefined when it ends soon, names other hosts, or comes from an earlier CA: then a new one is made. */
function usable(text: string, path: string, { hosts, ca, clock }: LeafOptions): TlsIdentity | undefined {
  const key = readKey(path, pemBlocks(text, 'PRIVATE KEY')[0] ?? '');
  const chain = pemBlocks(text, 'CERTIFICATE');
  const leaf = readCertificate(path, chain[0] ?? '');
  const serves =
    leaf.validToDate.getTime() - clock.now() > renewBelow &&
    leaf.verify(ca.issuing.certificate.publicKey) &&
    leaf.checkPrivateKey(key) &&
    hosts.every((host) => (isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host)) !== undefined);
  return serves ? { key: privatePem(key), cert: chain.join('') } : undefined;
}

async function make(options: LeafOptions): Promise<TlsIdentity> {
  const { ca, clock, random, hosts, name, organization } = options;
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const issuer = ca.issuing.certificate;
  const pem = await signCertificate(
    {
      subject: { commonName: name, organization },
      publicKey,
      serial: random.bytes(16),
      notBefore: clock.now() - backdate,
      notAfter: Math.min(clock.now() + lifetime, issuer.validToDate.getTime()),
      purpose: { kind: 'server', hosts },
    },
    { certificate: issuer, publicKey: issuer.publicKey, privateKey: ca.issuing.key },
  );
  const tls = { key: privatePem(privateKey), cert: new X509Certificate(pem).toString() + issuer.toString() };
  await writeSecret(pathOf(options), tls.key + tls.cert);
  return tls;
}
