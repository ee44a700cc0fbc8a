import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import packet, { type DecodedPacket, type RecordClass, type RecordType } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Frames, framed } from '../../../agent/filter/frames.ts';
import { Resolver, type ResolverPolicy } from '../../../agent/filter/resolver.ts';
import { openUpstream } from '../../../agent/filter/upstream/open.ts';
import type { ServerAddress } from '../../../agent/filter/upstream/udp.ts';
import { writeName } from '../../../agent/filter/wire/name.ts';
import { systemClock, systemRandom } from '../../../agent/platform/clock.ts';
import { compileNames, openCompiled } from '../../../shared/filter/compiled.ts';
import { preparePolicy } from '../../../shared/filter/decide.ts';
import type { WebFilterSettings } from '../../../shared/profile/web-filter.ts';
import { FakeUpstream } from '../../fakes/upstream.ts';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const a = (name: string, data: string) => ({ type: 'A' as const, name, ttl: 60, data });
const cname = (name: string, data: string) => ({ type: 'CNAME' as const, name, ttl: 60, data });
/** A record of the type `HTTPS`, which the library does not write: priority 1 and a target. */
const https = (name: string, target: string) => ({
  type: 'UNKNOWN_65' as 'A',
  name,
  ttl: 60,
  data: Buffer.concat([Buffer.from([0, 1]), writeName(target)]) as unknown as string,
});

const records = {
  'school.test A': [a('school.test', '192.0.2.1')],
  'school.test AAAA': [{ type: 'AAAA' as const, name: 'school.test', ttl: 60, data: '2001:db8::1' }],
  'school.test TXT': [{ type: 'TXT' as const, name: 'school.test', ttl: 60, data: 'hello' }],
  'school.test MX': [
    { type: 'MX' as const, name: 'school.test', ttl: 60, data: { preference: 1, exchange: 'm.test' } },
  ],
  'school.test UNKNOWN_65': [https('school.test', 'school.test')],
  'empty.test A': [],
  'cloak.test A': [cname('cloak.test', 'tracker.bad.test'), a('tracker.bad.test', '192.0.2.66')],
  'cloak.test AAAA': [cname('cloak.test', 'tracker.bad.test')],
  'cloak.test UNKNOWN_65': [https('cloak.test', 'tracker.bad.test')],
  'deep.test A': [cname('deep.test', 'mid.test'), cname('mid.test', 'casino.test'), a('casino.test', '192.0.2.67')],
  'honest.test A': [cname('honest.test', 'cdn.school.test'), a('cdn.school.test', '192.0.2.5')],
  'good.bad.test A': [cname('good.bad.test', 'other.bad.test'), a('other.bad.test', '192.0.2.6')],
  'forcesafesearch.google.com A': [a('forcesafesearch.google.com', '192.0.2.120')],
  'strict.bing.com A': [cname('strict.bing.com', 'edge.test'), a('edge.test', '192.0.2.121')],
  'restrict.youtube.com A': [a('restrict.youtube.com', '192.0.2.122')],
  'big.test TXT': [
    { type: 'TXT' as const, name: 'big.test', ttl: 60, data: Array.from({ length: 12 }, () => 'x'.repeat(200)) },
  ],
};

const settings: WebFilterSettings = {
  blockedCategories: ['gambling'],
  blockedDomains: ['bad.test', '=exact.test', '*.below.test', 'google.zz'],
  allowedDomains: ['good.bad.test', 'lessons.casino.test'],
  safeSearch: true,
  youtube: 'strict',
};

interface Asked {
  name: string;
  type?: RecordType | 'UNKNOWN_65' | 'UNKNOWN_64' | 'ANY';
  class?: RecordClass;
  /** UDP size offered; undefined sends no OPT record. */
  edns?: number;
  dnssecOk?: boolean;
}

function encode({ name, type = 'A', class: klass = 'IN', edns, dnssecOk = false }: Asked): Buffer {
  const options = { udpPayloadSize: edns ?? 0, extendedRcode: 0, ednsVersion: 0, options: [] };
  return packet.encode({
    type: 'query',
    id: 4711,
    flags: packet.RECURSION_DESIRED,
    questions: [{ name, type: type as RecordType, class: klass }],
    ...(edns === undefined
      ? {}
      : {
          additionals: [
            { name: '.', type: 'OPT', ...options, flags: dnssecOk ? packet.DNSSEC_OK : 0, flag_do: dnssecOk },
          ],
        }),
  });
}

async function overUdp(server: ServerAddress, query: Buffer, timeoutMs = 2000): Promise<Buffer | undefined> {
  const socket = createSocket('udp4');
  return await new Promise((resolve) => {
    const finish = (answer: Buffer | undefined) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(undefined), timeoutMs);
    socket.on('message', finish);
    socket.send(query, server.port, server.address);
  });
}

async function overTcp(server: ServerAddress, ...queries: Buffer[]): Promise<Buffer[]> {
  const socket = connect(server.port, server.address);
  const frames = new Frames();
  const answers: Buffer[] = [];
  return await new Promise((resolve) => {
    socket.on('close', () => resolve(answers));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      answers.push(...frames.read(chunk));
      if (answers.length >= queries.length) socket.destroy();
    });
    socket.write(Buffer.concat(queries.map(framed)));
  });
}

/** `NOERROR A 192.0.2.1`, with `EDE 15` and `TC` where they are. */
function inWords(bytes: Buffer | undefined): string {
  if (!bytes) return 'silence';
  const answer: DecodedPacket = packet.decode(bytes);
  const rcode = 'rcode' in answer ? String(answer.rcode) : '';
  const parts = (answer.answers ?? []).map((record) =>
    'data' in record
      ? `${record.type} ${Buffer.isBuffer(record.data) ? `${record.data.length} bytes` : textOf(record.data)}`
      : record.type,
  );
  const opt = answer.additionals?.find((record) => record.type === 'OPT');
  const ede = opt?.type === 'OPT' ? (opt.options as { code: unknown }[]).some(({ code }) => code === 15) : false;
  return [rcode, ...parts, ...(answer.flag_tc ? ['TC'] : []), ...(ede ? ['EDE'] : [])].join(' ');
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

describe('the resolver', () => {
  let upstream: FakeUpstream;
  let resolver: Resolver;
  let server: ServerAddress;

  beforeAll(async () => {
    upstream = await new FakeUpstream(records).start();
    resolver = new Resolver(await policy(settings), { clock: systemClock, log: quiet });
    server = await resolver.start('127.0.0.1', 0);
  });
  afterAll(async () => {
    await resolver.stop();
    await upstream.stop();
  });

  async function policy(wanted: WebFilterSettings): Promise<ResolverPolicy> {
    const options = { clock: systemClock, random: systemRandom, systemServers: [], self: undefined, timeoutMs: 200 };
    const casino = {
      id: 'gambling',
      title: 'Gambling',
      names: openCompiled(compileNames(['casino.test', 'mask.test'])),
    };
    return {
      filter: preparePolicy({ settings: wanted }, [casino]),
      blockAnswer: wanted.blockAnswer ?? 'address',
      contact: 'it@school.test',
      upstream: await openUpstream({ kind: 'plain', servers: [`127.0.0.1:${upstream.port}`] }, options),
    };
  }

  const e = 1232;
  const cases: [string, Asked, string][] = [
    ['a name that is not blocked', { name: 'school.test' }, 'NOERROR A 192.0.2.1'],
    ['its IPv6 address', { name: 'school.test', type: 'AAAA' }, 'NOERROR AAAA 2001:db8::1'],
    ['its mail server', { name: 'school.test', type: 'MX' }, 'NOERROR MX {"preference":1,"exchange":"m.test"}'],
    ['its HTTPS record', { name: 'school.test', type: 'UNKNOWN_65' }, 'NOERROR UNKNOWN_65 15 bytes'],
    ['a name in capitals', { name: 'SCHOOL.Test' }, 'NOERROR A 192.0.2.1'],
    ['a name that does not exist', { name: 'nowhere.test' }, 'NXDOMAIN'],
    ['a name without records', { name: 'empty.test' }, 'NOERROR'],
    ['a name with EDNS', { name: 'school.test', edns: e }, 'NOERROR A 192.0.2.1'],
    ['an alias that is honest', { name: 'honest.test' }, 'NOERROR CNAME cdn.school.test A 192.0.2.5'],
    ['a blocked domain', { name: 'bad.test' }, 'NOERROR A 0.0.0.0'],
    ['a blocked domain with EDNS', { name: 'bad.test', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['a blocked domain in capitals', { name: 'BAD.tEsT', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['a blocked domain, IPv6', { name: 'bad.test', type: 'AAAA', edns: e }, 'NOERROR AAAA :: EDE'],
    ['a blocked domain, HTTPS', { name: 'bad.test', type: 'UNKNOWN_65', edns: e }, 'NOERROR EDE'],
    ['a blocked domain, SVCB', { name: 'bad.test', type: 'UNKNOWN_64', edns: e }, 'NOERROR EDE'],
    ['a blocked domain, TXT', { name: 'bad.test', type: 'TXT', edns: e }, 'NOERROR EDE'],
    ['a blocked domain, MX', { name: 'bad.test', type: 'MX' }, 'NOERROR'],
    ['a blocked domain, ANY', { name: 'bad.test', type: 'ANY', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['a name below a blocked domain', { name: 'a.b.c.bad.test', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['a name that only ends like a blocked one', { name: 'notbad.test' }, 'NXDOMAIN'],
    ['an exception below a blocked domain', { name: 'good.bad.test' }, 'NOERROR CNAME other.bad.test A 192.0.2.6'],
    ['a name blocked by itself', { name: 'exact.test', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['a name below one blocked by itself', { name: 'www.exact.test' }, 'NXDOMAIN'],
    ['a name above a wildcard', { name: 'below.test' }, 'NXDOMAIN'],
    ['a name below a wildcard', { name: 'x.below.test', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['a name of a category', { name: 'casino.test', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['a name below one of a category', { name: 'www.casino.test', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['an exception to a category', { name: 'lessons.casino.test' }, 'NXDOMAIN'],
    ['Google', { name: 'www.google.com' }, 'NOERROR CNAME forcesafesearch.google.com A 192.0.2.120'],
    ['Google of a country', { name: 'www.google.co.uk' }, 'NOERROR CNAME forcesafesearch.google.com A 192.0.2.120'],
    ['Google, IPv6', { name: 'www.google.com', type: 'AAAA' }, 'NOERROR CNAME forcesafesearch.google.com'],
    ['Google, HTTPS', { name: 'www.google.com', type: 'UNKNOWN_65' }, 'NOERROR CNAME forcesafesearch.google.com'],
    ['Bing, whose target is an alias', { name: 'www.bing.com' }, 'NOERROR CNAME strict.bing.com A 192.0.2.121'],
    ['YouTube', { name: 'www.youtube.com' }, 'NOERROR CNAME restrict.youtube.com A 192.0.2.122'],
    ['DuckDuckGo, whose target is unknown here', { name: 'duckduckgo.com' }, 'NXDOMAIN CNAME safe.duckduckgo.com'],
    ['the canary of Firefox', { name: 'use-application-dns.net' }, 'NXDOMAIN'],
    ['the canary of Private Relay', { name: 'mask.icloud.com' }, 'NXDOMAIN'],
    ['its second canary, IPv6', { name: 'mask-h2.icloud.com', type: 'AAAA' }, 'NXDOMAIN'],
    ['designated resolvers', { name: '_dns.resolver.arpa', type: 'UNKNOWN_64' }, 'NOERROR'],
    ['an alias of a blocked domain', { name: 'cloak.test', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['an alias of a blocked domain, IPv6', { name: 'cloak.test', type: 'AAAA', edns: e }, 'NOERROR AAAA :: EDE'],
    ['an HTTPS record leading to a blocked domain', { name: 'cloak.test', type: 'UNKNOWN_65', edns: e }, 'NOERROR EDE'],
    ['an alias of an alias of a category', { name: 'deep.test', edns: e }, 'NOERROR A 0.0.0.0 EDE'],
    ['everything about a name', { name: 'school.test', type: 'ANY' }, 'NOERROR HINFO {"cpu":"RFC8482","os":""}'],
    ['a zone transfer', { name: 'school.test', type: 'AXFR' }, 'REFUSED'],
    ['an incremental zone transfer', { name: 'school.test', type: 'IXFR' }, 'REFUSED'],
    ['the version over CHAOS', { name: 'version.bind', type: 'TXT', class: 'CH' }, 'REFUSED'],
    ['a name in any class', { name: 'school.test', class: 'ANY' }, 'REFUSED'],
    ['the root', { name: '.', type: 'NS' }, 'NXDOMAIN'],
  ];

  it.each(cases)('answers over UDP for %s', async (_what, asked, expected) => {
    expect(inWords(await overUdp(server, encode(asked)))).toBe(expected);
  });

  it.each(cases)('answers the same over TCP for %s', async (_what, asked, expected) => {
    const [answer] = await overTcp(server, encode(asked));
    expect(inWords(answer)).toBe(expected);
  });

  const answers: [NonNullable<WebFilterSettings['blockAnswer']>, RecordType, string][] = [
    ['address', 'A', 'NOERROR A 0.0.0.0 EDE'],
    ['nxdomain', 'A', 'NXDOMAIN EDE'],
    ['nxdomain', 'AAAA', 'NXDOMAIN EDE'],
    ['refused', 'A', 'REFUSED EDE'],
    ['refused', 'TXT', 'REFUSED EDE'],
  ];
  it.each(answers)('blocks with %s for %s when the policy says so', async (blockAnswer, type, expected) => {
    resolver.use(await policy({ ...settings, blockAnswer }));
    expect(inWords(await overUdp(server, encode({ name: 'bad.test', type, edns: e })))).toBe(expected);
    resolver.use(await policy(settings));
  });

  it('names the category and the contact in the error, and echoes id, question, EDNS and DO', async () => {
    const bytes = await overUdp(server, encode({ name: 'casino.test', edns: e, dnssecOk: true }));
    const answer = packet.decode(bytes ?? Buffer.alloc(0));
    expect(bytes?.toString('utf8')).toContain('Blocked by the web filter (category Gambling). Ask: it@school.test');
    expect(answer).toMatchObject({
      id: 4711,
      questions: [{ name: 'casino.test', type: 'A' }],
      flag_ra: true,
      flag_rd: true,
    });
    expect(answer.additionals).toMatchObject([{ type: 'OPT', flag_do: true, ednsVersion: 0 }]);
  });

  it('cuts an answer that is too long for the client, who gets it over TCP', async () => {
    const query = { name: 'big.test', type: 'TXT' as const };
    expect(inWords(await overUdp(server, encode(query)))).toBe('NOERROR TC');
    expect((await overUdp(server, encode({ ...query, edns: 4096 })))?.length).toBeGreaterThan(2400);
    const [whole] = await overTcp(server, encode(query));
    expect(whole?.length).toBeGreaterThan(2400);
    // Now known from TCP, and still cut for UDP.
    expect((await overUdp(server, encode(query)))?.length).toBeLessThanOrEqual(512);
  });

  it('answers many queries on one connection', async () => {
    const queries = Array.from({ length: 150 }, (_, i) => encode({ name: i % 2 ? 'bad.test' : 'school.test' }));
    expect(await overTcp(server, ...queries)).toHaveLength(150);
  });

  it('answers a client that closes its half after asking, and then closes too', async () => {
    const socket = connect(server.port, server.address);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.end(Buffer.concat([framed(encode({ name: 'bad.test' })), framed(encode({ name: 'nowhere.test' }))]));
    await new Promise((resolve) => socket.on('close', resolve));
    expect([...new Frames().read(Buffer.concat(chunks))].map(inWords)).toEqual(['NOERROR A 0.0.0.0', 'NXDOMAIN']);
  });

  it('refuses a version of EDNS it does not know', async () => {
    const query = encode({ name: 'school.test', edns: e });
    query[query.length - 5] = 1;
    const answer = await overUdp(server, query);
    expect([(answer?.[3] ?? 0) & 0xf, answer?.[answer.length - 6]]).toEqual([0, 1]);
  });

  const hostile: [string, (query: Buffer) => Buffer, string][] = [
    ['half a header', (query) => query.subarray(0, 7), 'silence'],
    ['nothing at all', () => Buffer.alloc(0), 'silence'],
    ['an answer, which could loop', (query) => flip(query, 2, 0x80), 'silence'],
    ['a question cut short', (query) => query.subarray(0, 15), 'FORMERR'],
    ['no question', (query) => flip(query, 5, 1), 'FORMERR'],
    ['two questions', (query) => flip(query, 5, 3), 'FORMERR'],
    ['records that are not there', (query) => flip(query, 11, 9), 'FORMERR'],
    ['bytes after the end', (query) => Buffer.concat([query, Buffer.from([1, 2, 3])]), 'FORMERR'],
    ['a label that is too long', (query) => flip(query, 12, 0x40), 'FORMERR'],
    [
      'a name that points at itself',
      (query) => Buffer.concat([query.subarray(0, 12), Buffer.from([0xc0, 12, 0, 1, 0, 1])]),
      'FORMERR',
    ],
    ['a dynamic update', (query) => flip(query, 2, 0x28), 'NOTIMP'],
    ['two OPT records', (query) => twoOpts(query), 'FORMERR'],
  ];
  it.each(hostile)('survives %s', async (_what, spoil, expected) => {
    const query = spoil(encode({ name: 'school.test' }));
    const answer = await overUdp(server, query, expected === 'silence' ? 100 : 2000);
    expect(answer === undefined ? 'silence' : ['', 'FORMERR', '', '', 'NOTIMP'][(answer[3] ?? 0) & 0xf]).toBe(expected);
    expect(inWords(await overUdp(server, encode({ name: 'school.test' })))).toBe('NOERROR A 192.0.2.1');
  });

  it('does not take a dot inside a label for a separator', async () => {
    const query = encode({ name: 'xxxxxx.test' });
    query.write('xx.bad', 13, 'latin1');
    expect(inWords(await overUdp(server, query))).not.toContain('0.0.0.0');
  });

  it('asks the same question once, and again only when it has run out', async () => {
    resolver.use(await policy(settings));
    upstream.asked.length = 0;
    const query = encode({ name: 'school.test' });
    const [first, ...rest] = await Promise.all(Array.from({ length: 20 }, () => overUdp(server, query)));
    expect(rest.every((answer) => inWords(answer) === inWords(first))).toBe(true);
    await overUdp(server, query);
    expect(upstream.asked).toEqual(['school.test A']);
  });

  it('loses no query while policies are swapped', async () => {
    const asking = Array.from({ length: 200 }, (_, i) => overUdp(server, encode({ name: `n${i}.school.test` })));
    for (let i = 0; i < 20; i++) resolver.use(await policy(settings));
    expect((await Promise.all(asking)).filter((answer) => answer === undefined)).toEqual([]);
  });

  it('counts without remembering', () => {
    expect(Object.values(resolver.counts).every(Number.isInteger)).toBe(true);
    expect(resolver.counts.blocked).toBeGreaterThan(10);
  });
});

function flip(query: Buffer, at: number, bits: number): Buffer {
  const spoiled = Buffer.from(query);
  spoiled[at] = (spoiled[at] ?? 0) ^ bits;
  return spoiled;
}

function twoOpts(query: Buffer): Buffer {
  const opt = Buffer.from([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0]);
  return flip(Buffer.concat([query, opt, opt]), 11, 2);
}
