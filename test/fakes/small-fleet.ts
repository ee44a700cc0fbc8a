import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import { decode } from '../../shared/protocol/codec.ts';
import type { Manifest, ReportRecord } from '../../shared/protocol/messages.ts';
import { FakeDevice, type Line } from './device.ts';
import type { TestServer } from './running-server.ts';

/** The hash by which a device knows the content of a section. */
export const sectionHash = (content: object) => createHash('sha256').update(canonicalJson(content)).digest('hex');

/** Devices that hold whatever they are told to, and say at once that it is in force, or that it failed. */
export class SmallFleet {
  readonly #lines: Line[] = [];
  /** What each was told last: section → hash. */
  readonly #held = new Map<string, Manifest['sections']>();
  /** Sections of this hash fail. */
  broken: string | undefined;
  /** What they have to say waits for this. */
  mayReport: Promise<void> = Promise.resolve();

  /** Enrols so many, one after the other, and connects them. */
  static async join(server: TestServer, names: readonly string[]): Promise<SmallFleet> {
    const fleet = new SmallFleet();
    const { token } = await server.operate<{ token: string }>('/api/tokens', {
      method: 'POST',
      body: { maxUses: names.length, expiresInSeconds: 600, label: 'cart', simulated: true },
    });
    for (const name of names)
      await fleet.#add(server, await FakeDevice.enrolled(name, server.server.ports.enrolment, token));
    return fleet;
  }

  /** How many devices hold a section with this hash. */
  holding(section: string, hash: string): number {
    return [...this.#held.values()].filter((sections) => sections[section] === hash).length;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#lines.map((line) => line.cut()));
  }

  async #add(server: TestServer, device: FakeDevice): Promise<void> {
    const line = await device.connect(server.server.ports.agents);
    this.#lines.push(line);
    line.socket.on('message', (frame: Buffer) => this.#hear(device, line, frame));
    line.send('hello', device.hello());
    await line.next('welcome');
  }

  #hear(device: FakeDevice, line: Line, frame: Buffer): void {
    const decoded = decode(frame, 'server');
    if (!decoded.ok || decoded.message.type !== 'desired') return;
    const { generation, sections } = JSON.parse(decoded.message.body.manifest) as Manifest;
    this.#held.set(device.name, sections);
    const records = Object.entries(sections).map(([section, hash]) => this.#reported(section, generation, hash));
    if (records.length > 0) void this.mayReport.then(() => line.send('report', device.report(...records)));
  }

  #reported(section: string, generation: number, hash: string): ReportRecord {
    const failed = hash === this.broken;
    const failure = { code: 'screen-lock', message: 'The desktop of this image refuses the setting.' };
    return {
      ...{ kind: 'reported', at: Date.now(), section, generation, hash },
      ...(failed ? { status: 'failed', failure } : { status: 'verified' }),
      evidence: [{ item: 'lock', expected: 'as told', seen: failed ? 'as before' : 'as told', ok: !failed }],
    };
  }
}
