import Type from 'typebox';
import { strictObject, type Validator, validator } from '../schema.ts';
import { knownFields } from './known-fields.ts';
import { type Body, type Message, type MessageType, messages } from './messages.ts';
import { isSpoken, protocolVersion } from './version.ts';

/** Why a frame was refused. All but `unknown-type` close the connection. */
export type FrameProblem =
  | 'too-large'
  | 'not-utf8'
  | 'not-json'
  | 'too-deep'
  | 'forbidden-key'
  | 'bad-envelope'
  | 'wrong-version'
  | 'unknown-type'
  | 'wrong-direction'
  | 'bad-body';

export type Decoded =
  | { ok: true; message: Message }
  | { ok: false; problem: FrameProblem; words: string; about?: string };

type Sender = 'agent' | 'server';

const maxDepth = 16;
const maxWords = 500;
/** The largest frame each side may send at all; a larger one is refused before it is read. */
const maxFrame = { agent: largestFrom('agent'), server: largestFrom('server') } as const;
const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);

const envelope = validator(
  strictObject({
    v: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    type: Type.String({ pattern: '^[a-z][a-z-]{0,39}$' }),
    id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }),
    body: Type.Record(Type.String(), Type.Unknown()),
  }),
);
const bodies = Object.fromEntries(
  Object.entries(messages).map(([type, message]) => [type, validator(message.body) as Validator<unknown>]),
) as Record<MessageType, Validator<unknown>>;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The only reader of frames. Never throws: what the other side sends is hostile. `from` is who sent it. What a body says
 * beyond its schema is left out: the other side may be newer.
 */
export function decode(bytes: Uint8Array, from: Sender): Decoded {
  if (bytes.length > maxFrame[from])
    return refuse('too-large', `a frame of ${bytes.length} bytes; the largest is ${maxFrame[from]}`);
  const parsed = parse(bytes);
  if (!parsed.ok) return parsed;
  const shape = inspect(parsed.value, 0);
  if (shape) return shape;
  if (!envelope.check(parsed.value)) return refuse('bad-envelope', envelope.problems(parsed.value).join('; '));
  const { v, type, id, body } = parsed.value;
  if (!isSpoken(v)) return refuse('wrong-version', `protocol version ${v}; this side speaks ${protocolVersion}`, id);
  if (!Object.hasOwn(messages, type)) return refuse('unknown-type', `no message type ${type}`, id);
  const known = type as MessageType;
  const { limit, from: senders } = messages[known];
  if (!(senders as readonly Sender[]).includes(from))
    return refuse('wrong-direction', `${type} does not come from the ${from}`, id);
  if (bytes.length > limit) return refuse('too-large', `${type} of ${bytes.length} bytes; its limit is ${limit}`, id);
  if (bodies[known].check(body)) return { ok: true, message: parsed.value as Message };
  const understood = knownFields(messages[known].body, body);
  if (bodies[known].check(understood)) return { ok: true, message: { v, type, id, body: understood } as Message };
  return refuse('bad-body', `${type}: ${bodies[known].problems(understood).join('; ')}`, id);
}

/** The only writer of frames. Throws when the body is larger than its limit: that is a bug of the caller. */
export function encode<T extends MessageType>(type: T, id: string, body: Body<T>): string {
  const frame = JSON.stringify({ v: protocolVersion, type, id, body });
  const { limit } = messages[type];
  if (frame.length > limit || Buffer.byteLength(frame) > limit)
    throw new RangeError(`${type} is larger than ${limit} bytes`);
  return frame;
}

function parse(bytes: Uint8Array): { ok: true; value: unknown } | Extract<Decoded, { ok: false }> {
  let words: string;
  try {
    words = utf8.decode(bytes);
  } catch {
    return refuse('not-utf8', 'the frame is not UTF-8');
  }
  try {
    return { ok: true, value: JSON.parse(words) };
  } catch {
    return refuse('not-json', 'the frame is not JSON');
  }
}

/** Refuses deep nesting and keys that could reach a prototype, anywhere in the frame. */
function inspect(value: unknown, depth: number): Extract<Decoded, { ok: false }> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= maxDepth) return refuse('too-deep', `more than ${maxDepth} levels`);
  for (const [key, item] of Object.entries(value)) {
    if (forbiddenKeys.has(key)) return refuse('forbidden-key', `a key named ${key}`);
    const problem = inspect(item, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

function largestFrom(sender: Sender): number {
  const sent = Object.values(messages).filter(({ from }) => (from as readonly Sender[]).includes(sender));
  return Math.max(...sent.map(({ limit }) => limit));
}

/** Words may quote the frame: they are cut, so that a hostile frame fills neither the log nor the reply. */
function refuse(problem: FrameProblem, words: string, about?: string): Extract<Decoded, { ok: false }> {
  return { ok: false, problem, words: words.slice(0, maxWords), ...(about === undefined ? {} : { about }) };
}
