import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CapabilityError } from '../../../agent/capabilities/capability.ts';
import { askAgent, socketPath } from '../../../agent/local/socket.ts';
import { systemClock } from '../../../agent/platform/clock.ts';
import { closeCodes } from '../../../shared/protocol/messages.ts';
import { AgentHome } from '../../fakes/agent-home.ts';
import type { FakeCapability } from '../../fakes/capability.ts';
import { FakeControlServer } from '../../fakes/control-server.ts';
import { FakeDistrict } from '../../fakes/district.ts';

const district = new FakeDistrict();
const settings = { homePage: 'https://one.example/' };
const others = { homePage: 'https://two.example/' };
let server: FakeControlServer;
let device: AgentHome;

const policy = () => join(device.root, 'etc/fake/policies/settings.json');
const onDisk = () => JSON.parse(readFileSync(policy(), 'utf8'));
const findings = () => server.records.filter((item) => item.kind === 'finding');
const events = () => server.records.filter((item) => item.kind === 'event');
/** Random at its smallest: reconnects at once. */
const impatient = {
  random: { unit: () => 0, bytes: (length: number) => new Uint8Array(length), uuid: () => 'spool-1' },
};

beforeEach(async () => {
  server = new FakeControlServer(district);
  await server.start();
  device = new AgentHome();
  device.enrolAt(server);
});
afterEach(async () => {
  await device.dispose();
  await server.stop();
});

describe('an agent', () => {
  it('enforces what it is sent and reports it verified with the evidence of a second look', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report of the section');
    expect(server.reported('browser')).toMatchObject({
      status: 'verified',
      generation: 1,
      evidence: [{ item: '/etc/fake/policies/settings.json', ok: true, seen: JSON.stringify(settings) }],
    });
    expect(onDisk()).toEqual(settings);
    expect(device.capability?.calls).toEqual(['observe', 'apply', 'observe']);
  });

  it('enforces although its local socket cannot be opened, and its database is closed to others', async () => {
    server.state = district.state(1, { browser: settings });
    mkdirSync(socketPath(device.home.path), { recursive: true });
    await device.start({ localSocket: true });
    await server.until(() => server.reported('browser') !== undefined, 'a report of the section');
    expect(onDisk()).toEqual(settings);
    expect(device.log.errors.join()).toContain('local socket could not be opened');
    expect(statSync(device.home.database).mode & 0o777).toBe(0o600);
  });

  it('says hello with what it holds', async () => {
    server.state = district.state(4, { browser: settings });
    await device.start(impatient);
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    server.cut();
    await server.until(() => server.hellos.length === 2, 'a second hello');
    expect(server.hellos[0]).toMatchObject({ generation: 0, sections: {} });
    expect(server.hellos[1]).toMatchObject({
      generation: 4,
      sections: JSON.parse(server.state.signed.manifest).sections,
    });
  });

  it('reports nothing twice: not after a reconnect, and not after a restart', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start(impatient);
    await server.until(() => server.reported('browser')?.status === 'verified', 'a report');
    // Cut before the acknowledgement has come, it would rightly be sent again.
    await expect.poll(() => device.agent?.status().spooled).toBe(0);
    server.cut();
    await server.until(() => server.hellos.length === 2, 'a second hello');
    await device.stop();
    await device.start(impatient);
    await server.until(() => server.hellos.length === 3, 'a third hello');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const said = server.reports.flatMap(({ records }) => records.map(({ at, ...what }) => JSON.stringify(what)));
    expect(said.filter((what) => what.includes('"verified"'))).toHaveLength(1);
    expect(said, device.log.errors.join()).toEqual([...new Set(said)]);
  });

  it('sends an unacknowledged report again with the same number and the same records', async () => {
    server.acknowledges = false;
    server.state = district.state(1, { browser: settings });
    await device.start(impatient);
    await server.until(() => server.reports.length === 1, 'the first sending');
    server.cut();
    await server.until(() => server.reports.length === 2, 'the second sending');
    expect(server.reports[1]).toEqual(server.reports[0]);
  });

  it('enforces the last state from disk before any network', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    await device.stop();
    await server.stopAgents();
    rmSync(policy());
    const begun = systemClock.monotonic();
    await device.start();
    expect(systemClock.monotonic() - begun).toBeLessThan(1_000);
    expect(onDisk()).toEqual(settings);
    expect(device.agent?.status()).toMatchObject({ connected: false, generation: 1 });
  });

  it('does not begin to connect before the state from disk is in force', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    await device.stop();
    const gate = Promise.withResolvers<void>();
    const starting = device.start({}, (capability) => {
      capability.gate = gate.promise;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.hellos).toHaveLength(1);
    gate.resolve();
    await starting;
    await server.until(() => server.hellos.length === 2, 'a second hello');
  });

  it('answers status while it still enforces from disk', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    await device.stop();
    const gate = Promise.withResolvers<void>();
    const starting = device.start({}, (capability) => {
      capability.gate = gate.promise;
    });
    await server.until(() => existsSync(socketPath(device.home.path)), 'the socket', 5_000);
    expect(await askAgent(socketPath(device.home.path), 'status')).toMatchObject({ running: true, connected: false });
    gate.resolve();
    await starting;
  });

  it('puts drift right at once and says what it was', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    writeFileSync(policy(), 'changed by somebody');
    await server.until(() => events().length === 1, 'an event', 2_000);
    expect(events()[0]).toMatchObject({ code: 'drift-corrected' });
    expect(events()[0]).toMatchObject({ detail: expect.stringContaining('changed by somebody') });
    expect(onDisk()).toEqual(settings);
    expect(server.records.filter((item) => item.kind === 'reported')).toHaveLength(1);
  });

  it('takes a setting that is changed back three times for tampering, waits from then on, and remembers it', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start(impatient);
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    for (const times of [1, 2]) {
      writeFileSync(policy(), `changed ${times} times`);
      await server.until(() => events().length === times, 'an event');
    }
    writeFileSync(policy(), 'changed 3 times');
    await server.until(() => findings().length === 1, 'a finding');
    expect(findings()[0]).toMatchObject({ code: 'tamper', open: true });
    expect(findings()[0]).toMatchObject({ detail: expect.stringMatching(/^browser: .* was changed back 3 times/) });
    expect(onDisk()).toEqual(settings);
    writeFileSync(policy(), 'changed once more');
    await server.until(() => server.reported('browser')?.status === 'failed', 'a report of the wait');
    expect(server.reported('browser')).toMatchObject({ failure: { code: 'tampered' } });
    expect(server.reported('browser')).toMatchObject({ evidence: [{ seen: 'changed once more', ok: false }] });
    expect(readFileSync(policy(), 'utf8')).toBe('changed once more');
    expect(events()).toHaveLength(2);
    await device.stop();
    await device.start(impatient);
    // A start brings everything into force at once; what was put right before still counts.
    expect(onDisk()).toEqual(settings);
    writeFileSync(policy(), 'changed after the start');
    await expect.poll(() => device.agent?.status().sections[0]?.failure?.code).toBe('tampered');
    expect(findings()).toHaveLength(1);
  });

  it('finds drift when the whole folder was removed', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    rmSync(dirname(policy()), { recursive: true });
    await server.until(() => events().length === 1, 'an event', 2_000);
    expect(onDisk()).toEqual(settings);
  });

  it('puts the original back when a section is no longer named, and says so', async () => {
    mkdirSync(dirname(policy()), { recursive: true });
    writeFileSync(policy(), 'original');
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    server.state = district.state(2, {});
    server.send('desired', server.state.signed);
    await server.until(() => server.reported('browser')?.generation === 2, 'a report of the removal');
    expect(server.reported('browser')).toMatchObject({ status: 'verified' });
    expect(server.reported('browser')?.hash).toBeUndefined();
    expect(readFileSync(policy(), 'utf8')).toBe('original');
  });

  it.each<[string, Partial<FakeCapability>, string, string]>([
    ['meets a bug', { failWith: new Error('a bug') }, 'internal', 'a fault of the agent'],
    ['fails', { failWith: new CapabilityError('denied', 'The disk is read-only.') }, 'denied', 'read-only'],
    ['has no effect', { isIneffective: true }, 'not-in-force', 'no file'],
  ])('reports a section as failed when applying it %s', async (_name, fault, code, words) => {
    server.state = district.state(1, { browser: settings });
    await device.start({}, (capability) => void Object.assign(capability, fault));
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    expect(server.reported('browser')).toMatchObject({ status: 'failed', failure: { code } });
    expect(server.reported('browser')?.failure?.message).toContain(words);
  });

  it('reports what it cannot verify as applied, and what this host cannot do as unsupported', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start({}, (capability) => {
      capability.verifiable = false;
    });
    await server.until(() => server.reported('browser')?.status === 'applied', 'a report');
    await device.stop();
    await device.start({}, (capability) => {
      capability.supported = false;
    });
    await server.until(() => server.reported('browser')?.status === 'unsupported', 'a second report');
  });

  it('reports an unknown section as unsupported and enforces the others', async () => {
    server.state = district.state(1, { browser: settings, teleport: { on: true } });
    await device.start();
    await server.until(() => server.reported('teleport') !== undefined, 'a report');
    await server.until(() => server.reported('browser') !== undefined, 'another report');
    expect(server.reported('teleport')).toMatchObject({ status: 'unsupported' });
    expect(server.reported('browser')).toMatchObject({ status: 'verified' });
  });

  it('keeps the earlier section in force when the new one is not valid, also after a restart', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    server.state = district.state(2, { browser: { homePage: 42 } });
    server.send('desired', server.state.signed);
    await server.until(() => server.reported('browser')?.generation === 2, 'a second report');
    expect(server.reported('browser')).toMatchObject({ status: 'failed', failure: { code: 'bad-section' } });
    expect(onDisk()).toEqual(settings);
    await device.stop();
    rmSync(policy());
    await device.start();
    expect(onDisk()).toEqual(settings);
    expect(device.agent?.status().generation).toBe(2);
  });

  it.each<[string, string, () => ReturnType<FakeDistrict['state']>]>([
    ['older', 'older-generation', () => district.state(1, { browser: others })],
    ['signed by another district', 'bad-signature', () => new FakeDistrict('Other').state(9, { browser: others })],
    [
      'with a content that does not have its hash',
      'section-hash',
      () => {
        const { signed, contents } = district.state(9, { browser: others });
        return { signed, contents: new Map([...contents].map(([hash]) => [hash, '{}'])) };
      },
    ],
  ])('refuses a state that is %s, says so, and keeps the one in force', async (_name, code, state) => {
    server.state = district.state(5, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    server.state = state();
    server.send('desired', server.state.signed);
    await server.until(() => findings().length === 1, 'a finding');
    expect(findings()[0]).toMatchObject({ code: 'desired-refused', open: true });
    expect(findings()[0]).toMatchObject({ detail: expect.stringContaining(code) });
    expect(onDisk()).toEqual(settings);
    server.state = district.state(10, { browser: others });
    server.send('desired', server.state.signed);
    await server.until(() => findings().length === 2, 'the end of the finding');
    expect(findings()[1]).toMatchObject({ open: false });
  });

  it('goes on enforcing while it is refused as revoked, and does not come back soon', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start(impatient);
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    server.closeWith = closeCodes.revoked;
    server.cut(closeCodes.revoked);
    await server.until(() => server.connected === 0, 'the end of the session');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(server.hellos).toHaveLength(1);
    expect(device.agent?.status().whyNotConnected).toContain('refused this device');
    rmSync(policy());
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(onDisk()).toEqual(settings);
  });

  it('uses a renewed certificate at once and forgets the old one when it was accepted', async () => {
    await device.dispose();
    device = new AgentHome();
    device.enrolAt(server, district.device({ from: Date.now() - 100 * 86_400_000 }));
    await device.start(impatient);
    const keys = () => readdirSync(device.home.path).filter((name) => name.startsWith('key-')).length;
    await server.until(() => keys() === 2, 'a renewal, with the old key kept');
    await server.until(() => keys() === 1, 'the new certificate accepted');
    expect(device.agent?.status().certificateExpiresAt).toBeGreaterThan(Date.now() + 390 * 86_400_000);
    expect(server.renewals).toBe(1);
  });

  it('renews a certificate that has expired, by proof of possession', async () => {
    await device.dispose();
    device = new AgentHome();
    device.enrolAt(server, district.device({ from: Date.now() - 700 * 86_400_000 }));
    await device.start(impatient);
    await server.until(() => server.renewals === 1, 'a renewal');
    await server.until(() => server.hellos.length >= 1, 'a session');
  });

  it('moves a damaged database aside and needs no new enrolment', async () => {
    server.state = district.state(1, { browser: settings });
    await device.start();
    await server.until(() => server.reported('browser') !== undefined, 'a report');
    await device.stop();
    writeFileSync(device.home.database, 'no database at all '.repeat(500));
    await device.start();
    await server.until(() => server.hellos.length === 2, 'a second hello');
    expect(device.log.errors.join()).toMatch(/moved aside/);
    expect(server.hellos[1]?.generation).toBe(1);
    expect(server.hellos[1]?.spool.epoch).not.toBe(server.hellos[0]?.spool.epoch);
  });

  it('runs many times in one process, each on its own home', async () => {
    server.state = district.state(1, { browser: settings });
    const more = [new AgentHome(), new AgentHome(), new AgentHome()];
    try {
      for (const one of more) one.enrolAt(server);
      await Promise.all(more.map((one) => one.start({ localSocket: false })));
      await server.until(() => server.connected === 3, 'three sessions');
      await server.until(() => server.reports.length === 3, 'three reports');
    } finally {
      for (const one of more) await one.dispose();
    }
  });
});
