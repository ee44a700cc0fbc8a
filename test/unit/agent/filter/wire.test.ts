import packet from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { AnswerCache } from '../../../../agent/filter/cache.ts';
import { leadsTo } from '../../../../agent/filter/cloaking.ts';
import { Frames, framed } from '../../../../agent/filter/frames.ts';
import { readAnswer } from '../../../../agent/filter/probe.ts';
import { readName, writeName } from '../../../../agent/filter/wire/name.ts';
import { type Query, readQuery, udpLimit } from '../../../../agent/filter/wire/query.ts';
import { extendedError, writeError, writeReply } from '../../../../agent/filter/wire/reply.ts';
import { FakeClock, SeededRandom } from '../../../fakes/clock.ts';

const encode = (name: string, withOpt = false) =>
  packet.encode({
    type: 'query',
    id: 7,
    flags: packet.RECURSION_DESIRED,
    questions: [{ name, type: 'A' }],
    ...(withOpt
      ? {
          additionals: [
            {
              name: '.',
              type: 'OPT',
              udpPayloadSize: 1400,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ],
        }
      : {}),
  });

const read = (bytes: Buffer): Query => {
  const query = readQuery(bytes);
  if (!query || 'rcode' in query) throw new Error('not readable');
  return query;
};

describe('reading a query', () => {
  it('gives name, type, class, EDNS and the end of the question', () => {
    const bytes = encode('WWW.Example.test', true);
    expect(read(bytes)).toMatchObject({
      id: 7,
      name: 'www.example.test',
      type: 1,
      class: 1,
      end: 12 + 18 + 4,
      edns: { udpSize: 1400, version: 0, dnssecOk: false },
    });
  });

  it('writes bytes that no host name has so that they match nothing', () => {
    const bytes = encode('abc.test');
    bytes.write('a.\u0007', 13, 'latin1');
    expect(read(bytes).name).toBe('a\\046\\007.test');
  });

  it('takes a name of 255 bytes and no longer', () => {
    const label = 'a'.repeat(63);
    const longest = `${label}.${label}.${label}.${'a'.repeat(61)}`;
    expect(read(encode(longest)).name).toBe(longest);
    const longer = Buffer.concat([encode('x').subarray(0, 12), writeName(`${longest}a`), Buffer.from([0, 1, 0, 1])]);
    expect(readQuery(longer)).toMatchObject({ rcode: 1 });
  });

  const sizes: [number | undefined, number][] = [
    [undefined, 512],
    [0, 512],
    [1232, 1232],
    [65_535, 4096],
  ];
  it.each(sizes)('takes an offer of %s bytes for %i', (udpSize, limit) => {
    const edns = udpSize === undefined ? {} : { edns: { udpSize, version: 0, dnssecOk: false } };
    expect(udpLimit({ ...read(encode('a.test')), ...edns })).toBe(limit);
  });
});

describe('writing an answer', () => {
  it('keeps to the limit by leaving out the words, not the reason', () => {
    const bytes = encode('a.test', true);
    const error = extendedError(15, 'x'.repeat(600));
    const reply = writeReply(bytes, read(bytes), { rcode: 0, error }, 512);
    expect(reply.length).toBeLessThan(512);
    expect(readAnswer(reply)).toEqual({ outcome: 'blocked', seen: 'no records with EDE 15' });
  });

  it('is undone by the reader of names', () => {
    for (const name of ['', 'a', 'a.test', 'www.example.test']) {
      expect(readName(Buffer.concat([Buffer.alloc(12), writeName(name)]), 12)?.name).toBe(name);
    }
  });
});

describe('hostile bytes', () => {
  it('are never thrown at, whatever 20,000 spoiled packets hold', () => {
    const random = new SeededRandom(20_261_122);
    const whole = packet.encode({
      type: 'response',
      id: 7,
      questions: [{ name: 'cloak.test', type: 'A' }],
      answers: [
        { type: 'CNAME', name: 'cloak.test', ttl: 60, data: 'tracker.bad.test' },
        { type: 'A', name: 'tracker.bad.test', ttl: 60, data: '192.0.2.1' },
      ],
    });
    const cache = new AnswerCache(new FakeClock(), 100_000);
    const question = { packet: encode('a.test'), id: 7, end: 28, stream: false };
    for (let round = 0; round < 20_000; round++) {
      const bytes = spoil(round % 2 ? whole : encode('www.example.test', true), random);
      const query = readQuery(bytes);
      if (query && 'rcode' in query) expect(writeError(query)).toHaveLength(12);
      else if (query) writeReply(bytes, query, { rcode: 0, error: extendedError(15, 'why') }, 512);
      if (bytes.length < 34) continue;
      leadsTo(bytes, 28);
      cache.put(round, question, bytes);
      cache.get(round, question);
      readAnswer(bytes);
    }
  });

  it('of nothing but noise are never thrown at either', () => {
    const random = new SeededRandom(4);
    for (let round = 0; round < 20_000; round++) {
      const bytes = Buffer.from(random.bytes(Math.floor(random.unit() * 80)));
      if (bytes.length > 2) bytes[2] = (bytes[2] ?? 0) & 0x07;
      if (bytes.length > 5) bytes.writeUInt16BE(1, 4);
      const query = readQuery(bytes);
      if (query && !('rcode' in query)) expect(query.end).toBeLessThanOrEqual(bytes.length);
    }
  });

  it('cannot make pointers run in a circle', () => {
    const bytes = Buffer.alloc(40);
    bytes.writeUInt16BE(0xc000 | 22, 20);
    bytes.writeUInt16BE(0xc000 | 20, 22);
    expect(readName(bytes, 22)).toBeUndefined();
    expect(readName(bytes, 20)).toBeUndefined();
  });
});

describe('the memory of answers', () => {
  const answer = (ttl: number, rcode = 0, name = 'a.test') =>
    packet.encode({
      type: 'response',
      id: 1,
      flags: rcode,
      questions: [{ name, type: 'A' }],
      answers: [{ type: 'A', name, ttl, data: '192.0.2.1' }],
    });
  const question = (name = 'a.test') => {
    const bytes = encode(name);
    return { packet: bytes, id: 7, end: bytes.length, stream: false };
  };
  const keep = (cache: AnswerCache, name: string, bytes = answer(60, 0, name)) =>
    cache.put(AnswerCache.hash(encode(name)), question(name), bytes);
  const recall = (cache: AnswerCache, name: string, how: 'get' | 'getStale' = 'get') =>
    cache[how](AnswerCache.hash(encode(name)), question(name));

  it('counts lifetimes down, sets the id, and forgets in time', () => {
    const clock = new FakeClock();
    const cache = new AnswerCache(clock, 10_000);
    keep(cache, 'a.test');
    clock.advance(20_000);
    expect(packet.decode(recall(cache, 'a.test') ?? Buffer.alloc(0))).toMatchObject({ id: 7, answers: [{ ttl: 40 }] });
    clock.advance(40_000);
    expect(recall(cache, 'a.test')).toBeUndefined();
  });

  it('gives what has run out for a day, with half a minute to live', () => {
    const clock = new FakeClock();
    const cache = new AnswerCache(clock, 10_000);
    keep(cache, 'a.test');
    clock.advance(3_600_000);
    const found = packet.decode(recall(cache, 'a.test', 'getStale') ?? Buffer.alloc(0));
    expect(found).toMatchObject({ id: 7, answers: [{ ttl: 30, data: '192.0.2.1' }] });
    clock.advance(86_400_000);
    expect(recall(cache, 'a.test', 'getStale')).toBeUndefined();
  });

  it('answers exactly what was asked, though hashes are the same', () => {
    const cache = new AnswerCache(new FakeClock(), 10_000);
    cache.put(1, question('a.test'), answer(60));
    expect(cache.get(1, question('b.test'))).toBeUndefined();
    cache.put(1, question('b.test'), answer(60));
    expect([cache.get(1, question('a.test')), cache.get(1, question('b.test'))]).not.toContain(undefined);
  });

  const unkept: [string, Buffer][] = [
    ['failed', answer(60, 2)],
    ['was cut', answer(60, packet.TRUNCATED_RESPONSE)],
    ['has no lifetime', answer(0)],
    ['is malformed', answer(60).subarray(0, -3)],
    ['is too long for it', Buffer.concat([answer(60), Buffer.alloc(9000)])],
  ];
  it.each(unkept)('does not keep an answer that %s', (_why, bytes) => {
    const cache = new AnswerCache(new FakeClock(), 10_000);
    keep(cache, 'a.test', Buffer.from(bytes));
    expect(recall(cache, 'a.test', 'getStale')).toBeUndefined();
  });

  it('overwrites what is oldest and keeps what is used', () => {
    const cache = new AnswerCache(new FakeClock(), 2000);
    const ask = (hash: number, name: string) => cache.get(hash, question(name));
    cache.put(0, question('used.test'), answer(60, 0, 'used.test'));
    for (let i = 1; i < 500; i++) {
      cache.put(i, question(`k${i}.test`), answer(60, 0, `k${i}.test`));
      expect([ask(i, `k${i}.test`), ask(0, 'used.test')]).not.toContain(undefined);
    }
    expect(ask(1, 'k1.test')).toBeUndefined();
  });

  it('forgets all at once', () => {
    const cache = new AnswerCache(new FakeClock(), 10_000);
    keep(cache, 'a.test');
    cache.clear();
    expect(recall(cache, 'a.test', 'getStale')).toBeUndefined();
    keep(cache, 'a.test');
    expect(recall(cache, 'a.test')).toBeDefined();
  });
});

describe('messages on a stream', () => {
  it('come out whole however they were cut', () => {
    const messages = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(3000, 7)];
    const bytes = Buffer.concat(messages.map(framed));
    for (const size of [1, 2, 3, 1000, bytes.length]) {
      const frames = new Frames();
      const out: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) out.push(...frames.read(bytes.subarray(at, at + size)));
      expect(out).toEqual(messages);
    }
  });
});

function spoil(bytes: Buffer, random: SeededRandom): Buffer {
  const spoiled = Buffer.from(bytes);
  for (let i = 0; i < 3; i++) spoiled[Math.floor(random.unit() * spoiled.length)] = Math.floor(random.unit() * 256);
  return random.unit() < 0.3 ? spoiled.subarray(0, Math.floor(random.unit() * spoiled.length)) : spoiled;
}
