import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Body, type Message, type MessageType, messages } from '../../shared/protocol/messages.ts';
import { FakeDevice, type Line } from '../fakes/device.ts';
import { goldenFrames } from '../fakes/golden-frames.ts';
import { until } from '../fakes/programs.ts';
import { TestServer } from '../fakes/running-server.ts';

/** What the first agents and servers said: everything else is answered by them with an error. */
const first: readonly MessageType[] = [
  ...(['hello', 'welcome', 'trust', 'desired', 'want', 'section', 'report', 'ack'] as const),
  ...(['stream-open', 'stream-chunk', 'stream-close', 'restarting', 'error'] as const),
];
const golden = goldenFrames(messages)
  .filter(({ version, sender }) => version === 1 && sender === 'agent')
  .map(({ file, text }) => ({ file, frame: JSON.parse(text) as Message }));
const helloFirst = golden.find(({ file }) => file.endsWith('hello-first.json'))?.frame.body as Body<'hello'>;
/** Every report that was ever recorded. */
const reports = golden.flatMap(({ frame }) => (frame.type === 'report' ? [frame.body] : []));

interface Kind {
  name: string;
  protocols: string[];
  /** What it makes of a frame before it goes out. */
  says: (frame: object, body: object) => object;
}
const kinds: Kind[] = [
  { name: 'first', protocols: ['rollcall.1'], says: (frame) => frame },
  { name: 'today', protocols: ['rollcall.1'], says: (frame) => frame },
  {
    name: 'future',
    protocols: ['rollcall.2', 'rollcall.1'],
    says: (frame, body) => ({ ...frame, body: { ...body, sinceVersionTwo: { why: 'newer' } } }),
  },
];

/** A device whose agent is of one of these. */
class Member {
  readonly kind: Kind;
  readonly device: FakeDevice;
  line: Line | undefined;
  #frames = 0;

  constructor(kind: Kind, device: FakeDevice) {
    this.kind = kind;
    this.device = device;
  }

  async join(port: number): Promise<Body<'welcome'>> {
    const line = await this.device.connect(port, { protocols: this.kind.protocols });
    this.line = line;
    if (this.kind.name === 'first') line.socket.on('message', (frame: Buffer) => this.#answerAsTheFirst(frame));
    const { hardware } = this.device.hello();
    const { generation, sections } = this.device.holds;
    const hello = { ...helloFirst, hardware, generation, sections, spool: this.device.spool };
    this.say('hello', this.kind.name === 'today' ? { ...hello, trustVersion: 1 } : hello);
    return (await line.next('welcome')).body;
  }

  say(type: string, body: object): void {
    this.#frames += 1;
    const frame = { v: 1, type, id: `m${this.#frames}`, body };
    this.line?.sendRaw(JSON.stringify(this.kind.says(frame, body)));
  }

  #answerAsTheFirst(frame: Buffer): void {
    const { type, id } = JSON.parse(frame.toString()) as Message;
    if (!first.includes(type)) this.say('error', { code: 'unknown-type', message: `no message ${type}`, about: id });
  }
}

describe('agents of the first, of today’s and of a future version at one server', () => {
  const members: Member[] = [];
  let server: TestServer;

  beforeAll(async () => {
    server = await TestServer.start();
    const body = { maxUses: kinds.length, expiresInSeconds: 600, label: 'mixed', simulated: true };
    const { token } = await server.operate<{ token: string }>('/api/tokens', { method: 'POST', body });
    for (const kind of kinds) {
      const device = await FakeDevice.make(kind.name);
      expect((await device.enroll(server.server.ports.enrolment, token)).status).toBe(200);
      members.push(new Member(kind, device));
    }
  });
  afterAll(async () => {
    for (const { line } of members) line?.socket.terminate();
    await server.stop();
  });

  /** All are welcomed, everything they say is acknowledged, and what nobody knows is answered without a quarrel. */
  async function areServed(): Promise<void> {
    for (const member of members) {
      const { welcome, line } = { welcome: await member.join(server.server.ports.agents), line: member.line };
      expect(line?.socket.protocol).toBe('rollcall.1');
      expect(welcome.acknowledged).toBe(member.device.spool.next - 1);
      const { body } = (await line?.next('desired')) ?? {};
      expect(body?.manifest).toContain('"format":1');
      for (const { records } of reports) {
        const report = member.device.report(...records);
        member.say('report', report);
        expect((await line?.next('ack'))?.body).toEqual({ epoch: report.epoch, sequence: report.sequence });
      }
      member.say('since-version-two', { hashes: [] });
      expect((await line?.next('error'))?.body).toMatchObject({ code: 'unknown-type' });
      member.say('want', { hashes: ['f'.repeat(64)] });
      expect((await line?.next('error'))?.body).toMatchObject({ code: 'not-found' });
    }
    await until('all connected', 10_000, async () => {
      const { items } = await server.operate<{ items: { connected: boolean }[] }>('/api/devices');
      return items.filter(({ connected }) => connected).length === members.length;
    });
    for (const { line } of members) expect(line?.socket.readyState).toBe(1);
  }

  it('are all served', areServed, 60_000);

  it('are all served again by the server that replaces it under them', async () => {
    await server.stop({ keepHome: true });
    for (const { line } of members) expect((await line?.ended)?.reason).toBe('restarting');
    server = await TestServer.start({ home: server.home });
    await areServed();
  }, 60_000);

  it('leave one who speaks nothing the server speaks outside, and say why', async () => {
    const [member] = members;
    await expect(member?.device.connect(server.server.ports.agents, { protocols: ['rollcall.3'] })).rejects.toThrow(
      '400',
    );
  });

  it('have nothing counted twice: as many events as were reported', async () => {
    const own = reports.flatMap(({ records }) => records).filter(({ kind }) => kind === 'event').length;
    for (const { device } of members) {
      const path = `/api/devices/${device.deviceId}/events?limit=200`;
      const { items } = await server.operate<{ items: { code: string }[] }>(path);
      const codes = new Set(
        reports.flatMap(({ records }) => records.flatMap((record) => (record.kind === 'event' ? [record.code] : []))),
      );
      expect(items.filter(({ code }) => codes.has(code))).toHaveLength(own * 2);
    }
  });
});
