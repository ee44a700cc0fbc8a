import packet from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { CaptiveUpstream } from '../../../../agent/filter/captive.ts';
import {
  type Question,
  type Upstream,
  UpstreamError,
  type Waiter,
} from '../../../../agent/filter/upstream/upstream.ts';
import { FakeClock } from '../../../fakes/clock.ts';

/** An upstream whose answers are given by hand. */
class HandUpstream implements Upstream {
  readonly words = 'by hand';
  readonly asked: { question: Question; waiter: Waiter }[] = [];
  closed = false;

  ask(question: Question, waiter: Waiter): void {
    this.asked.push({ question, waiter });
  }

  close(): void {
    this.closed = true;
  }

  answer(address: string, ttl = 300, flags = 0): void {
    const answers = [{ type: 'A' as const, name: 'captive.apple.com', ttl, data: address }];
    const bytes = packet.encode({
      type: 'response',
      id: 1,
      flags,
      questions: [asked],
      answers: flags === 0 ? answers : [],
    });
    this.asked.at(-1)?.waiter.answered(bytes);
  }

  fail(): void {
    this.asked.at(-1)?.waiter.failed(new UpstreamError('unreachable', 'nobody there'));
  }
}

const asked = { type: 'A' as const, name: 'captive.apple.com' };
const servfail = 2;

function start() {
  const clock = new FakeClock();
  const upstream = new HandUpstream();
  const network = new HandUpstream();
  const told: string[] = [];
  const bytes = packet.encode({ type: 'query', id: 7, questions: [asked] });
  const question = { packet: bytes, id: 7, end: bytes.length, stream: false };
  new CaptiveUpstream(upstream, network, clock).ask(question, {
    answered: (answer) => {
      const { answers = [], flags = 0 } = packet.decode(answer);
      told.push(
        [...answers.map((record) => ('ttl' in record ? `${record.data} for ${record.ttl}` : '')), flags & 15].join(' '),
      );
    },
    failed: (error) => told.push(error instanceof UpstreamError ? error.message : 'bug'),
  });
  return { clock, upstream, network, told, question };
}

describe('captive-portal checks', () => {
  it('are answered by the upstream, for a few seconds', () => {
    const { clock, upstream, network, told } = start();
    upstream.answer('192.0.2.1');
    clock.advance(10_000);
    expect(told).toEqual(['192.0.2.1 for 5 0']);
    expect(network.asked).toEqual([]);
  });
  it('keep a lifetime that is shorter', () => {
    const { upstream, told } = start();
    upstream.answer('192.0.2.1', 3);
    expect(told).toEqual(['192.0.2.1 for 3 0']);
  });
  it('go to the network at once when the upstream fails', () => {
    const { upstream, network, told } = start();
    upstream.fail();
    network.answer('10.0.0.1');
    expect(told).toEqual(['10.0.0.1 for 5 0']);
  });
  it('go to the network when the upstream cannot help', () => {
    const { upstream, network, told } = start();
    upstream.answer('', 0, servfail);
    network.answer('10.0.0.1');
    expect(told).toEqual(['10.0.0.1 for 5 0']);
  });
  it('go to the network as well when the upstream is silent for a second, and take the first answer', () => {
    const { clock, upstream, network, told } = start();
    clock.advance(999);
    expect(network.asked).toHaveLength(0);
    clock.advance(1);
    expect(network.asked).toHaveLength(1);
    upstream.answer('192.0.2.1');
    network.answer('10.0.0.1');
    expect(told).toEqual(['192.0.2.1 for 5 0']);
  });
  it('are asked of the network in a packet of its own, because each upstream writes its id there', () => {
    const { upstream, network, question } = start();
    upstream.fail();
    expect(network.asked[0]?.question.packet.equals(question.packet)).toBe(true);
    expect(network.asked[0]?.question.packet.buffer).not.toBe(question.packet.buffer);
  });
  it('wait for the upstream when only the network has failed', () => {
    const { clock, upstream, network, told } = start();
    clock.advance(1000);
    network.fail();
    expect(told).toEqual([]);
    upstream.answer('192.0.2.1');
    expect(told).toEqual(['192.0.2.1 for 5 0']);
  });
  it('fail once when both do', () => {
    const { clock, upstream, network, told } = start();
    upstream.fail();
    network.fail();
    clock.advance(10_000);
    expect(told).toEqual(['nobody there']);
  });
  it('close neither', () => {
    const upstream = new HandUpstream();
    new CaptiveUpstream(upstream, upstream, new FakeClock()).close();
    expect(upstream.closed).toBe(false);
  });
});
