import { cpSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readIdentity } from '../../../agent/identity/identity-files.ts';
import { AgentHome } from '../../fakes/agent-home.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';
import { FakeStateKey } from '../../fakes/state-key.ts';

/** Random at its smallest: reconnects at once. */
const impatient = {
  random: { unit: () => 0, bytes: (length: number) => new Uint8Array(length), uuid: () => 'spool-1' },
};
const district = new FakeDistrict();
const firstKey = district.stateKey;
let server: FakeControlServer;
let device: AgentHome;

beforeEach(async () => {
  district.stateKey = firstKey;
  district.statements.length = 0;
  server = new FakeControlServer(district);
  await server.start();
  device = new AgentHome();
  device.enrolAt(server);
});
afterEach(async () => {
  await device.dispose();
  await server.stop();
});

const page = (name: string) => ({ browser: { homePage: `https://${name}.example/` } });
const inForce = () => readFileSync(join(device.root, 'etc/fake/policies/settings.json'), 'utf8');
const trusted = () => {
  const { version, stateKeys } = readIdentity(device.home)?.trust ?? { stateKeys: [] };
  return [version, ...stateKeys.map(({ id }) => id)];
};
const findings = () => server.records.filter((record) => record.kind === 'finding');

/** Says it to the device and waits until it is in force. */
async function obeys(generation: number, name: string): Promise<void> {
  server.state = district.state(generation, page(name));
  server.send('desired', server.state.signed);
  await server.until(() => server.reported('browser')?.generation === generation, `generation ${generation}`);
  expect(inForce()).toContain(name);
}

/** A connected device on which a state of the first key is in force. */
async function started(): Promise<void> {
  server.state = district.state(5, page('one'));
  await device.start(impatient);
  await server.until(() => server.reported('browser')?.generation === 5, 'the first state');
}

async function refused(code: string, detail: string): Promise<void> {
  await server.until(() => findings().some((found) => found.code === code), `the finding ${code}`);
  expect(findings().at(-1)).toMatchObject({ code, open: true, detail: expect.stringContaining(detail) });
}

describe('a device', () => {
  it('follows to a new key, obeys it, and forgets the old one', async () => {
    await started();
    expect(server.hellos[0]?.trustVersion).toBe(1);
    server.send('trust', { statements: [district.rotate()] });
    await obeys(6, 'two');
    expect(trusted()).toEqual([2, 'state-2']);
  });

  it('that slept through two rotations catches up and obeys the newest key', async () => {
    await started();
    await device.stop();
    district.rotate();
    district.rotate();
    server.state = district.state(6, page('two'));
    await device.start(impatient);
    await server.until(() => server.reported('browser')?.generation === 6, 'the state of the third key');
    expect(trusted()).toEqual([3, 'state-3']);
    server.cut();
    await server.until(() => server.hellos.length === 3, 'another hello');
    expect(server.hellos.map(({ trustVersion }) => trustVersion)).toEqual([1, 1, 3]);
    expect(findings()).toEqual([]);
  });

  it('that lost its power between the new key and its first state is enforced from disk, off line', async () => {
    await started();
    district.rotate();
    server.send('trust', { statements: [...district.statements] });
    await server.until(() => trusted()[0] === 2, 'the new key');
    await device.stop();
    await server.stopAgents();
    rmSync(device.root, { recursive: true });
    await device.start(impatient);
    expect(inForce()).toContain('one');
    expect(trusted()).toEqual([2, 'state-2', 'state-1']);
  });

  it.each(['home', 'home/identity.json'])(
    'whose %s was restored from before the rotations catches up',
    async (part) => {
      await started();
      await device.stop();
      const backup = join(device.folder, 'backup');
      cpSync(join(device.folder, part), backup, { recursive: true });
      district.rotate();
      server.state = district.state(6, page('two'));
      await device.start(impatient);
      await server.until(() => server.reported('browser')?.generation === 6, 'the state of the second key');
      await device.stop();
      rmSync(join(device.folder, part), { recursive: true });
      renameSync(backup, join(device.folder, part));
      district.rotate();
      server.state = district.state(7, page('three'));
      await device.start({ random: { ...impatient.random, uuid: () => 'spool-2' } });
      await server.until(() => server.reported('browser')?.generation === 7, 'the state of the third key');
      expect(trusted()).toEqual([3, 'state-3']);
      expect(inForce()).toContain('three');
    },
  );

  it('that has moved on laughs at the thief of an old key', async () => {
    await started();
    const stolen = district.stateKey;
    server.send('trust', { statements: [district.rotate()] });
    await obeys(6, 'two');
    const thief = new FakeStateKey('thief');
    server.send('trust', { statements: [stolen.names(thief, 3, district.fingerprint)] });
    await refused('trust-refused', 'bad-signature');
    const forged = JSON.parse(district.state(99, page('evil')).signed.manifest);
    server.send('desired', stolen.state(forged));
    await refused('desired-refused', 'unknown-key');
    expect([trusted(), inForce().includes('two')]).toEqual([[2, 'state-2'], true]);
    server.send('trust', { statements: [district.rotate()] });
    await obeys(7, 'three');
    expect(
      findings()
        .filter(({ open }) => !open)
        .map(({ code }) => code)
        .toSorted(),
    ).toEqual(['desired-refused', 'trust-refused']);
  });

  it('on which a thief of the key set a generation nothing could pass is freed by the next key', async () => {
    await started();
    await obeys(Number.MAX_SAFE_INTEGER, 'evil');
    server.send('trust', { statements: [district.rotate()] });
    await obeys(6, 'two');
  });

  it('does not obey a new key before it was named', async () => {
    await started();
    district.rotate();
    server.send('desired', district.state(6, page('two')).signed);
    await refused('desired-refused', 'unknown-key');
    expect(inForce()).toContain('one');
  });

  it('whose disk cannot keep the new key tries again until it can', async () => {
    await started();
    const blocked = `${device.home.identity}.new`;
    mkdirSync(blocked);
    district.rotate();
    server.state = district.state(6, page('two'));
    server.send('trust', { statements: [...district.statements] });
    await server.until(() => server.hellos.length === 2, 'another hello');
    expect([trusted(), inForce().includes('one')]).toEqual([[1, 'state-1'], true]);
    rmSync(blocked, { recursive: true });
    await server.until(() => server.reported('browser')?.generation === 6, 'the state of the second key');
    expect(trusted()).toEqual([2, 'state-2']);
  });
});
