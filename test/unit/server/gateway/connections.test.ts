import { EventEmitter } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AgentSocket } from '../../../../server/gateway/agent-socket.ts';
import type { Connection, ConnectionListener } from '../../../../server/gateway/connection.ts';
import { Connections } from '../../../../server/gateway/connections.ts';
import type { Identity } from '../../../../server/store/certificates.ts';
import { closeCodes } from '../../../../shared/protocol/messages.ts';
import { FakeClock } from '../../../fakes/clock.ts';

class FakeSocket extends EventEmitter implements AgentSocket {
  bufferedAmount = 0;
  readonly calls: string[] = [];

  send(_frame: string | Buffer, _options: { binary: false }, done?: () => void): void {
    this.calls.push('send');
    done?.();
  }
  close(code: number, reason: string): void {
    this.calls.push(`close ${code} ${reason}`);
  }
  terminate(): void {
    this.calls.push('terminate');
    this.emit('close');
  }
  pause(): void {
    this.calls.push('pause');
  }
  resume(): void {
    this.calls.push('resume');
  }
}

/** Writes down what its connection says. */
class Scribe implements ConnectionListener {
  readonly said: string[] = [];

  onFrame(frame: Buffer): void {
    this.said.push(frame.toString());
  }
  onOffence(offence: string): void {
    this.said.push(`offence ${offence}`);
  }
  onClose(): void {
    this.said.push('closed');
  }
}

let clock: FakeClock;
let connections: Connections<Scribe>;
let heard: Scribe[][];
let owner: {
  isFull: boolean;
  mayGoOn?: boolean;
  open: (connection: Connection) => Scribe;
  heard: (scribes: readonly Scribe[]) => void;
};

beforeEach(async () => {
  clock = new FakeClock();
  heard = [];
  owner = { isFull: false, open: () => new Scribe(), heard: (scribes) => heard.push([...scribes]) };
  connections = new Connections({ owner, clock, heartbeatSeconds: 60 });
  await connections.start();
});

function open(deviceId = 'd1') {
  const socket = new FakeSocket();
  const scribe = new Scribe();
  const opened: Connection[] = [];
  owner.open = (connection) => {
    opened.push(connection);
    return scribe;
  };
  connections.open(socket, { deviceId } as Identity, '10.0.0.1');
  return { socket, scribe, opened, say: (words: string) => socket.emit('message', Buffer.from(words), false) };
}

describe('the connections of a process', () => {
  it('are held by one timer, however many there are', () => {
    const before = clock.pending;
    for (let n = 0; n < 50; n++) open(`d${n}`);
    expect(clock.pending).toBe(before);
  });

  it('end when nothing was said in half a minute, or nothing heard for two and a half heartbeats', () => {
    const [mute, talker, silent] = [open('mute'), open('talker'), open('silent')];
    talker.say('hello');
    silent.say('hello');
    clock.advance(38_000);
    expect(mute.socket.calls).toContain(`close ${closeCodes.notAllowed} no hello`);
    expect(mute.socket.calls).toContain('terminate');
    clock.advance(100_000);
    talker.socket.emit('ping');
    clock.advance(60_000);
    expect(talker.socket.calls).toEqual([]);
    expect(silent.socket.calls).toEqual(['terminate']);
    expect(silent.scribe.said).toEqual(['hello', 'closed']);
  });

  it('are told of together once a minute, when they were heard', () => {
    const [talker, silent] = [open('talker'), open('silent')];
    talker.say('hello');
    silent.say('hello');
    clock.advance(61_000);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toHaveLength(0);
    talker.socket.emit('ping');
    clock.advance(60_000);
    expect(heard[1]).toEqual([talker.scribe]);
  });

  it('of one device share what it may say: it gains nothing by connecting again', () => {
    const first = open();
    for (let n = 0; n < 400; n++) first.say('x');
    first.socket.emit('close');
    const second = open();
    for (let n = 0; n < 400; n++) second.say('x');
    expect(second.scribe.said.at(-1)).toBe('offence flooding');
    expect(second.scribe.said.length).toBeLessThan(250);
    const other = open('d2');
    other.say('calm');
    expect(other.scribe.said).toEqual(['calm']);
  });

  it('hear nothing more of one that floods with pings or sends binary frames', () => {
    const [pinging, binary] = [open('d1'), open('d2')];
    for (let n = 0; n < 700; n++) pinging.socket.emit('ping');
    expect(pinging.scribe.said).toEqual(['offence flooding']);
    binary.socket.emit('message', Buffer.from('{}'), true);
    binary.say('more');
    expect(binary.scribe.said).toEqual(['offence binary']);
  });

  it('drop a peer that does not read, and whoever waits for that frame goes on', () => {
    const { socket, opened } = open();
    socket.bufferedAmount = 17_000_000;
    let isDone = false;
    opened[0]?.send('x', () => {
      isDone = true;
    });
    expect(socket.calls).toEqual(['terminate']);
    expect(isDone).toBe(true);
  });

  it('wait only when they speak while there is no room, and are not silent for that', () => {
    const [talker, calm] = [open('talker'), open('calm')];
    calm.say('hello');
    owner.isFull = true;
    talker.say('hello');
    expect([talker.socket.calls, calm.socket.calls]).toEqual([['pause'], []]);
    clock.advance(140_000);
    calm.socket.emit('ping');
    clock.advance(60_000);
    expect(talker.socket.calls).toEqual(['pause']);
    owner.isFull = false;
    connections.resume();
    clock.advance(60_000);
    expect(talker.socket.calls).toEqual(['pause', 'resume']);
  });

  it.each([
    ['there is no room again', { isFull: true }, { isFull: false }],
    ['the owner says that they may not', { mayGoOn: false }, { mayGoOn: true }],
  ])('go on some at a time when many waited, and no further once %s', async (_, not, again) => {
    const sockets = Array.from({ length: 450 }, (_, n) => {
      const { socket, opened } = open(`d${n}`);
      opened[0]?.wait();
      return socket;
    });
    const resumed = () => sockets.filter(({ calls }) => calls.includes('resume')).length;
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    connections.resume();
    expect(resumed()).toBe(200);
    await turn();
    expect(resumed()).toBe(400);
    Object.assign(owner, not);
    await turn();
    await turn();
    expect(resumed()).toBe(400);
    Object.assign(owner, again);
    connections.resume();
    expect(resumed()).toBe(450);
  });

  it('that are being closed do not wait', () => {
    const { socket, opened } = open();
    opened[0]?.close(4_000, 'bye');
    opened[0]?.wait();
    expect(socket.calls).not.toContain('pause');
  });
});
