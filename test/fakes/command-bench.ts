import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PinnedApprovers } from '../../agent/commands/approvers.ts';
import type { Executors } from '../../agent/commands/executor.ts';
import { CommandInbox } from '../../agent/commands/inbox.ts';
import { Home } from '../../agent/store/home.ts';
import { openStore, type Store } from '../../agent/store/open.ts';
import type { Command, SignedCommand } from '../../shared/commands/command.ts';
import type { Approved } from '../../shared/commands/roster.ts';
import { canonicalJson } from '../../shared/policy/canonical.ts';
import type { CommandResultRecord } from '../../shared/protocol/messages.ts';
import { FakeClock, SeededRandom } from './clock.ts';
import { FakeLog } from './log.ts';

export const audience = 'a'.repeat(64);
const keys = generateKeyPairSync('ed25519');
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** What of an agent takes commands, on a home of its own; `restart` is what a new process finds there. */
export class CommandBench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  readonly home = new Home(join(this.folder, 'home'));
  readonly clock = new FakeClock();
  /** The server's word on the time, beside the device's own. */
  serverAhead = 0;
  bootId = 'boot-1';
  store: Store;
  inbox: CommandInbox;
  approvers: PinnedApprovers;
  readonly #executors: Executors;

  constructor(executors: Executors) {
    this.#executors = executors;
    this.home.prepare();
    [this.store, this.approvers, this.inbox] = this.#open();
    this.approvers.start();
    this.inbox.start();
  }

  /** Ends everything as `kill -9` does, and starts anew from what is on disk. */
  restart(bootId = this.bootId): void {
    this.bootId = bootId;
    this.approvers.stop();
    this.store.close();
    [this.store, this.approvers, this.inbox] = this.#open();
    this.approvers.start();
    this.inbox.start();
  }

  #open(): [Store, PinnedApprovers, CommandInbox] {
    const { home, clock } = this;
    const log = new FakeLog();
    const store = openStore(home, clock, new SeededRandom(), log);
    const trusted = { now: () => clock.now() + this.serverAhead };
    const approvers = new PinnedApprovers({
      ...{ path: home.approvers, audience: () => audience, reports: store.reports, trusted, clock, log },
    });
    const inbox = new CommandInbox({
      ...{ deviceId: () => 'device-1', platform: 'linux', approvers, trusted, clock, log },
      trust: () => ({ district: audience, name: 'D', root: '', version: 1, stateKeys: [{ id: 'k1', publicKey }] }),
      ...{ commands: store.commands, reports: store.reports, executors: this.#executors, bootId: () => this.bootId },
    });
    return [store, approvers, inbox];
  }

  command(change: Partial<Command> = {}): SignedCommand {
    const issuedAt = this.clock.now();
    const text = canonicalJson({
      ...{ format: 1, kind: 'command', audience, id: randomUUID(), action: { kind: 'check-again' } },
      ...{ devices: ['device-1'], issuedAt, expiresAt: issuedAt + 3_600_000 },
      ...change,
    });
    const signature = sign(null, Buffer.from(text), keys.privateKey).toString('base64');
    return { text, signature, keyId: 'k1', approvals: [] };
  }

  follow(...rosters: readonly Approved[]): void {
    const content = JSON.stringify({ rosters });
    const manifest = { format: 1, audience, generation: 1, issuedAt: 0, sections: {} } as const;
    this.approvers.consider({ approvers: { hash: 'b'.repeat(64), content }, manifest });
  }

  /** Every result that waits to be sent, oldest first. */
  get results(): CommandResultRecord[] {
    const records = this.store.spool.nextReport()?.records ?? [];
    return records.filter((record) => record.kind === 'command-result');
  }

  [Symbol.dispose](): void {
    this.approvers.stop();
    this.store.close();
    rmSync(this.folder, { recursive: true });
  }
}
