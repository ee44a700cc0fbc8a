import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';
import { HostFiles } from '../../../../agent/platform/host-files.ts';

type Answer = (path: string, args: readonly string[]) => CommandResult | Promise<CommandResult>;

/** Stands for the programs of a system that is not here: answers from a table and remembers what was run. */
export class RecordedCommands implements Commands {
  readonly ran: string[] = [];
  readonly #answer: Answer;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  async run(path: string, args: readonly string[]): Promise<CommandResult> {
    this.ran.push([path, ...args].join(' '));
    return await this.#answer(path, args);
  }
}

export const succeeded = (stdout = ''): CommandResult => ({ code: 0, stdout, stderr: '' });
export const failed = (stderr: string): CommandResult => ({ code: 1, stdout: '', stderr });

/** Files in a temporary folder that pass for the host's own. */
export class PretendedHostFiles extends HostFiles {
  override get isHost(): boolean {
    return true;
  }
}
