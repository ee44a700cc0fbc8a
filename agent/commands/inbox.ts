import type { Clock } from '../../shared/clock.ts';
import type { Action, ActionKind } from '../../shared/commands/action.ts';
import type { Slot } from '../../shared/commands/budget.ts';
import { Command, judgeCommand, longestLifeMs, type SignedCommand } from '../../shared/commands/command.ts';
import type { Publication } from '../../shared/commands/script.ts';
import type { Platform } from '../../shared/profile/keywords.ts';
import type { Trust } from '../../shared/protocol/enrolment.ts';
import type { CommandResultRecord } from '../../shared/protocol/messages.ts';
import { validator } from '../../shared/schema.ts';
import { isSignedBy } from '../identity/signed-text.ts';
import type { Log } from '../log.ts';
import type { BegunCommand, CommandLog } from '../store/command-log.ts';
import { parseJson } from '../store/durable-file.ts';
import type { Reports } from '../store/reports.ts';
import type { PinnedApprovers } from './approvers.ts';
import type { Call, Executor, Executors, Outcome } from './executor.ts';
import { failed } from './executor.ts';
import { primitives } from './primitives.ts';

export interface InboxParts {
  deviceId: () => string;
  trust: () => Trust;
  platform: Platform;
  approvers: Pick<PinnedApprovers, 'roster'>;
  commands: CommandLog;
  reports: Reports;
  executors: Executors;
  bootId: () => string;
  trusted: { now(): number };
  clock: Clock;
  log: Log;
}

const refusalsPerHour = 100;
const hourMs = 3_600_000;
const commandSchema = validator(Command);

/**
 * Takes commands in: each is verified here, whatever the server says of it, and is on disk before it is done, so that it is
 * done at most once. What came of it goes into the spool.
 */
export class CommandInbox {
  readonly #parts: InboxParts;
  readonly #working = new Set<Promise<void>>();
  #refusals: number[] = [];

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  /** Settles what was begun before this agent started. */
  start(): void {
    const { commands, trusted, clock } = this.#parts;
    commands.prune(Math.min(trusted.now(), clock.now()) - longestLifeMs);
    for (const begun of commands.unfinished()) this.#track(this.#resume(begun));
  }

  /** Resolves when nothing is being done. */
  async settled(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  /** Throws when the disk is full: nothing is done, the session ends, and the command comes again. */
  receive(signed: SignedCommand): void {
    const { commands, trusted, clock, bootId } = this.#parts;
    const judged = this.#judge(signed);
    if (!judged.ok) {
      // The server brings a command until it has the answer.
      const isResent =
        judged.code === 'replayed' && judged.commandId !== undefined && commands.isFresh(judged.commandId);
      if (!isResent) this.#refuse(judged.commandId, judged.code, judged.words);
      return;
    }
    const { command, publication } = judged;
    const slot = command.slot && keyOf(command.slot);
    commands.begin({
      ...{ id: command.id, text: signed.text, expiresAt: command.expiresAt, slot, bootId: bootId() },
      begunAt: Math.max(trusted.now(), 0),
    });
    this.#parts.log.info({ command: command.id, kind: command.action.kind, at: clock.now() }, 'A command begins.');
    this.#track(this.#run(command, publication));
  }

  #judge(signed: SignedCommand) {
    const { trust, deviceId, platform, approvers, commands, trusted, clock } = this.#parts;
    const { district, stateKeys } = trust();
    const now = trusted.now();
    return judgeCommand(
      signed,
      {
        ...{ deviceId: deviceId(), audience: district, platform, roster: approvers.roster(), now },
        latest: Math.max(now, clock.now()),
        isSigned: ({ text, signature, keyId }) => {
          const key = stateKeys.find(({ id }) => id === keyId);
          if (!key) return 'unknown-key';
          return isSignedBy(text, signature, key.publicKey) ? 'yes' : 'bad-signature';
        },
        isKnown: (id) => commands.isKnown(id),
        isTaken: (slot, id) => commands.isTaken(keyOf(slot), id),
      },
      primitives,
    );
  }

  async #run(command: Command, publication: Publication | undefined): Promise<void> {
    const executor = this.#executorOf(command.action.kind);
    const run = () => executor?.run(this.#call(command, publication)) ?? Promise.resolve(notHere);
    this.#end(command.id, await this.#outcomeOf(command, run));
  }

  async #resume(begun: BegunCommand): Promise<void> {
    const command = parseJson(begun.text);
    if (!commandSchema.check(command)) throw new Error(`the command ${begun.id} was begun and cannot be read`);
    const executor = this.#executorOf(command.action.kind);
    const call = {
      ...this.#call(command, undefined),
      hasRestarted: begun.bootId !== this.#parts.bootId(),
      kept: begun.kept === undefined ? undefined : parseJson(begun.kept),
    };
    const outcome = executor?.resume ? await this.#outcomeOf(command, () => resumed(executor, call)) : interrupted;
    this.#end(command.id, outcome);
  }

  #executorOf(kind: ActionKind): Executor<ActionKind> | undefined {
    return this.#parts.executors[kind] as Executor<ActionKind> | undefined;
  }

  #call(command: Command, publication: Publication | undefined): Call<ActionKind> {
    const { id } = command;
    return {
      ...{ command, action: command.action as Action, publication },
      keep: (kept) => this.#parts.commands.keep(id, JSON.stringify(kept)),
      say: (outcome) => this.#parts.commands.say(this.#record(id, outcome)),
    };
  }

  async #outcomeOf({ id }: Command, work: () => Promise<Outcome>): Promise<Outcome> {
    try {
      return await work();
    } catch (error) {
      this.#parts.log.error({ err: error, command: id }, 'A command failed: a fault of the agent.');
      return failed('internal', 'A fault of the agent; its log on the device says more.');
    }
  }

  #end(command: string, outcome: Outcome): void {
    const { commands, log } = this.#parts;
    log.info({ command, status: outcome.status, code: outcome.code }, 'A command is over.');
    commands.end(this.#record(command, outcome));
  }

  #record(command: string, { status, code, words, output }: Outcome): CommandResultRecord {
    return {
      ...{ kind: 'command-result', at: this.#parts.clock.now(), command, status, words: words.slice(0, 1000) },
      ...(code !== undefined && { code }),
      ...(output !== undefined && { output }),
    };
  }

  /** Nothing is kept of it but that it came: its id may still come with a sound command. */
  #refuse(command: string | undefined, code: string, words: string): void {
    const { reports, clock, log } = this.#parts;
    log.warn({ command, code }, `A command was refused: ${words}.`);
    const now = clock.monotonic();
    this.#refusals = this.#refusals.filter((at) => at > now - hourMs);
    if (this.#refusals.length >= refusalsPerHour) return;
    this.#refusals.push(now);
    reports.emit({
      ...{ kind: 'command-result', at: clock.now(), command: command ?? 'unreadable', status: 'refused', code },
      words: `${words.slice(0, 990)}.`,
    });
  }

  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) =>
        this.#parts.log.error({ err: error }, 'A command could not be answered. Is the disk full?'),
      )
      .finally(() => this.#working.delete(tracked));
    this.#working.add(tracked);
  }
}

const notHere = failed('unsupported', 'This device cannot do that.');
const interrupted = failed(
  'interrupted',
  'The agent or the computer went down in the middle. Whether it was done is not known, and it is not done again.',
);

async function resumed(
  executor: Executor<ActionKind>,
  call: Parameters<NonNullable<Executor<ActionKind>['resume']>>[0],
): Promise<Outcome> {
  return (await executor.resume?.(call)) ?? interrupted;
}

function keyOf({ day, slot }: Slot): string {
  return `${day} ${slot}`;
}
