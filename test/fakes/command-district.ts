import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { AgentOptions } from '../../agent/agent-options.ts';
import type { Executors, Outcome } from '../../agent/commands/executor.ts';
import { enrol } from '../../agent/identity/enrol.ts';
import { readIdentity, writeIdentity } from '../../agent/identity/identity-files.ts';
import { createAgentListeners } from '../../server/agent-listeners.ts';
import { systemClock } from '../../server/clock.ts';
import { loadConfig } from '../../server/config.ts';
import { type RunningServices, startServices } from '../../server/main.ts';
import type { StaffPerson } from '../../server/services.ts';
import { type Action, type ActionKind, actionKinds } from '../../shared/commands/action.ts';
import { decodeToken } from '../../shared/protocol/token.ts';
import { AgentHome } from './agent-home.ts';
import { Approver } from './approver.ts';
import { until } from './programs.ts';

const waitMs = 15_000;
const impatient = { unit: () => 0, bytes: (length: number) => new Uint8Array(length), uuid: () => 'spool-1' };

/** The real server with its listeners for agents, and people who approve, in this process. */
export class CommandDistrict implements AsyncDisposable {
  readonly home: string;
  readonly running: RunningServices;
  readonly #stopListening: () => Promise<void>;
  readonly #devices: CommandedDevice[] = [];

  private constructor(home: string, running: RunningServices, stopListening: () => Promise<void>) {
    this.home = home;
    this.running = running;
    this.#stopListening = stopListening;
  }

  static async start(): Promise<CommandDistrict> {
    const home = mkdtempSync(join(tmpdir(), 'rollcall-commands-'));
    const config = loadConfig({ home, listen: '127.0.0.1', demo: false, consolePort: 0, agentPort: 0 });
    const running = await startServices(config, pino({ level: 'silent' }), systemClock);
    const listeners = createAgentListeners(running, running.services);
    await running.services.gateway.start();
    for (const listener of listeners) await listener.start();
    return new CommandDistrict(home, running, async () => {
      await running.services.gateway.stop();
      for (const listener of listeners) await listener.stop();
    });
  }

  get audience(): string {
    return this.running.authority.district;
  }

  get origin(): string {
    return `https://localhost:${this.running.ports.console}`;
  }

  /** An account with a passkey. */
  async person(name: string): Promise<Approver> {
    const approver = new Approver(name, this.origin);
    const { staffId: id, authenticator } = approver;
    const { staff, staffFactors } = this.running.stores;
    const email = `${name.toLowerCase()}@example.org`;
    await staff.add({ id, name, email, password_hash: '', created_at: 0, disabled_at: null });
    const passkey = { credential_id: authenticator.credentialId, public_key: authenticator.publicKey };
    await staffFactors.addPasskey(
      {
        ...{ id: `key-of-${id}`, staff_id: id, ...passkey, algorithm: -7, counter: 0, transports: '[]' },
        ...{ name: 'Key', created_at: 0, last_used_at: null },
      },
      20,
    );
    return approver;
  }

  /** Names the first approvers, who sign it themselves. */
  async nameApprovers(...people: readonly Approver[]): Promise<void> {
    const { approvers } = this.running.services;
    const [first] = people;
    if (!first) throw new Error('nobody was named');
    const ids = people.map(({ staffId }) => staffId);
    const { pending } = await approvers.propose(ids, 'the first approvers', who(first));
    await this.sign(pending?.approvalId ?? '', ...people.slice(0, 2));
  }

  async sign(approvalId: string, ...people: readonly Approver[]): Promise<void> {
    const { approvals } = this.running.services;
    const { text } = await approvals.read(approvalId, undefined);
    for (const person of people) await approvals.sign(approvalId, person.sign(text), who(person));
  }

  /** Gives a command as a person; what two must sign waits. */
  async give(action: Action, devices: readonly CommandedDevice[], by: Approver) {
    const input = { action, deviceIds: devices.map(({ id }) => id), reason: 'for the test', expiresInMinutes: 60 };
    return await this.running.services.commands.create(input, { actor: `staff:${by.name}`, person: who(by) });
  }

  async enrol(name: string, change: Partial<AgentOptions> = {}): Promise<CommandedDevice> {
    const body = { maxUses: 1, expiresInSeconds: 3600 };
    const { token } = await this.running.services.tokens.create(body, 'command line');
    const device = new CommandedDevice(name, this);
    this.#devices.push(device);
    await device.enrolWith(token);
    await device.connect(change);
    return device;
  }

  /** Waits for an event of this code whose words hold these. */
  async told(code: string, ...said: readonly string[]): Promise<string> {
    const { events } = this.running.stores;
    return await until(`${code}: ${said.join(', ')}`, waitMs, async () => {
      const words = (await events.newest([code], said[0]))?.words;
      return words !== undefined && said.every((part) => words.includes(part)) ? words : undefined;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const device of this.#devices) await device.dispose();
    await this.#stopListening();
    await this.running.stop();
    rmSync(this.home, { recursive: true });
  }
}

export function who({ staffId, name }: Approver): StaffPerson {
  return { id: staffId, actor: `staff:${name}` };
}

/** A real agent whose acts are only noted. */
export class CommandedDevice extends AgentHome {
  readonly name: string;
  /** The kinds of what it did, in order. */
  readonly acts: ActionKind[] = [];
  readonly #district: CommandDistrict;

  constructor(name: string, district: CommandDistrict) {
    super();
    this.name = name;
    this.#district = district;
  }

  get id(): string {
    return readIdentity(this.home)?.deviceId ?? '';
  }

  get #hardware() {
    return { id: createHash('sha256').update(this.name).digest('hex') };
  }

  async enrolWith(token: string): Promise<void> {
    const os = { name: 'Debian', version: '12' };
    const about = {
      agentVersion: '0.1.0',
      platform: 'linux',
      os,
      hostname: this.name,
      hardware: this.#hardware,
    } as const;
    writeIdentity(this.home, await enrol(decodeToken(token), about));
  }

  async connect(change: Partial<AgentOptions> = {}): Promise<void> {
    const executors = noting(this.acts);
    await this.start({
      random: impatient,
      hardware: async () => this.#hardware,
      platform: 'linux',
      executors,
      ...change,
    });
    const { gateway } = this.#district.running.services;
    await until(`${this.name} is connected`, waitMs, () => gateway.isConnected(this.id));
  }

  /** Waits until it knows that the server has all it said: what comes again before that is no replay to it. */
  async acknowledged(): Promise<void> {
    await until(`${this.name} has nothing left to say`, waitMs, () => this.agent?.status().spooled === 0);
  }

  /** Waits until it says that it holds the approvers. */
  async knowsApprovers(): Promise<void> {
    const { commands } = this.#district.running.stores;
    await until(`${this.name} has pinned the approvers`, waitMs, async () =>
      (await commands.knowingApprovers([this.id])).has(this.id),
    );
  }

  /** Waits until the server has this state of a command of it. */
  async answered(
    commandId: string,
    state: string,
  ): Promise<{ code: string | null; words: string; output: string | null }> {
    const { commands } = this.#district.running.services;
    return await until(`${commandId} is ${state} on ${this.name}`, waitMs, async () => {
      const { items } = await commands.devices(commandId, {});
      return items.find((item) => item.device.id === this.id && item.state === state);
    });
  }
}

function noting(acts: ActionKind[]): Executors {
  const note = (kind: ActionKind) => ({
    run: async (): Promise<Outcome> => {
      acts.push(kind);
      return { status: 'done', words: 'Noted.' };
    },
  });
  return Object.fromEntries(actionKinds.map((kind) => [kind, note(kind)]));
}
