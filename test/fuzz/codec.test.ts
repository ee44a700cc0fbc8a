import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Decoded, decode, encode } from '../../shared/protocol/codec.ts';
import { type MessageType, messages } from '../../shared/protocol/messages.ts';
import { goldenFrames } from '../fakes/golden-frames.ts';

const frames = goldenFrames(messages);
const problems = new Set([
  'too-large',
  'not-utf8',
  'not-json',
  'too-deep',
  'forbidden-key',
  'bad-envelope',
  'wrong-version',
  'unknown-type',
  'wrong-direction',
  'bad-body',
]);
const bytes = (text: string) => new TextEncoder().encode(text);
const anyFrame = fc.constantFrom(...frames);
const anySender = fc.constantFrom('agent' as const, 'server' as const);
const runs = { numRuns: 500 };

/** Whatever arrives: a valid message that survives another round, or a coded problem; and no prototype is touched. */
function holds(sent: Uint8Array, sender: 'agent' | 'server'): Decoded {
  const before = prototypeKeys();
  const result = decode(sent, sender);
  expect(prototypeKeys()).toEqual(before);
  if (result.ok) {
    const { type, id, body } = result.message;
    const again = decode(bytes(encode(type as MessageType, id, body)), sender);
    expect(again).toEqual(result);
  } else {
    expect(problems).toContain(result.problem);
    expect(result.words.length).toBeGreaterThan(0);
    expect(result.words.length).toBeLessThanOrEqual(500);
  }
  return result;
}

function prototypeKeys(): string[] {
  return [Object.prototype, Array.prototype, String.prototype, Function.prototype].map((prototype) =>
    Object.getOwnPropertyNames(prototype).join(),
  );
}

describe('the codec holds against anything', () => {
  test('random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), anySender, (sent, sender) => void holds(sent, sender)),
      runs,
    );
  });

  test('random JSON', () => {
    fc.assert(
      fc.property(fc.json(), anySender, (sent, sender) => void holds(bytes(sent), sender)),
      runs,
    );
  });

  test('envelopes with random types and bodies', () => {
    const envelope = fc.record({
      v: fc.oneof(fc.constant(1), fc.anything()),
      type: fc.oneof(fc.constantFrom(...Object.keys(messages)), fc.string()),
      id: fc.oneof(fc.constant('m'), fc.string()),
      body: fc.dictionary(fc.string(), fc.jsonValue()),
    });
    fc.assert(
      fc.property(envelope, anySender, (sent, sender) => void holds(bytes(JSON.stringify(sent, plain)), sender)),
      runs,
    );
  });

  test('golden frames with bytes changed, dropped, repeated or inserted', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(anyFrame, edits, ({ text, sender }, changes) => {
        let sent = [...bytes(text)];
        for (const [place, kind, value] of changes) sent = edited(sent, place % sent.length, kind, value);
        holds(Uint8Array.from(sent), sender);
      }),
      { numRuns: 2000 },
    );
  });

  test('golden frames cut anywhere are never a message', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), ({ text, sender }, place) => {
        const whole = bytes(text);
        expect(holds(whole.slice(0, place % whole.length), sender).ok).toBe(false);
      }),
      runs,
    );
  });

  test('golden frames with one value replaced by any other', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), fc.jsonValue({ maxDepth: 4 }), ({ text, sender }, place, value) => {
        holds(bytes(JSON.stringify(replaced(JSON.parse(text), place, value))), sender);
      }),
      { numRuns: 2000 },
    );
  });

  test('golden frames with a key of a prototype anywhere are refused for it', () => {
    const key = fc.constantFrom('__proto__', 'constructor', 'prototype');
    fc.assert(
      fc.property(anyFrame, fc.nat(), key, ({ text, sender }, place, name) => {
        const openings = [...text.matchAll(/\{(?=")/g)]
          .map(({ index }) => index + 1)
          .filter((at) => text[at - 2] !== '"');
        const at = openings[place % openings.length] ?? 1;
        const sent = `${text.slice(0, at)}"${name}":{"polluted":true},${text.slice(at)}`;
        expect(holds(bytes(sent), sender)).toMatchObject({ ok: false, problem: 'forbidden-key' });
        expect(({} as Record<string, unknown>).polluted).toBeUndefined();
      }),
      runs,
    );
  });

  test('golden frames from the side that may not send them are refused', () => {
    for (const { text, sender } of frames) {
      const other = sender === 'agent' ? 'server' : 'agent';
      const type = (JSON.parse(text) as { type: MessageType }).type;
      const mayBoth = messages[type].from.length === 2;
      expect(holds(bytes(text), other).ok).toBe(mayBoth);
    }
  });

  test('golden frames padded with blanks over their limit are refused', () => {
    for (const { text, sender } of frames) {
      const { limit } = messages[(JSON.parse(text) as { type: MessageType }).type];
      const padded = (length: number) => bytes(text + ' '.repeat(length - bytes(text).length));
      expect(holds(padded(limit), sender).ok).toBe(true);
      expect(holds(padded(limit + 1), sender)).toMatchObject({ problem: 'too-large' });
    }
  });

  test.each([17, 1_000, 100_000, 260_000])('%d levels do not overflow', (levels) => {
    const lists = `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(holds(bytes(lists), 'server')).toMatchObject({ ok: false, problem: 'too-deep' });
    expect(holds(bytes('{"a":'.repeat(levels)), 'server').ok).toBe(false);
  });
});

function edited(bytes: readonly number[], place: number, kind: number, value: number): number[] {
  const [head, tail] = [bytes.slice(0, place), bytes.slice(place)];
  if (kind === 0) return [...head, value, ...tail.slice(1)];
  if (kind === 1) return bytes.length > 1 ? [...head, ...tail.slice(1)] : [...bytes];
  return kind === 2 ? [...head, ...tail.slice(0, 8), ...tail] : [...head, value, ...tail];
}

/** The tree with its n-th value replaced. */
function replaced(tree: unknown, n: number, value: unknown): unknown {
  const size = count(tree);
  let left = n % size;
  const visit = (node: unknown): unknown => {
    if (left-- === 0) return value;
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, visit(item)]));
  };
  return visit(tree);
}

function count(node: unknown): number {
  if (typeof node !== 'object' || node === null) return 1;
  return 1 + Object.values(node).reduce((sum: number, item) => sum + count(item), 0);
}

/** JSON has no big integers. */
function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
