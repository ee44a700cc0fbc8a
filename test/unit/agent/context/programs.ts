import type { CommandResult, Commands } from '../../../../agent/platform/commands.ts';

/** Programs that give what was recorded of them; any other is missing. */
export class RecordedPrograms implements Commands {
  readonly asked: string[] = [];
  readonly #outputs: Readonly<Record<string, string>>;

  constructor(outputs: Readonly<Record<string, string>> = {}) {
    this.#outputs = outputs;
  }

  async run(path: string, args: readonly string[]): Promise<CommandResult> {
    const line = [path, ...args].join(' ');
    this.asked.push(line);
    const stdout = this.#outputs[line];
    return stdout === undefined
      ? { code: -1, stdout: '', stderr: '', failure: 'missing' }
      : { code: 0, stdout, stderr: '' };
  }
}
