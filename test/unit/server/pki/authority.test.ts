import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Authority, openAuthority } from '../../../../server/pki/authority.ts';
import { rotateIssuing } from '../../../../server/pki/ca.ts';
import { agentServerName } from '../../../../shared/protocol/enrolment.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';

/** Without openssl on this machine its own test is skipped. */
const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const day = 86_400_000;
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

let made: string;
let home: string;
let clock: FakeClock;
let random: SeededRandom;
let warnings: string[];
const opened: Authority[] = [];

const folder = () => mkdtemp(join(tmpdir(), 'rollcall-pki-'));

/** One CA for all tests, copied: its keys take a good part of a second. */
beforeAll(async () => {
  [home, clock, random, made] = [await folder(), new FakeClock(), new SeededRandom(6), await folder()];
  await open();
  await cp(home, made, { recursive: true });
  await rm(home, { recursive: true });
});
afterAll(async () => await rm(made, { recursive: true }));
beforeEach(async () => {
  home = await folder();
  await cp(made, home, { recursive: true });
  clock = new FakeClock();
  random = new SeededRandom(7);
  warnings = [];
});
afterEach(async () => {
  for (const authority of opened.splice(0)) authority.stop();
  await rm(home, { recursive: true });
});

const file = (name: string) => join(home, 'pki', name);

async function open(hostNames = ['box.example', '10.0.0.1', '2001:db8::1']): Promise<Authority> {
  const warn = (words: string) => warnings.push(words);
  const log = { info: () => undefined, warn, error: warn } as never;
  const authority = await openAuthority({ home, district: 'Ünï District', hostNames, clock, random, log });
  opened.push(authority);
  return authority;
}

describe('an issuing certificate that is replaced by hand', () => {
  const options = () => ({
    home,
    district: 'Ünï District',
    clock,
    random,
    log: { info: () => undefined, warn: () => undefined },
  });

  it('issues from then on, while devices of the one before stay trusted', async () => {
    const before = await open();
    const old = await before.issueDevice('device-1', publicKey);
    const { serialNumber } = await rotateIssuing(options());
    const after = await open();
    const fresh = new X509Certificate(certificates((await after.issueDevice('device-2', publicKey)).chain)[1] ?? '');
    expect(fresh.serialNumber).toBe(serialNumber);
    expect(after.hasIssued(new X509Certificate(certificates(old.chain)[0] ?? ''))).toBe(true);
    expect(certificates(after.clientCas)).toHaveLength(3);
    expect(after.rootPem).toBe(before.rootPem);
  });

  it('needs the root key, and changes nothing without', async () => {
    await rm(file('root.key'));
    const before = await readFile(file('issuing.pem'), 'utf8');
    await expect(rotateIssuing(options())).rejects.toThrow(/Put root.key back/);
    expect(await readFile(file('issuing.pem'), 'utf8')).toBe(before);
    expect(await readdir(join(home, 'pki'))).not.toContain('retired.pem');
  });

  it('is not made in a folder that has none', async () => {
    await rm(file('issuing.pem'));
    await expect(rotateIssuing(options())).rejects.toThrow(/Is this the folder of a server/);
  });
});

const certificates = (pem: string) => pem.match(/-----BEGIN CERT.*?-----END CERTIFICATE-----/gs) ?? [];

describe('the authority', () => {
  it('is made at first start, in files only the server may read, and is the same ever after', async () => {
    await rm(join(home, 'pki'), { recursive: true });
    const first = await open();
    expect((await readdir(join(home, 'pki'))).sort()).toEqual([
      ...['agents.pem', 'console.pem', 'issuing.pem', 'root.key', 'root.pem'],
    ]);
    for (const name of await readdir(join(home, 'pki'))) expect((await stat(file(name))).mode & 0o777).toBe(0o600);
    const second = await open();
    expect([second.district, second.clientCas]).toEqual([first.district, first.clientCas]);
    expect(second.agentsLeaf.tls).toEqual(first.agentsLeaf.tls);
    expect(first.district).toBe(new X509Certificate(first.rootPem).fingerprint256.replaceAll(':', '').toLowerCase());
  });

  it('issues certificates for devices that say what they are, begin a day early and last 13 months', async () => {
    const authority = await open();
    const issued = await authority.issueDevice('device-1', publicKey);
    const certificate = new X509Certificate(issued.chain);
    expect(certificate.subject).toBe('O=Ünï District\nCN=device-1');
    expect(certificate.ca).toBe(false);
    expect(certificate.serialNumber).toBe(issued.serial);
    expect(issued.serial).toMatch(/^[4-7][0-9A-F]{31}$/);
    expect(issued.notBefore).toBe(clock.now() - day);
    expect(issued.notAfter).toBe(clock.now() + 396 * day);
    expect(authority.hasIssued(certificate)).toBe(true);
    expect((await authority.issueDevice('device-1', publicKey)).serial).not.toBe(issued.serial);
  });

  it('does not take the certificate of another authority for its own', async () => {
    const authority = await open();
    const issued = await authority.issueDevice('device-1', publicKey);
    await rm(join(home, 'pki'), { recursive: true });
    expect((await open()).hasIssued(new X509Certificate(issued.chain))).toBe(false);
  });

  it('names the agents’ server and the hosts in its leaf', async () => {
    const leaf = new X509Certificate((await open()).agentsLeaf.tls.cert);
    expect(leaf.checkHost(agentServerName)).toBe(agentServerName);
    expect(leaf.checkHost('box.example')).toBe('box.example');
    for (const address of ['10.0.0.1', '2001:db8::1']) expect(leaf.checkIP(address)).toBe(address);
    expect(leaf.checkHost('other.example')).toBeUndefined();
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  });

  it.skipIf(!hasOpenssl)('makes chains that openssl accepts strictly, each for its purpose alone', async () => {
    clock = new FakeClock(Date.now());
    const authority = await open();
    const { chain } = await authority.issueDevice('device-1', publicKey);
    await writeFile(file('device.pem'), chain);
    await writeFile(file('cas.pem'), authority.clientCas);
    const verify = (name: string, purpose: string) =>
      spawnSync('openssl', ['verify', '-x509_strict', '-CAfile', file('cas.pem'), '-purpose', purpose, file(name)])
        .status;
    expect([verify('device.pem', 'sslclient'), verify('agents.pem', 'sslserver')]).toEqual([0, 0]);
    expect([verify('device.pem', 'sslserver'), verify('agents.pem', 'sslclient')]).toEqual([2, 2]);
  });
});

describe('the leaf', () => {
  it('is renewed before it ends, and listeners are told', async () => {
    const authority = await open();
    const before = authority.agentsLeaf.tls;
    const renewed: string[] = [];
    authority.agentsLeaf.onRenewed((tls) => renewed.push(tls.cert));
    clock.advance(139 * day);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(renewed).toEqual([]);
    clock.advance(2 * day);
    await expect.poll(() => renewed.length).toBeGreaterThan(0);
    expect(authority.agentsLeaf.tls.cert).not.toBe(before.cert);
    expect(new X509Certificate(authority.agentsLeaf.tls.cert).validToDate.getTime()).toBeGreaterThan(
      clock.now() + 190 * day,
    );
  });

  it('is made anew when the hosts change', async () => {
    const before = (await open()).agentsLeaf.tls.cert;
    const after = (await open(['new.example'])).agentsLeaf.tls.cert;
    expect(after).not.toBe(before);
    expect(new X509Certificate(after).checkHost('new.example')).toBe('new.example');
  });
});

describe('after a crash or a loss', () => {
  it('the server runs without the root key', async () => {
    const { district } = await open();
    await rm(file('root.key'));
    const again = await open();
    expect(again.district).toBe(district);
    await again.issueDevice('device-1', publicKey);
  });

  const finished: [string, string[]][] = [
    ['the root key alone was written', ['root.pem', 'issuing.pem']],
    ['the root was written but not the intermediate', ['issuing.pem']],
    ['the leaves were not written', ['agents.pem', 'console.pem']],
  ];
  for (const [name, missing] of finished) {
    it(`is finished when ${name}`, async () => {
      await open();
      const key = await readFile(file('root.key'), 'utf8');
      for (const each of missing) await rm(file(each));
      const authority = await open();
      expect(await readFile(file('root.key'), 'utf8')).toBe(key);
      const issued = await authority.issueDevice('device-1', publicKey);
      expect(authority.hasIssued(new X509Certificate(issued.chain))).toBe(true);
    });
  }

  const refused: [string, () => Promise<void>, RegExp][] = [
    ['the root certificate is lost', () => rm(file('root.pem')), /root\.pem is missing. Restore it/],
    [
      'intermediate and root key are lost',
      async () => {
        await rm(file('issuing.pem'));
        await rm(file('root.key'));
      },
      /issuing\.pem is missing and cannot be made without .*root\.key/,
    ],
    ['the intermediate is cut short', () => writeFile(file('issuing.pem'), 'x'), /issuing\.pem is not a private key/],
    [
      'the root key is another one',
      () => writeFile(file('root.key'), otherKey),
      /root\.key does not belong to .*root\.pem/,
    ],
    [
      'the root is another one',
      async () => {
        await writeFile(file('root.pem'), new X509Certificate(await readFile(file('issuing.pem'), 'utf8')).toString());
        await rm(file('root.key'));
      },
      /issuing\.pem does not belong to the root/,
    ],
  ];
  for (const [name, damage, words] of refused) {
    it(`is refused with the remedy when ${name}`, async () => {
      await open();
      await damage();
      await expect(open()).rejects.toThrow(words);
    });
  }
});

const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

describe('an intermediate that ends within 14 months', () => {
  it('is replaced when the root key is there, and the devices of the old one stay trusted', async () => {
    const before = await open();
    const issued = await before.issueDevice('device-1', publicKey);
    clock.jump(4 * 365 * day);
    const after = await open();
    expect(after.clientCas).not.toBe(before.clientCas);
    expect(after.clientCas).toContain(before.clientCas.slice(before.rootPem.length).trim());
    expect(after.hasIssued(new X509Certificate(issued.chain))).toBe(true);
    const fresh = await after.issueDevice('device-2', publicKey);
    expect(fresh.notAfter).toBe(clock.now() + 396 * day);
  });

  it('is told when the root key is not there', async () => {
    await open();
    await rm(file('root.key'));
    clock.jump(4 * 365 * day);
    await open();
    expect(warnings.join()).toMatch(/Put root\.key back/);
  });
});
