import type { Action, ActionKind } from '../../shared/commands/action.ts';
import type { Command } from '../../shared/commands/command.ts';
import type { Publication } from '../../shared/commands/script.ts';
import type { CommandResultRecord } from '../../shared/protocol/messages.ts';

/** What came of it. */
export type Outcome = Pick<CommandResultRecord, 'status' | 'code' | 'words' | 'output'>;

/** What an execution is given. */
export interface Call<K extends ActionKind> {
  command: Command;
  action: Extract<Action, { kind: K }>;
  /** Of the script, signed by two approvers. */
  publication?: Publication | undefined;
  /** Says how it stands before it is over: `postponed`, or that it begins what nothing may be left to tell of. */
  say(outcome: Outcome): void;
  /** Kept on disk for `resume`. */
  keep(kept: unknown): void;
}

/** How it was when the agent ended in the middle. */
export interface Interrupted<K extends ActionKind> extends Call<K> {
  /** Another boot of the computer than the one it was begun in. */
  hasRestarted: boolean;
  kept: unknown;
}

export interface Executor<K extends ActionKind> {
  run(call: Call<K>): Promise<Outcome>;
  /** Goes on, or says what came of it; without it nobody knows whether it was done, and it is not done again. */
  resume?(call: Interrupted<K>): Promise<Outcome>;
}

export type Executors = { [K in ActionKind]?: Executor<K> };

export const done = (words: string): Outcome => ({ status: 'done', words });
export const failed = (code: string, words: string): Outcome => ({ status: 'failed', code, words });

export const unsupported = (words: string) => failed('unsupported', words);
