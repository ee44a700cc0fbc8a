import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reported } from '../../../server/bus.ts';
import { encode } from '../../../shared/protocol/codec.ts';
import { agentPaths, deltaFromHeader, deltaType } from '../../../shared/protocol/enrolment.ts';
import type { LiveSample } from '../../../shared/protocol/health.ts';
import { closeCodes, type ReportRecord } from '../../../shared/protocol/messages.ts';
import { type AgentServer, startAgentServer } from '../../fakes/agent-server.ts';
import { ask, FakeDevice, hardwareId, type Line } from '../../fakes/device.ts';
import { makeDeviceKey } from '../../fakes/device-keys.ts';
import { holders } from '../../fakes/holders.ts';

describe.each(holders)('$words', ({ processes }) => {
  const artifacts: Record<string, string> = {};
  let server: AgentServer;
  let device: FakeDevice;
  let other: FakeDevice;
  let count = 0;

  beforeAll(async () => {
    server = await startAgentServer({ artifacts, processes });
    server.desired.set('{"block":["example.com"]}');
    other = await enrolled('bystander');
  });
  afterAll(async () => {
    await server.stop();
    expect(server.failures).toEqual([]);
  });
  beforeEach(async () => {
    count += 1;
    device = await enrolled(`laptop-${count}`);
  });

  async function enrolled(name: string): Promise<FakeDevice> {
    const made = await FakeDevice.make(name);
    expect((await made.enroll(server.enrolmentPort, await server.token())).status).toBe(200);
    return made;
  }

  const event = (code: string): ReportRecord => ({ kind: 'event', at: 1_000, code, detail: `detail of ${code}` });

  describe('a session', () => {
    it('welcomes, sends the desired state, gives the sections asked for, and notes who is there', async () => {
      const presence: boolean[] = [];
      const off = server.bus.subscribe('presence-changed', ({ deviceIds, connected }) => {
        if (deviceIds.includes(device.deviceId)) presence.push(connected);
      });
      const line = await device.join(server.agentPort);
      expect(line.welcome).toMatchObject({
        deviceId: device.deviceId,
        acknowledged: 0,
        heartbeatSeconds: 60,
        seenFrom: '127.0.0.1',
      });
      expect(server.gateway.isConnected(device.deviceId)).toBe(true);
      const { manifest } = (await line.next('desired')).body;
      const [hash] = Object.values((JSON.parse(manifest) as { sections: Record<string, string> }).sections);
      line.send('want', { hashes: [hash ?? ''] });
      const section = (await line.next('section')).body;
      expect(createHash('sha256').update(section.content).digest('hex')).toBe(hash);
      await line.cut();
      await vi.waitFor(() => expect(presence).toEqual([true, false]));
      off();
    });

    it('sends no state to a device that holds it, and one to a device that lacks a section', async () => {
      const line = await device.join(server.agentPort);
      const desired = await line.next('desired');
      const { generation, sections } = JSON.parse(desired.body.manifest);
      await line.cut();
      device.holds = { generation, sections };
      const same = await device.join(server.agentPort);
      same.send('want', { hashes: ['0'.repeat(64)] });
      await same.next('error');
      expect(same.received.map(({ type }) => type)).toEqual([]);
      await same.cut();
      device.holds = { generation, sections: {} };
      const lacking = await device.join(server.agentPort);
      expect((await lacking.next('desired')).body.manifest).toBe(desired.body.manifest);
      await lacking.cut();
    });

    it('pushes a changed state to those it concerns', async () => {
      const line = await device.join(server.agentPort);
      await line.next('desired');
      const hash = server.desired.set(`{"n":${count}}`);
      server.bus.publish('desired-changed', { deviceIds: [device.deviceId, 'not-connected'] });
      expect((await line.next('desired')).body.manifest).toContain(hash);
      await line.cut();
    });

    it('never gives a section of another device’s state', async () => {
      const secret = server.desired.set('{"secret":true}', other.deviceId);
      const line = await device.join(server.agentPort);
      await line.next('desired');
      line.send('want', { hashes: [secret] });
      expect((await line.next('error')).body.code).toBe('not-found');
      await line.cut();
    });

    it('of the same hardware replaces the one before', async () => {
      const first = await device.join(server.agentPort);
      const second = await device.join(server.agentPort);
      expect((await first.ended).code).toBe(closeCodes.replaced);
      expect(server.gateway.isConnected(device.deviceId)).toBe(true);
      await second.cut();
    });

    it('ends at once when the device is revoked, and does not come back', async () => {
      const line = await device.join(server.agentPort);
      await server.devices.revoke(device.deviceId, 'stolen', 'command line');
      expect(await line.ended).toEqual({ code: closeCodes.revoked, reason: 'device-revoked' });
      await expect(device.connect(server.agentPort)).rejects.toThrow('403');
    });

    it('ends at once when the device is revoked between handshake and hello', async () => {
      const line = await device.connect(server.agentPort);
      await server.devices.revoke(device.deviceId, 'stolen', 'command line');
      // A front may not have told of the connection yet: then its hello is the end of it.
      if (processes > 0) line.send('hello', device.hello());
      expect((await line.ended).code).toBe(closeCodes.revoked);
    });

    it('without the subprotocol is refused', async () => {
      await expect(device.connect(server.agentPort, { protocols: ['chat'] })).rejects.toThrow('400');
      await expect(device.connect(server.agentPort, { protocols: [] })).rejects.toThrow('400');
    });

    it('keeps the name a device gives itself free of control characters', async () => {
      const line = await device.join(server.agentPort, { hostname: 'evil\u001b[31m\u202elaptop' });
      const row = await server.db
        .selectFrom('device')
        .select('name')
        .where('id', '=', device.deviceId)
        .executeTakeFirst();
      expect(row?.name).toBe('evil[31mlaptop');
      await line.cut();
    });
  });

  describe('a copied certificate', () => {
    it('on other hardware is refused, found and told; the real device stays', async () => {
      const real = await device.join(server.agentPort);
      const line = await device.connect(server.agentPort);
      line.send('hello', device.hello({ hardware: { id: hardwareId('thief') } }));
      expect(await line.ended).toEqual({ code: closeCodes.clone, reason: 'clone' });
      const findings = await server.db
        .selectFrom('finding')
        .selectAll()
        .where('device_id', '=', device.deviceId)
        .execute();
      expect(findings.map(({ code, closed_at }) => [code, closed_at])).toEqual([['clone', null]]);
      expect(await server.eventCodes(device.deviceId)).toContain('clone-refused');
      real.send('report', device.report({ kind: 'finding', at: 1, code: 'clone', open: false, detail: '' }));
      await real.next('ack');
      const [stays] = await server.db
        .selectFrom('finding')
        .selectAll()
        .where('device_id', '=', device.deviceId)
        .execute();
      expect(stays?.closed_at).toBeNull();
      await real.cut();
    });

    it('that renewed itself does not end the real device’s certificate', async () => {
      const next = await makeDeviceKey();
      const renewed = await device.renew(server.enrolmentPort, next);
      const thief = new FakeDevice('thief', next);
      thief.root = device.root;
      thief.use(renewed.body.certificateChain, next);
      const line = await thief.connect(server.agentPort);
      line.send('hello', thief.hello());
      expect((await line.ended).code).toBe(closeCodes.clone);
      await (await device.join(server.agentPort)).cut();
    });
  });

  describe('reports', () => {
    const eventsOf = async (code: string) =>
      await server.db.selectFrom('event').selectAll().where('code', '=', code).execute();

    it('are acknowledged after they are stored, for the device of the certificate alone', async () => {
      const line = await device.join(server.agentPort);
      const told: Reported[] = [];
      const off = server.bus.subscribe('reported', (reported) => {
        if (reported.deviceIds.includes(device.deviceId)) told.push(reported);
      });
      line.send(
        'report',
        device.report(
          { kind: 'reported', at: 5, section: 'webFilter', generation: 1, status: 'verified', evidence: [] },
          { kind: 'observation', at: 5, name: 'firewall', value: { state: 'on', evidence: 'ufw' } },
          { kind: 'health', at: 5, collector: 'load', value: { cpuPercent: 1, memoryUsedPercent: 2 } },
          { kind: 'finding', at: 5, code: 'drift', open: true, detail: 'changed' },
          event(`stored-${count}`),
        ),
      );
      expect((await line.next('ack')).body).toEqual({ epoch: 'epoch-1', sequence: 1 });
      for (const table of ['reported_section', 'observation', 'health', 'finding'] as const) {
        const rows = await server.db
          .selectFrom(table)
          .select('device_id')
          .where('device_id', '=', device.deviceId)
          .execute();
        expect(rows, table).toHaveLength(1);
      }
      expect(await eventsOf(`stored-${count}`)).toMatchObject([
        { subject_id: device.deviceId, actor: `device:${device.name}` },
      ]);
      const own = [device.deviceId];
      const byKind = { reported: own, observation: own, health: own, finding: own, event: own };
      expect(told).toEqual([{ deviceIds: own, byKind, changed: own, restless: [] }]);
      off();
      await line.cut();
    });

    it('that were committed but whose acknowledgement was lost are acknowledged again and counted once', async () => {
      const line = await device.join(server.agentPort);
      const batch = device.report(event(`once-${count}`));
      const committed = new Promise((resolve) => {
        const off = server.bus.subscribe('reported', () => {
          off();
          resolve(undefined);
        });
      });
      line.send('report', batch);
      line.socket.pause();
      await committed;
      await line.cut();
      const again = await device.join(server.agentPort);
      expect(again.welcome.acknowledged).toBe(1);
      again.send('report', batch);
      expect((await again.next('ack')).body.sequence).toBe(1);
      expect(await eventsOf(`once-${count}`)).toHaveLength(1);
      await again.cut();
    });

    it('are not acknowledged when the store fails: the session ends, and the resend is counted', async () => {
      const line = await device.join(server.agentPort);
      const batch = device.report(event(`failing-${count}`));
      const commit = vi.spyOn(server.reports, 'commit').mockRejectedValue(new Error('disk full'));
      line.send('report', batch);
      expect((await line.ended).code).toBe(1011);
      commit.mockRestore();
      expect(line.received.filter(({ type }) => type === 'ack')).toEqual([]);
      const again = await device.join(server.agentPort);
      again.send('report', batch);
      await again.next('ack');
      expect(await eventsOf(`failing-${count}`)).toHaveLength(1);
      await again.cut();
    });

    it('with a gap are taken and the gap is told', async () => {
      const line = await device.join(server.agentPort);
      line.send('report', device.report(event(`gap-${count}`)));
      device.spool.next = 5;
      line.send('report', device.report(event(`gap-${count}`)));
      await line.next('ack');
      expect((await line.next('ack')).body.sequence).toBe(5);
      await vi.waitFor(async () => expect(await server.eventCodes(device.deviceId)).toContain('reports-missing'));
      await line.cut();
    });

    it('of a new spool start over', async () => {
      const line = await device.join(server.agentPort);
      line.send('report', device.report(event(`spool-${count}`)));
      await line.next('ack');
      await line.cut();
      device.spool = { epoch: 'epoch-2', next: 1 };
      const fresh = await device.join(server.agentPort);
      expect(fresh.welcome.acknowledged).toBe(0);
      fresh.send('report', device.report(event(`spool-${count}`)));
      await fresh.next('ack');
      expect(await eventsOf(`spool-${count}`)).toHaveLength(2);
      await fresh.cut();
    });
  });

  describe('only the culprit loses its connection when it sends', () => {
    const cases: [string, number, (line: Line) => void][] = [
      ['what is not JSON', closeCodes.badFrame, (line) => line.sendRaw('hello?')],
      ['what is not UTF-8', closeCodes.badFrame, (line) => line.sendRaw(Buffer.from([0xff, 0xfe]))],
      ['binary frames', closeCodes.badFrame, (line) => line.socket.send(Buffer.from('{}'), { binary: true })],
      ['a server’s message', closeCodes.badFrame, (line) => line.send('ack', { epoch: 'e', sequence: 1 })],
      ['hello a second time', closeCodes.notAllowed, (line) => line.send('hello', device.hello())],
      [
        'a message larger than its kind may be',
        closeCodes.tooLarge,
        (line) =>
          line.sendRaw(encode('want', 'x', { hashes: ['a'.repeat(64)] }).replace('"a', `"${'b'.repeat(600_000)}`)),
      ],
      ['a frame larger than any', 1009, (line) => line.sendRaw('x'.repeat(2_000_000))],
      [
        'a flood',
        closeCodes.flooding,
        (line) => {
          for (let n = 0; n < 700; n++) line.send('want', { hashes: ['a'.repeat(64)] });
        },
      ],
    ];
    for (const [name, code, misbehave] of cases) {
      it(name, async () => {
        const bystander = await other.join(server.agentPort);
        const line = await device.join(server.agentPort);
        misbehave(line);
        expect((await line.ended).code).toBe(code);
        bystander.send('report', other.report(event('calm')));
        await bystander.next('ack');
        if (code !== 1009)
          await vi.waitFor(async () => expect(await server.eventCodes(device.deviceId)).toContain('frame-refused'));
        await bystander.cut();
      });
    }

    it('but a body that names another device is only that of a newer agent: it is about the own device all the same', async () => {
      const line = await device.join(server.agentPort);
      const frame = encode('report', 'x', device.report(event('mine')));
      line.sendRaw(frame.replace('{"epoch"', `{"deviceId":"${other.deviceId}","epoch"`));
      await line.next('ack');
      expect(await server.eventCodes(device.deviceId)).toContain('mine');
      expect(await server.eventCodes(other.deviceId)).not.toContain('mine');
      await line.cut();
    });

    it('anything before hello', async () => {
      const line = await device.connect(server.agentPort);
      line.send('report', device.report(event('early')));
      expect((await line.ended).code).toBe(closeCodes.notAllowed);
    });

    it('but a message of a newer version is only answered', async () => {
      const line = await device.join(server.agentPort);
      line.sendRaw('{"v":1,"type":"teleport","id":"t1","body":{}}');
      expect((await line.next('error')).body).toMatchObject({ code: 'unknown-type', about: 't1' });
      line.send('report', device.report(event('still-here')));
      await line.next('ack');
      await line.cut();
    });
  });

  describe('a stream of a diagnosis', () => {
    const watched = () => ({ deviceId: device.deviceId, diagnosisId: 'd1', stream: 'live' as const });
    const sample: LiveSample = {
      ...{ at: 1, cpuPercent: 1, coresPercent: [1], memoryUsedPercent: 1, memoryUsedBytes: 1, memoryTotalBytes: 2 },
      ...{ receivedBytesPerSecond: 0, sentBytesPerSecond: 0, processes: [] },
    };

    it('is one stream for all who look, closed when the last leaves', async () => {
      const line = await device.join(server.agentPort);
      const seen: string[] = [];
      const leave = ['a', 'b'].map((name) =>
        server.gateway.watch(watched(), { onSample: () => seen.push(name), onEnd: () => seen.push('end') }),
      );
      const { stream, intervalMs, diagnosis } = (await line.next('stream-open')).body;
      expect([intervalMs, diagnosis]).toEqual([1000, 'd1']);
      line.send('stream-chunk', { stream, sample });
      await vi.waitFor(() => expect(seen).toEqual(['a', 'b']));
      expect(line.received.filter(({ type }) => type === 'stream-open')).toEqual([]);
      for (const each of leave) each();
      expect((await line.next('stream-close')).body.stream).toBe(stream);
      await line.cut();
      expect(seen).toEqual(['a', 'b']);
    });

    it('ends when the device goes, ends it, or is not there', async () => {
      const ends: string[] = [];
      const watch = () =>
        server.gateway.watch(watched(), { onSample: () => undefined, onEnd: (reason) => ends.push(reason) });
      watch();
      await vi.waitFor(() => expect(ends).toHaveLength(1));
      const line = await device.join(server.agentPort);
      watch();
      const { stream } = (await line.next('stream-open')).body;
      line.send('stream-close', { stream, reason: 'turned off by policy' });
      await vi.waitFor(() => expect(ends[1]).toBe('turned off by policy'));
      watch();
      await line.next('stream-open');
      await line.cut();
      await vi.waitFor(() => expect(ends[2]).toMatch(/disconnected/));
    });
  });

  describe('artefacts', () => {
    it('come by hash, whole or from where a download broke off', async () => {
      const content = '0123456789'.repeat(100);
      const hash = createHash('sha256').update(content).digest('hex');
      artifacts[hash] = `${server.home}/artifact.bin`;
      await writeFile(artifacts[hash], content);
      const path = agentPaths.artifact(hash);
      const whole = await ask(server.agentPort, path, device.tls);
      expect([whole.status, whole.text]).toEqual([200, content]);
      const rest = await ask(server.agentPort, path, { ...device.tls, headers: { range: 'bytes=990-' } });
      expect([rest.status, rest.text, rest.headers['content-range']]).toEqual([
        206,
        '0123456789',
        'bytes 990-999/1000',
      ]);
      const beyond = await ask(server.agentPort, path, { ...device.tls, headers: { range: 'bytes=5000-' } });
      expect(beyond.status).toBe(416);
      for (const wrong of ['f'.repeat(64), '..%2f..%2fetc%2fpasswd'])
        expect((await ask(server.agentPort, agentPaths.artifact(wrong), device.tls)).status).toBe(404);
    });

    it('come as a delta to a device that holds what it starts from, and whole to every other', async () => {
      const [from, to] = ['a', 'b'].map((letter) => letter.repeat(64)) as [string, string];
      artifacts[to] = `${server.home}/to.bin`;
      artifacts[`${from}-${to}`] = `${server.home}/delta.bin`;
      await writeFile(artifacts[to], 'the whole');
      await writeFile(`${server.home}/delta.bin`, 'the delta');
      const get = (query: string, headers = {}) =>
        ask(server.agentPort, `${agentPaths.artifact(to)}${query}`, { ...device.tls, headers });
      const other = 'c'.repeat(64);
      const delta = await get(`?from=${other},${from}`);
      expect([delta.status, delta.text]).toEqual([200, 'the delta']);
      expect(delta.headers).toMatchObject({ 'content-type': deltaType, [deltaFromHeader]: from });
      const rest = await get(`?from=${from}`, { range: 'bytes=4-' });
      expect([rest.status, rest.text, rest.headers[deltaFromHeader]]).toEqual([206, 'delta', from]);
      const strange = ['', `?from=${other}`, '?from=', '?from=../../etc', `?from=${from}&from=${from}`, '?from[]=x'];
      for (const query of [...strange, `?from=${`${other},`.repeat(60)}${from}`]) {
        const whole = await get(query);
        expect([query.slice(0, 20), whole.status, whole.text]).toEqual([query.slice(0, 20), 200, 'the whole']);
        expect(whole.headers[deltaFromHeader]).toBeUndefined();
      }
    });
  });
});
