import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { signCertificate } from '../../server/pki/certificate-der.ts';
import { privatePem } from '../../server/pki/pem.ts';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** Headers and text as they came. */
  raw: string;
  user: string | undefined;
  isSecure: boolean;
}

/** A certificate for these hosts, with the root that signed it. */
export async function mailCertificate(hosts: readonly string[]): Promise<{ key: string; cert: string; ca: string }> {
  const root = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const leaf = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const validity = { notBefore: Date.now() - 3_600_000, notAfter: Date.now() + 86_400_000 };
  const about = (commonName: string) => ({ subject: { commonName, organization: 'Mail' }, ...validity });
  const ca = await signCertificate(
    { ...about('root'), publicKey: root.publicKey, serial: new Uint8Array(16).fill(1), purpose: { kind: 'root' } },
    { certificate: undefined, ...root },
  );
  const cert = await signCertificate(
    {
      ...about('mail'),
      publicKey: leaf.publicKey,
      serial: new Uint8Array(16).fill(2),
      purpose: { kind: 'server', hosts },
    },
    { certificate: new X509Certificate(ca), ...root },
  );
  const pem = (signed: string | Buffer) => new X509Certificate(signed).toString();
  return { key: privatePem(leaf.privateKey), cert: pem(cert), ca: pem(ca) };
}

/** A mail server on loopback. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  /** Refuses recipients with this, when set. */
  refusal: { code: number; words: string } | undefined;
  readonly #server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.#server = new SMTPServer({
      ...options,
      onRcptTo: (_address, _session, done) => {
        const { refusal } = this;
        done(refusal && Object.assign(new Error(refusal.words), { responseCode: refusal.code }));
      },
      onData: (stream, session, done) => {
        let raw = '';
        stream.setEncoding('utf8').on('data', (part: string) => {
          raw += part;
        });
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          this.received.push({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map(({ address }) => address),
            raw,
            user: session.user,
            isSecure: session.secure,
          });
          done();
        });
      },
    });
    this.#server.on('error', () => undefined);
  }

  /** On a free port, or the one given. */
  static async start(options: SMTPServerOptions = {}, port = 0): Promise<MailServer> {
    const server = new MailServer({ disabledCommands: ['AUTH'], ...options });
    await new Promise<void>((resolve) => server.#server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}
