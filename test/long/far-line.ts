import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readlinkSync } from 'node:fs';
import { Dice } from '../../server/demo/dice.ts';
import { run } from './own-network.ts';

export const nearAddress = '198.18.0.1';
const farAddress = '198.18.0.2';
/** Of this process and of the other host beneath the line: VXLAN does not go through what is local. */
const [carrier, carried] = ['198.19.0.1', '198.19.0.2'];
const macs = { near: '02:00:00:00:00:01', far: '02:00:00:00:00:02' };

export interface Quality {
  /** Each way. */
  latencyMs?: number;
  /** Of packets, each way: from 0 to 1. */
  loss?: number;
  /** Each way. */
  bytesPerSecond?: number;
}

/** What waits at a slow line before packets are dropped, as at a router of a home. */
const queueBytes = 32_768;
/** VXLAN (RFC 7348 section 5), Ethernet. */
const ipAt = 8 + 14;

/** Why no such line can be made here; undefined when one can. */
export function whyNoLine(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux';
  for (const program of ['/usr/bin/unshare', '/usr/bin/nsenter', '/usr/sbin/ip', '/usr/sbin/bridge'])
    if (!existsSync(program)) return `needs ${program}`;
  try {
    execFileSync(
      '/usr/bin/unshare',
      ['-n', '/usr/sbin/ip', 'link', 'add', 'try', 'type', 'vxlan', 'id', '1', 'dstport', '1'],
      {
        stdio: 'pipe',
      },
    );
    return undefined;
  } catch (error) {
    return `needs network namespaces and VXLAN: ${(error as Error).message.split('\n').at(-2)}`;
  }
}

/**
 * A line to another host, which is a network namespace of its own. Packets travel as VXLAN through this process, which loses,
 * delays and slows them: by a seed, and on kernels without `netem`. To be made in a namespace that belongs to the caller
 * alone; both go with their processes.
 */
export class FarLine {
  readonly #host: ChildProcess;
  readonly #ways: Socket[] = [];
  readonly #dice: Dice;
  #isClosed = false;
  quality: Quality = {};
  /** Packets that were carried, and that were lost. */
  readonly packets = { carried: 0, lost: 0 };

  private constructor(host: ChildProcess, seed: number) {
    this.#host = host;
    this.#dice = new Dice(seed);
  }

  static async open(seed: number): Promise<FarLine> {
    const own = readlinkSync('/proc/self/ns/net');
    // It ends with its input, and so with this process, however that ends.
    const host = spawn('/usr/bin/unshare', ['-n', '/bin/cat'], { stdio: ['pipe', 'ignore', 'inherit'] });
    while (readlinkSync(`/proc/${host.pid}/ns/net`) === own) await new Promise((resolve) => setTimeout(resolve, 10));
    const line = new FarLine(host, seed);
    await line.#carry(4_800, 4_802);
    await line.#carry(4_803, 4_801);
    await run('/usr/sbin/ip link set lo up');
    await run(`/usr/sbin/ip link add under type veth peer name under netns ${host.pid}`);
    await address('', 'under', carrier);
    await address(line.#inside, 'under', carried);
    for (const [name, port] of [
      ['near', 4_801],
      ['far', 4_802],
    ] as const)
      await run(
        `${line.#inside}/usr/sbin/ip link add ${name} address ${macs[name]} mtu 1400 gso_max_segs 1 type vxlan id 7 local ${carried} dstport ${port} nolearning`,
      );
    // What it is carried by stays where it was made.
    await run(`${line.#inside}/usr/sbin/ip link set near netns ${process.pid}`);
    await join('', 'near', nearAddress, 4_800, [farAddress, macs.far]);
    await join(line.#inside, 'far', farAddress, 4_803, [nearAddress, macs.near]);
    return line;
  }

  /** Runs a script of this repository at the far end. */
  start(script: string, ...args: string[]): ChildProcess {
    const [program = '', ...more] = this.#inside.trim().split(' ');
    return spawn(program, [...more, process.execPath, script, ...args], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const way of this.#ways) way.close();
    const ended = once(this.#host, 'exit');
    this.#host.kill('SIGKILL');
    await ended;
  }

  get #inside(): string {
    return `/usr/bin/nsenter -t ${this.#host.pid} -n `;
  }

  /** One way: what comes to a port goes to the other, or is lost. */
  async #carry(from: number, to: number): Promise<void> {
    const way = createSocket('udp4');
    let freeAt = 0;
    way.on('message', (packet) => {
      const { latencyMs = 0, loss = 0, bytesPerSecond = Number.POSITIVE_INFINITY } = this.quality;
      const now = performance.now();
      const waiting = Math.max(0, freeAt - now);
      if (this.#dice.unit() < loss || (waiting / 1_000) * bytesPerSecond > queueBytes) {
        this.packets.lost += 1;
        return;
      }
      this.packets.carried += 1;
      freeAt = now + waiting + (packet.length / bytesPerSecond) * 1_000;
      sumTcp(packet);
      setTimeout(() => this.#isClosed || way.send(packet, to, carried, () => undefined), freeAt + latencyMs - now);
    });
    this.#ways.push(way);
    await once(way.bind(from), 'listening');
  }
}

/** A fixed peer: on such a line the question for its address would be answered too late. */
async function join(
  inside: string,
  name: string,
  own: string,
  way: number,
  [peer, mac]: [string, string],
): Promise<void> {
  await run(`${inside}/usr/sbin/ip link set lo up`);
  await address(inside, name, own);
  await run(`${inside}/usr/sbin/bridge fdb append 00:00:00:00:00:00 dev ${name} dst ${carrier} port ${way}`);
  await run(`${inside}/usr/sbin/ip neigh replace ${peer} lladdr ${mac} dev ${name} nud permanent`);
}

async function address(inside: string, name: string, own: string): Promise<void> {
  await run(`${inside}/usr/sbin/ip address add ${own}/24 dev ${name}`);
  await run(`${inside}/usr/sbin/ip link set ${name} up`);
}

/** Fills in the checksum of TCP (RFC 9293 section 3.1), which a virtual device leaves to the hardware it does not have. */
function sumTcp(packet: Buffer): void {
  if (packet.length < ipAt + 40 || packet.readUInt8(ipAt + 9) !== 6) return;
  const tcpAt = ipAt + (packet.readUInt8(ipAt) & 0xf) * 4;
  const end = ipAt + packet.readUInt16BE(ipAt + 2);
  packet.writeUInt16BE(0, tcpAt + 16);
  let sum = 6 + (end - tcpAt);
  for (let at = ipAt + 12; at < ipAt + 20; at += 2) sum += packet.readUInt16BE(at);
  for (let at = tcpAt; at < end; at += 2) sum += at + 1 < end ? packet.readUInt16BE(at) : packet.readUInt8(at) << 8;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  packet.writeUInt16BE(~sum & 0xffff, tcpAt + 16);
}
