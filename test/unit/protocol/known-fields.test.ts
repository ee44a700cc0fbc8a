import { describe, expect, it } from 'vitest';
import { decode } from '../../../shared/protocol/codec.ts';
import { messages } from '../../../shared/protocol/messages.ts';
import { chooseSubprotocol } from '../../../shared/protocol/version.ts';
import { goldenFrames } from '../../fakes/golden-frames.ts';

type Tree = { [name: string]: unknown };

/** The value with one more field in each of its objects, but where names are free. */
function withMore(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withMore(item));
  if (typeof value !== 'object' || value === null) return value;
  const more = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withMore(item, key)]));
  return name === 'sections' ? more : { ...more, sinceVersionTwo: { deviceId: 'another' } };
}

describe('a frame of a newer sender', () => {
  it.each(goldenFrames(messages))('$file says more than this reader knows, and is understood as before', (golden) => {
    const frame = JSON.parse(golden.text) as Tree;
    const newer = { ...frame, body: withMore(frame.body) };
    expect(decode(Buffer.from(JSON.stringify(newer)), golden.sender)).toEqual({ ok: true, message: frame });
  });

  it.each<[string, Tree]>([
    ['lacks what it must say', { hashes: undefined }],
    ['says it otherwise', { hashes: 'all' }],
  ])('that %s is refused all the same', (_, body) => {
    const frame = { v: 1, type: 'want', id: 'm1', body: { ...body, sinceVersionTwo: 1 } };
    const decoded = decode(Buffer.from(JSON.stringify(frame)), 'agent');
    expect(decoded).toMatchObject({ ok: false, problem: 'bad-body', about: 'm1' });
  });

  it.each<[string, Tree, string]>([
    ['of a version nobody speaks', { v: 2, type: 'want', id: 'm1', body: {} }, 'wrong-version'],
    ['with more in its envelope', { v: 1, type: 'want', id: 'm1', body: {}, more: 1 }, 'bad-envelope'],
  ])('%s is refused', (_, frame, problem) => {
    expect(decode(Buffer.from(JSON.stringify(frame)), 'agent')).toMatchObject({ ok: false, problem });
  });
});

describe('the version of a session', () => {
  it.each<[string, string[], string | undefined]>([
    ['is the one that is offered', ['rollcall.1'], 'rollcall.1'],
    ['is the newest that both speak', ['rollcall.2', 'rollcall.1'], 'rollcall.1'],
    ['is nothing where there is none', ['rollcall.2'], undefined],
    ['is nothing where none is offered', [], undefined],
  ])('%s', (_, offered, chosen) => {
    expect(chooseSubprotocol(new Set(offered))).toBe(chosen);
  });
});
