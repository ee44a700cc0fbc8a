import type { AgentConfig } from '../config.ts';

/** What a command may say and return. With `--json` exactly one JSON document goes to standard output. */
export interface Output {
  json: boolean;
  /** A line for people; nothing with `--json`. */
  line(words: string): void;
  /** The answer for programs; nothing without `--json`. */
  answer(value: unknown): void;
}

export interface CommandInput {
  config: AgentConfig;
  /** What stands after the command. */
  positionals: string[];
  output: Output;
}

/** Returns the exit code. Expected failures may be thrown; see `failure.ts`. */
export type Command = (input: CommandInput) => Promise<number>;
