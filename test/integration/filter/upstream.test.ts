import { createSocket } from 'node:dgram';
import packet from 'dns-packet';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openUpstream, parseServer, type UpstreamOptions } from '../../../agent/filter/upstream/open.ts';
import { askOnce, type Upstream } from '../../../agent/filter/upstream/upstream.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import type { Upstream as Setting } from '../../../shared/profile/web-filter.ts';
import { FakeDoh, FakeDot, FakeUpstream, type Misbehaviour, selfSigned } from '../../fakes/upstream.ts';

const address = (name: string, data: string) => ({ type: 'A' as const, name, ttl: 60, data });
const serverName = 'dns.school.test';

describe('the upstream', () => {
  const credentials = selfSigned(serverName);
  const options: UpstreamOptions = {
    clock: systemClock,
    random: systemRandom,
    systemServers: [],
    self: undefined,
    ca: credentials.cert,
    timeoutMs: 250,
  };
  let first: FakeUpstream;
  let second: FakeUpstream;
  let dot: FakeDot;
  let doh: FakeDoh;
  let opened: Upstream[] = [];

  beforeAll(async () => {
    first = await new FakeUpstream().start();
    second = await new FakeUpstream().start();
    dot = await new FakeDot(first, credentials).start();
    doh = await new FakeDoh(first, credentials).start();
  });
  beforeEach(() => {
    for (const [fake, data] of [
      [first, '192.0.2.1'],
      [second, '192.0.2.2'],
    ] as const) {
      fake.records = { 'school.test A': [address('school.test', data)] };
      fake.misbehaviour = undefined;
      fake.forgeries = [];
      fake.asked.length = 0;
      fake.ids.length = 0;
      fake.sourcePorts.clear();
    }
    doh.status = 200;
    doh.contentType = 'application/dns-message';
  });
  afterEach(() => {
    for (const upstream of opened) upstream.close();
    opened = [];
  });
  afterAll(async () => {
    await Promise.all([dot.stop(), doh.stop(), first.stop(), second.stop()]);
  });

  async function open(setting: Setting, changes: Partial<UpstreamOptions> = {}): Promise<Upstream> {
    const upstream = await openUpstream(setting, { ...options, ...changes });
    opened.push(upstream);
    return upstream;
  }
  const plain = (...ports: number[]): Setting => ({ kind: 'plain', servers: ports.map((port) => `127.0.0.1:${port}`) });
  const overTls = (port = dot.port, name = serverName): Setting => ({
    kind: 'dot',
    servers: [`127.0.0.1:${port}`],
    serverName: name,
  });
  const overHttps = (host = serverName): Setting => ({
    kind: 'doh',
    url: `https://${host}:${doh.port}/dns-query`,
    addresses: ['127.0.0.1'],
  });

  function question(name = 'school.test', stream = false) {
    const bytes = packet.encode({
      type: 'query',
      id: 99,
      flags: packet.RECURSION_DESIRED,
      questions: [{ name, type: 'A' }],
    });
    return { packet: bytes, id: 99, end: bytes.length, stream };
  }

  /** The address that came, or why none did. */
  async function asked(upstream: Upstream, stream = false): Promise<string> {
    try {
      const bytes = await askOnce(upstream, question('school.test', stream));
      const answer = packet.decode(bytes);
      expect(answer.id).toBe(99);
      const [record] = answer.answers ?? [];
      return record && 'data' in record ? String(record.data) : String('rcode' in answer ? answer.rcode : '');
    } catch (error) {
      return (error as { failure?: string }).failure ?? String(error);
    }
  }

  const kinds: [string, () => Setting, boolean][] = [
    ['UDP', () => plain(first.port), false],
    ['TCP', () => plain(first.port), true],
    ['TLS', () => overTls(), false],
    ['HTTPS', () => overHttps(), false],
  ];
  it.each(kinds)('answers over %s with the id of the query', async (_kind, setting, stream) => {
    expect(await asked(await open(setting()), stream)).toBe('192.0.2.1');
  });

  it.each(kinds)('answers 50 queries at once over %s', async (_kind, setting, stream) => {
    const upstream = await open(setting());
    const all = await Promise.all(Array.from({ length: 50 }, () => asked(upstream, stream)));
    expect(new Set(all)).toEqual(new Set(['192.0.2.1']));
  });

  it.each(['TLS', 'HTTPS'])('reuses one connection over %s', async (kind) => {
    const upstream = await open(kind === 'TLS' ? overTls() : overHttps());
    const counted = () => (kind === 'TLS' ? dot.connections : doh.sessions);
    const before = counted();
    for (let i = 0; i < 5; i++) await asked(upstream);
    expect(counted() - before).toBe(1);
  });

  it('opens a new connection when the server has cut the old one', async () => {
    const upstream = await open(overTls());
    await asked(upstream);
    dot.cut();
    expect(await asked(upstream)).toBe('192.0.2.1');
  });

  it('refuses a server over TLS whose certificate has another name', async () => {
    expect(await asked(await open(overTls(dot.port, 'other.test')))).toBe('unreachable');
  });

  it('refuses a server over TLS that nobody vouches for', async () => {
    const strangers = selfSigned(serverName).cert;
    expect(await asked(await open(overTls(), { ca: strangers }))).toBe('unreachable');
    expect(await asked(await open(overHttps(), { ca: strangers }))).toBe('unreachable');
  });

  it('refuses a web server that answers for another host', async () => {
    expect(await asked(await open(overHttps('other.test')))).toBe('unreachable');
  });

  it.each([
    ['an error page', 500, 'application/dns-message'],
    ['a web page', 200, 'text/html'],
  ])('takes %s over HTTPS for no answer', async (_what, status, contentType) => {
    doh.status = status;
    doh.contentType = contentType;
    expect(await asked(await open(overHttps()))).toBe('bad-answer');
  });

  const forgeries: [Misbehaviour, string][] = [
    ['wrong-id', 'timed-out'],
    ['wrong-question', 'timed-out'],
    ['not-a-response', 'timed-out'],
    ['garbage', 'timed-out'],
    ['silent', 'timed-out'],
    ['servfail', 'SERVFAIL'],
  ];
  it.each(forgeries)('with one server that sends %s ends in %s', async (misbehaviour, expected) => {
    first.misbehaviour = misbehaviour;
    expect(await asked(await open(plain(first.port), { timeoutMs: 100 }))).toBe(expected);
  });

  it('waits for the right answer when forged ones come first', async () => {
    first.forgeries = [
      (answer) => Buffer.concat([Buffer.from([(answer[0] ?? 0) ^ 1]), answer.subarray(1)]),
      (answer) => {
        answer.write('forged', 13, 'latin1');
        return answer;
      },
      () => Buffer.alloc(3),
    ];
    expect(await asked(await open(plain(first.port)))).toBe('192.0.2.1');
  });

  it('never hears packets of other senders', async () => {
    first.misbehaviour = 'silent';
    const upstream = await open(plain(first.port), { timeoutMs: 200 });
    const answering = asked(upstream);
    await expect.poll(() => first.ids.length).toBe(1);
    const forger = createSocket('udp4');
    const forged = packet.encode({
      type: 'response',
      id: first.ids[0] ?? 0,
      questions: [{ name: 'school.test', type: 'A' }],
      answers: [address('school.test', '203.0.113.66')],
    });
    for (const port of first.sourcePorts) forger.send(forged, port, '127.0.0.1');
    expect(await answering).toBe('timed-out');
    forger.close();
  });

  it('asks with ids and from ports that cannot be guessed', async () => {
    const upstream = await open(plain(first.port));
    for (let i = 0; i < 60; i++) await askOnce(upstream, question(`n${i}.test`));
    expect(new Set(first.ids).size).toBeGreaterThan(50);
    expect(first.sourcePorts.size).toBeGreaterThan(4);
    const steps = new Set(first.ids.slice(1).map((id, i) => id - (first.ids[i] ?? 0)));
    expect(steps.size).toBeGreaterThan(40);
  });

  it.each(['silent', 'servfail', 'garbage'] as const)(
    'goes on to the next server when the first is %s',
    async (how) => {
      first.misbehaviour = how;
      expect(await asked(await open(plain(first.port, second.port)))).toBe('192.0.2.2');
    },
  );

  it('goes on at once when nothing listens at the first', async () => {
    const upstream = await open(plain(9, second.port));
    const started = performance.now();
    expect(await asked(upstream)).toBe('192.0.2.2');
    expect(performance.now() - started).toBeLessThan(200);
  });

  it('lets a server that failed rest, and asks it again later', async () => {
    let now = 0;
    const clock = { ...systemClock, monotonic: () => now + systemClock.monotonic() };
    const upstream = await open(plain(first.port, second.port), { clock, timeoutMs: 100 });
    first.misbehaviour = 'silent';
    expect(await asked(upstream)).toBe('192.0.2.2');
    first.misbehaviour = undefined;
    first.asked.length = 0;
    expect(await asked(upstream)).toBe('192.0.2.2');
    expect(first.asked).toEqual([]);
    now += 60_000;
    expect(await asked(upstream)).toBe('192.0.2.1');
  });

  it('passes on the failure of the last server when all answer badly', async () => {
    first.misbehaviour = 'servfail';
    second.misbehaviour = 'servfail';
    expect(await asked(await open(plain(first.port, second.port)))).toBe('SERVFAIL');
  });

  it('asks what the system used, and never itself', async () => {
    const systemServers = ['127.0.0.1:5399', `127.0.0.1:${first.port}`];
    const upstream = await open({ kind: 'system' }, { systemServers, self: { address: '127.0.0.1', port: 5399 } });
    expect(upstream.words).toBe(`127.0.0.1:${first.port}`);
    expect(await asked(upstream)).toBe('192.0.2.1');
  });

  it('says that it knows no server rather than wait', async () => {
    expect(await asked(await open({ kind: 'system' }))).toBe('none');
  });

  it('answers what is under way after it was closed', async () => {
    const upstream = await open(plain(first.port));
    const answering = asked(upstream);
    upstream.close();
    expect(await answering).toBe('192.0.2.1');
  });

  const written: [string, string | undefined][] = [
    ['10.0.0.2', '10.0.0.2 853'],
    ['10.0.0.2:5353', '10.0.0.2 5353'],
    ['fd00::2', 'fd00::2 853'],
    ['[fd00::2]:5353', 'fd00::2 5353'],
    ['dns.example.org', undefined],
    ['10.0.0.2:0', undefined],
    ['10.0.0.2:70000', undefined],
    ['10.0.0.2;rm', undefined],
    ['', undefined],
  ];
  it.each(written)('reads %s as %s', (text, expected) => {
    const read = () => {
      const { address, port } = parseServer(text, 853);
      return `${address} ${port}`;
    };
    if (expected === undefined) expect(read).toThrow(/not the address of a resolver/);
    else expect(read()).toBe(expected);
  });
});
