import { X509Certificate } from 'node:crypto';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { leafPem, readChain } from '../../../agent/identity/certificate.ts';
import { writeIdentity } from '../../../agent/identity/identity-files.ts';
import { renew } from '../../../agent/identity/renew.ts';
import { systemRandom } from '../../../server/clock.ts';
import { openCa } from '../../../server/pki/ca.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { Laptop, publishPage } from '../../fakes/laptop.ts';
import { TestServer } from '../../fakes/running-server.ts';

const day = 86_400_000;
const fiveYears = 5 * 365 * day;
let server: TestServer;
let veteran: Laptop;
let newcomer: Laptop | undefined;

const file = (name: string) => join(server.home, 'pki', name);
const issuing = () => new X509Certificate(readFileSync(file('issuing.pem')));
const isIssuedBy = (laptop: Laptop, issuer: X509Certificate) =>
  new X509Certificate(leafPem(laptop.identity.credentials[0].certificateChain)).verify(issuer.publicKey);

/** A server whose issuing certificate ends in 420 days while its root key is off line, and a device of it. */
beforeEach(async () => {
  server = await TestServer.start();
  await restart(async () => {
    for (const name of ['issuing.pem', 'agents.pem', 'console.pem']) rmSync(file(name));
    const clock = new FakeClock(Date.now() + 420 * day - fiveYears);
    const log = pino({ level: 'silent' });
    await openCa({ home: server.home, district: 'Test', clock, random: systemRandom, log });
    renameSync(file('root.key'), file('root.key.away'));
  });
  await publishPage(server, 'one');
  veteran = await Laptop.enrol(server, 'veteran');
  await veteran.connect();
  await veteran.obeys('one', veteran.trusted.keys[0] ?? '');
});
afterEach(async () => {
  await veteran.dispose();
  await newcomer?.dispose();
  newcomer = undefined;
  await server.stop();
});

async function restart(meanwhile: () => void | Promise<void>): Promise<void> {
  await server.stop({ keepHome: true });
  await meanwhile();
  server = await TestServer.start({ home: server.home });
}

it('a new issuing certificate leaves the devices of the old one connected, and they renew under it', async () => {
  const [stateKey = ''] = veteran.trusted.keys;
  const old = issuing();
  await restart(() => renameSync(file('root.key.away'), file('root.key')));
  expect(issuing().fingerprint256).not.toBe(old.fingerprint256);

  // The listener's own leaf is of the new one, the device's of the old one: each believes the other.
  expect(new X509Certificate(readFileSync(file('agents.pem'))).verify(issuing().publicKey)).toBe(true);
  await publishPage(server, 'two');
  await veteran.obeys('two', stateKey);
  expect(isIssuedBy(veteran, old)).toBe(true);

  newcomer = await Laptop.enrol(server, 'newcomer');
  await newcomer.connect();
  await newcomer.obeys('two', stateKey);
  expect(isIssuedBy(newcomer, issuing())).toBe(true);

  const { credential } = await renew(veteran.identity);
  await veteran.stop();
  writeIdentity(veteran.home, { ...veteran.identity, credentials: [credential, ...veteran.identity.credentials] });
  await restart(() => undefined);
  await publishPage(server, 'three');
  await veteran.connect();
  await veteran.obeys('three', stateKey);
  await newcomer.obeys('three', stateKey);
  expect(isIssuedBy(veteran, issuing())).toBe(true);
  expect(readChain(credential.certificateChain)[1]?.fingerprint256).toBe(issuing().fingerprint256);
});
