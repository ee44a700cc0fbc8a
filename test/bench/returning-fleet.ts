import { createHash } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { AgentSession } from '../../server/gateway/agent-session.ts';
import type { RunningServices } from '../../server/main.ts';
import { decode, encode } from '../../shared/protocol/codec.ts';
import type { Body, Manifest, SignedManifest } from '../../shared/protocol/messages.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** A device that has all it should hold, as far as the server's process is concerned. */
class Returning {
  readonly id: string;
  readonly serial: string;
  readonly #said: Omit<Body<'hello'>, 'generation' | 'sections'>;
  #held: Pick<Body<'hello'>, 'generation' | 'sections'> = { generation: 0, sections: {} };
  #frames: string[] = [];
  #session: AgentSession | undefined;

  constructor(row: DeviceRow) {
    this.id = row.id;
    this.serial = serialOf(row.id);
    const hardware = { id: row.hardware_id, serial: row.serial, maker: row.maker, model: row.model };
    this.#said = {
      ...{ agentVersion: row.agent_version, platform: row.platform, hostname: row.name, hardware },
      ...{ os: { name: row.os_name, version: row.os_version }, bootId: 'boot-1', spool: { epoch: 'epoch-1', next: 1 } },
    };
  }

  /** What it was sent since it came, by type. */
  get heard(): string[] {
    return this.#frames;
  }

  get isWelcome(): boolean {
    return this.#frames.includes('welcome');
  }

  async come({ stores, services }: RunningServices): Promise<void> {
    this.#frames = [];
    const identity = await stores.certificates.identify(this.serial);
    if (!identity) throw new Error(`${this.id} has no certificate`);
    const socket = { send: this.#hear, close: this.#end, terminate: this.#end };
    this.#session = services.gateway.open(socket, identity, '10.1.2.3');
    this.#session.onFrame(Buffer.from(encode('hello', 'd1', { ...this.#said, ...this.#held }), 'utf8'));
  }

  go(): void {
    this.#session?.terminate();
  }

  readonly #end = () => {
    const session = this.#session;
    queueMicrotask(() => session?.onClose());
  };

  /** Costs the process next to nothing but for a new state. */
  readonly #hear = (frame: string | Buffer, done?: () => void) => {
    const text = String(frame);
    const type = /"type":"([a-z-]+)"/.exec(text)?.[1] ?? '';
    this.#frames.push(type);
    if (type === 'desired') this.#hold(text);
    if (done) queueMicrotask(done);
  };

  #hold(text: string): void {
    const decoded = decode(Buffer.from(text, 'utf8'), 'server');
    if (!decoded.ok) throw new Error(decoded.words);
    const { generation, sections } = JSON.parse((decoded.message.body as SignedManifest).manifest) as Manifest;
    this.#held = { generation, sections };
  }
}

interface DeviceRow {
  id: string;
  name: string;
  serial: string;
  maker: string;
  model: string;
  hardware_id: string;
  platform: 'linux' | 'darwin' | 'win32';
  os_name: string;
  os_version: string;
  agent_version: string;
}

const serialOf = (id: string) => sha256(id).slice(0, 32).toUpperCase();

/** Gives each device of the store a certificate, hardware and the reports of a healthy one; returns them all. */
export function readFleet(path: string, at: number): Returning[] {
  const db = new Database(path);
  db.pragma('synchronous = OFF');
  const rows = db.prepare('select * from device order by id').all() as DeviceRow[];
  const own = db.prepare('update device set hardware_id = ? where id = ?');
  const certificate = db.prepare(
    `insert into certificate
      (serial, device_id, fingerprint, status, not_before, not_after, issued_at)
      values (?, ?, ?, 'active', ?, ?, ?)`,
  );
  const health = db.prepare('insert into health (device_id, collector, value, at) values (?, ?, ?, ?)');
  db.transaction(() => {
    for (const row of rows) {
      row.hardware_id = sha256(`hardware of ${row.id}`);
      own.run(row.hardware_id, row.id);
      certificate.run(serialOf(row.id), row.id, sha256(row.id), at - 1, at + 1e10, at);
      for (const [collector, value] of Object.entries(healthSaid)) health.run(row.id, collector, value, at);
    }
  })();
  db.close();
  return rows.map((row) => new Returning(row));
}

/** Every section that is desired is verified. */
export function reportAll(path: string, at: number): void {
  const db = new Database(path);
  db.prepare(
    `insert into reported_section (device_id, section, generation, hash, status, failure, evidence, at)
      select device_id, section.key, generation, section.value, 'verified', null, '[]', ?
      from device_desired join desired_state using (generation), json_each(manifest, '$.sections') as section`,
  ).run(at);
  db.close();
}

const healthSaid = {
  agent: JSON.stringify({ version: '1.0.0', residentBytes: 75e6, cpuPercent: 0.4, startedAt: 1, spooledRecords: 0 }),
  os: JSON.stringify({ name: 'Debian GNU/Linux', version: '13.1', bootedAt: 1, bootSeconds: 21 }),
};

const tickMs = 20;

/** All come, so many in a second; resolves when each has its welcome. */
export async function comeAll(fleet: readonly Returning[], running: RunningServices, perSecond: number): Promise<void> {
  const atOnce = Math.max(1, Math.round((perSecond * tickMs) / 1000));
  for (let start = 0; start < fleet.length; start += atOnce) {
    await Promise.all(fleet.slice(start, start + atOnce).map((device) => device.come(running)));
    await setTimeout(tickMs);
  }
  while (!fleet.every((device) => device.isWelcome)) await setTimeout(tickMs);
}

export async function goAll(fleet: readonly Returning[]): Promise<void> {
  for (const device of fleet) device.go();
  await setImmediate();
}
