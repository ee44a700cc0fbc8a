import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../shared/protocol/codec.ts';
import { healthSchemas, observationSchemas } from '../../../shared/protocol/health.ts';
import { type Message, messages, sectionStatuses } from '../../../shared/protocol/messages.ts';
import { protocolVersion } from '../../../shared/protocol/version.ts';
import { goldenFrames } from '../../fakes/golden-frames.ts';

const frames = goldenFrames(messages);
const bytes = (text: string) => new TextEncoder().encode(text);

function decoded(text: string, sender: 'agent' | 'server'): Message {
  const result = decode(bytes(text), sender);
  if (!result.ok) throw new Error(`${result.problem}: ${result.words}`);
  return result.message;
}

describe('golden frames of released versions', () => {
  test.each(frames)('$file is understood and written again byte for byte', ({ text, sender, version }) => {
    const message = decoded(text, sender);
    expect(message.v).toBe(version);
    expect(encode(message.type, message.id, message.body)).toBe(text);
  });

  test('every sender that may send a message is understood', () => {
    for (const { text, sender } of frames)
      for (const other of messages[decoded(text, sender).type].from) expect(decoded(text, other)).toBeDefined();
  });
});

describe(`version ${protocolVersion} is covered whole; add test/golden/protocol/v${protocolVersion}/NAME.json for a gap`, () => {
  const latest = frames
    .filter(({ version }) => version === protocolVersion)
    .map(({ text, sender }) => decoded(text, sender));
  const records = latest.flatMap((message) => (message.type === 'report' ? message.body.records : []));
  const seen = new Set([
    ...latest.map(({ type }) => `message ${type}`),
    ...records.map((record) => {
      if (record.kind === 'health') return `health ${record.collector}`;
      if (record.kind === 'observation') return `observation ${record.name}`;
      return record.kind === 'reported' ? `status ${record.status}` : `record ${record.kind}`;
    }),
    ...records.flatMap((record) => (record.kind === 'activity' ? [`activity ${record.level}`] : [])),
    ...latest.flatMap(({ type, body }) => ('seenFrom' in body ? [`${type} with seenFrom`] : [])),
  ]);
  test.each([
    ...Object.keys(messages).map((type) => `message ${type}`),
    ...Object.keys(healthSchemas).map((name) => `health ${name}`),
    ...Object.keys(observationSchemas).map((name) => `observation ${name}`),
    ...sectionStatuses.map((status) => `status ${status}`),
    'record finding',
    'record event',
    'record unblock-request',
    'record help-request',
    'record activity',
    'record command-result',
    'activity full',
    'activity blocked',
    'activity counts',
    'welcome with seenFrom',
  ])('%s has a golden frame', (what) => {
    expect(seen).toContain(what);
  });
});
