import { describe, expect, test } from 'vitest';
import { decode, encode, type FrameProblem } from '../../../shared/protocol/codec.ts';
import { messages } from '../../../shared/protocol/messages.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const frame = (parts: object) => JSON.stringify({ v: 1, type: 'stream-close', id: 'm-1', body: closing, ...parts });
const closing = { stream: 's', reason: 'done' };
const deep = (levels: number, inner = '1') => `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;

describe('a frame that is refused says why', () => {
  const table: [string, string | Uint8Array, FrameProblem, RegExp][] = [
    ['nothing', '', 'not-json', /not JSON/],
    ['half a frame', frame({}).slice(0, -1), 'not-json', /not JSON/],
    ['two frames', frame({}) + frame({}), 'not-json', /not JSON/],
    ['a byte order mark', `\ufeff${frame({})}`, 'not-json', /not JSON/],
    ['a comment', `${frame({})}//`, 'not-json', /not JSON/],
    ['bytes that are no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 'not-utf8', /UTF-8/],
    ['a surrogate in UTF-8', Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), 'not-utf8', /UTF-8/],
    ['an overlong encoding', Uint8Array.of(0x22, 0xc0, 0xaf, 0x22), 'not-utf8', /UTF-8/],
    ['a number', '1', 'bad-envelope', /must be object/],
    ['null', 'null', 'bad-envelope', /must be object/],
    ['a list', '[]', 'bad-envelope', /must be object/],
    ['no id', JSON.stringify({ v: 1, type: 'ack', body: {} }), 'bad-envelope', /id/],
    ['an empty id', frame({ id: '' }), 'bad-envelope', /\/id/],
    ['an id that is too long', frame({ id: 'x'.repeat(65) }), 'bad-envelope', /\/id/],
    ['an id with a line break', frame({ id: 'a\n' }), 'bad-envelope', /\/id/],
    ['an unknown envelope field', frame({ to: 'x' }), 'bad-envelope', /to/],
    ['a body that is a list', frame({ body: [] }), 'bad-envelope', /\/body/],
    ['a version that is text', frame({ v: '1' }), 'bad-envelope', /\/v/],
    ['a fraction of a version', frame({ v: 1.5 }), 'bad-envelope', /\/v/],
    ['version 0', frame({ v: 0 }), 'bad-envelope', /\/v/],
    ['a newer version', frame({ v: 2 }), 'wrong-version', /version 2; this side speaks 1/],
    ['a type nobody knows', frame({ type: 'camera-on' }), 'unknown-type', /camera-on/],
    ['a type of every object', frame({ type: 'constructor' }), 'unknown-type', /constructor/],
    [
      'a type only the server sends',
      frame({ type: 'ack', body: {} }),
      'wrong-direction',
      /ack does not come from the agent/,
    ],
    ['a body with too little', frame({ body: {} }), 'bad-body', /stream, reason/],
    ['a body of the wrong type', frame({ body: { stream: 1, reason: 'x' } }), 'bad-body', /\/stream/],
    ['text that is too long', frame({ body: { stream: 's', reason: 'x'.repeat(201) } }), 'bad-body', /\/reason/],
    [
      'a prototype key in the body',
      frame({}).replace('"reason"', '"__proto__":{"x":1},"reason"'),
      'forbidden-key',
      /__proto__/,
    ],
    [
      'a prototype key in the envelope',
      frame({}).replace('"v"', '"__proto__":{"ok":true},"v"'),
      'forbidden-key',
      /__proto__/,
    ],
    ['a constructor key', frame({ body: { ...closing, constructor: {} } }), 'forbidden-key', /constructor/],
    [
      'a prototype key in escapes',
      frame({}).replace('"reason"', '"\\u005f_proto__":1,"reason"'),
      'forbidden-key',
      /__proto__/,
    ],
    ['a prototype key inside a list', frame({ body: { list: [{ prototype: 1 }] } }), 'forbidden-key', /prototype/],
    ['17 levels', deep(17), 'too-deep', /16/],
    ['100,000 levels of lists', deep(100_000), 'too-deep', /16/],
    ['100,000 levels of objects', `${'{"a":'.repeat(80_000)}1${'}'.repeat(80_000)}`, 'too-deep', /16/],
    ['100,000 levels never closed', '['.repeat(100_000), 'not-json', /not JSON/],
    [
      'more than its type allows',
      frame({ body: { ...closing, reason: 'x'.repeat(1000) } }),
      'too-large',
      /stream-close of \d+ bytes; its limit is 1024/,
    ],
    ['more than any agent may send', new Uint8Array(940_001), 'too-large', /940001 bytes; the largest is 940000/],
  ];
  test.each(table)('%s', (_, sent, problem, words) => {
    const result = decode(typeof sent === 'string' ? bytes(sent) : sent, 'agent');
    expect(result).toMatchObject({ ok: false, problem, words: expect.stringMatching(words) });
  });

  test('the size limit counts bytes, not characters', () => {
    const text = frame({ body: { stream: 's', reason: '€'.repeat(200) } });
    expect(decode(bytes(text), 'agent')).toMatchObject({ ok: true });
    const wide = frame({ body: { stream: 's', reason: '€'.repeat(400) } });
    expect(wide.length).toBeLessThan(1024);
    expect(decode(bytes(wide), 'agent')).toMatchObject({ problem: 'too-large' });
  });

  test('what the other side sent is quoted in at most 500 characters', () => {
    const long = { ['k'.repeat(900)]: 1 };
    const result = decode(
      bytes(frame({ type: 'hello', body: { sections: long, os: long, hardware: long, spool: {} } })),
      'agent',
    );
    expect(result).toMatchObject({ ok: false, problem: 'bad-body' });
    expect(result.ok ? '' : result.words).toHaveLength(500);
  });

  test('a problem with one message names its id for the reply', () => {
    expect(decode(bytes(frame({ type: 'camera-on', id: 'm-7' })), 'agent')).toMatchObject({ about: 'm-7' });
    expect(decode(bytes('1'), 'agent')).not.toHaveProperty('about');
  });
});

describe('a report with one bad record is refused whole', () => {
  const event = { kind: 'event', at: 1, code: 'drift', detail: '' };
  const table: [string, object[]][] = [
    ['none', []],
    ['too many', Array.from({ length: 201 }, () => event)],
    ['a kind nobody knows', [event, { kind: 'keystrokes', at: 1 }]],
    ['a collector nobody knows', [{ kind: 'health', at: 1, collector: 'camera', value: {} }]],
    ['the value of another collector', [{ kind: 'health', at: 1, collector: 'load', value: { present: true } }]],
    [
      'more than all of the memory',
      [{ kind: 'health', at: 1, collector: 'load', value: { cpuPercent: 1, memoryUsedPercent: 101 } }],
    ],
    ['a time before 1970', [{ ...event, at: -1 }]],
    ['a time after 2100', [{ ...event, at: 1e300 }]],
    [
      'a start after 2100',
      [{ kind: 'health', at: 1, collector: 'os', value: { name: 'x', version: '1', bootedAt: 1e300 } }],
    ],
    ['a code with blanks', [{ ...event, code: 'Drift <b>' }]],
    ['a finding neither open nor closed', [{ ...event, kind: 'finding' }]],
    [
      'a status nobody knows',
      [{ kind: 'reported', at: 1, section: 'browser', generation: 1, status: 'great', evidence: [] }],
    ],
  ];
  test.each(table)('%s', (_, records) => {
    const text = frame({ type: 'report', body: { epoch: 'e', sequence: 1, records } });
    expect(decode(bytes(text), 'agent')).toMatchObject({ ok: false, problem: 'bad-body' });
  });
});

describe('writing', () => {
  test('a body over its limit is a bug of the caller', () => {
    expect(() => encode('section', 'm', { hash: 'a'.repeat(64), content: 'x'.repeat(2_100_000) })).toThrow(RangeError);
    expect(() => encode('section', 'm', { hash: 'a'.repeat(64), content: '€'.repeat(800_000) })).toThrow(RangeError);
  });

  test('every limit leaves room for the smallest frame and none is above 2 MiB', () => {
    for (const { limit } of Object.values(messages)) {
      expect(limit).toBeGreaterThanOrEqual(1024);
      expect(limit).toBeLessThanOrEqual(2_097_152);
    }
  });
});
