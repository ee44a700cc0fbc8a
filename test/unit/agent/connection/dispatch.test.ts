import { describe, expect, it } from 'vitest';
import { dispatch, type Handlers } from '../../../../agent/connection/dispatch.ts';
import type { Session } from '../../../../agent/connection/session.ts';
import { encode } from '../../../../shared/protocol/codec.ts';
import { closeCodes } from '../../../../shared/protocol/messages.ts';
import { FakeLog } from '../../../fakes/log.ts';

const sent: unknown[] = [];
/** How many more messages it may not know. */
let unknown = 1;
const session = {
  send: (type: string, body: unknown) => sent.push([type, body]),
  mayBeUnknown: () => unknown-- > 0,
} as unknown as Session;
const called: string[] = [];
const note = (name: string) => () => void called.push(name);
const handlers: Handlers = {
  welcome: note('welcome'),
  trust: note('trust'),
  desired: note('desired'),
  section: note('section'),
  verdict: note('verdict'),
  tickets: note('tickets'),
  recordReads: note('recordReads'),
  ack: note('ack'),
  command: note('command'),
  diagnosisOpen: note('diagnosisOpen'),
  diagnosisClose: note('diagnosisClose'),
  examine: note('examine'),
  bundleAsk: note('bundleAsk'),
  streamOpen: note('streamOpen'),
  streamClose: note('streamClose'),
  restarting: note('restarting'),
};
const hear = (frame: string | Buffer, chosen = handlers) => {
  called.length = 0;
  sent.length = 0;
  return dispatch(Buffer.from(frame), session, chosen, new FakeLog());
};
const frame = (type: string, body: unknown) => JSON.stringify({ v: 1, type, id: 's1', body });

describe('a frame of the server', () => {
  it.each<[keyof Handlers, string]>([
    ['welcome', encode('welcome', 's1', { deviceId: 'd', serverTime: 1, heartbeatSeconds: 30, acknowledged: 0 })],
    ['trust', encode('trust', 's1', { statements: [{ statement: '{}', signature: `${'A'.repeat(86)}==` }] })],
    ['section', encode('section', 's1', { hash: 'a'.repeat(64), content: '{}' })],
    ['verdict', encode('verdict', 's1', { at: 1, state: 'unknown', checks: [], step: 'none', obligations: [] })],
    ['recordReads', encode('record-reads', 's1', { at: 1, reads: [] })],
    ['ack', encode('ack', 's1', { epoch: 'e', sequence: 1 })],
    ['diagnosisClose', encode('diagnosis-close', 's1', { id: 'd', reason: 'done' })],
    ['examine', encode('examine', 's1', { id: 'd' })],
    ['bundleAsk', encode('bundle-ask', 's1', { id: 'd' })],
    ['streamOpen', encode('stream-open', 's1', { stream: 's', kind: 'live', intervalMs: 1000 })],
    ['streamClose', encode('stream-close', 's1', { stream: 's', reason: '' })],
    ['restarting', encode('restarting', 's1', { spreadSeconds: 60 })],
  ])('goes to the handler of %s', (name, bytes) => {
    expect(hear(bytes)).toEqual({ ok: true });
    expect(called).toEqual([name]);
  });

  it('of an unknown type is answered with a typed error, and the connection stays', () => {
    expect(hear(frame('dance', {}))).toEqual({ ok: true });
    expect(sent).toEqual([['error', expect.objectContaining({ code: 'unknown-type', about: 's1' })]]);
  });

  it('of an unknown type is one too many when there was nothing else for long', () => {
    unknown = 0;
    expect(hear(frame('dance', {}))).toMatchObject({ ok: false, closeWith: closeCodes.badFrame });
    expect(sent).toEqual([]);
  });

  it('that says more than this agent knows goes to its handler', () => {
    expect(hear(frame('ack', { epoch: 'e', sequence: 1, more: 1 }))).toEqual({ ok: true });
    expect(called).toEqual(['ack']);
  });

  it.each<[string, string | Buffer, number]>([
    ['is no JSON', 'hello', closeCodes.badFrame],
    ['is not UTF-8', Buffer.from([0xff, 0xfe]), closeCodes.badFrame],
    ['is of another version', frame('ack', {}).replace('"v":1', '"v":9'), closeCodes.badFrame],
    ['only an agent may send', frame('hello', {}), closeCodes.badFrame],
    ['lacks a field', frame('ack', { epoch: 'e' }), closeCodes.badFrame],
    ['is too large for its type', frame('ack', { epoch: 'e'.repeat(2000), sequence: 1 }), closeCodes.tooLarge],
  ])('that %s ends the connection and reaches no handler', (_name, bytes, closeWith) => {
    expect(hear(bytes)).toMatchObject({ ok: false, closeWith });
    expect(called).toEqual([]);
  });

  it('whose handling fails ends the connection, not the agent', () => {
    const failing = {
      ...handlers,
      ack: () => {
        throw new Error('disk full');
      },
    };
    expect(hear(encode('ack', 's1', { epoch: 'e', sequence: 1 }), failing)).toMatchObject({ closeWith: 1011 });
  });
});
