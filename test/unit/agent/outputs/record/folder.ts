import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, outputsFolder, type SystemCases } from '../cases.ts';
import type { Printed } from './host.ts';

/** A system's folder, made anew; each text is kept once. */
export class Folder {
  readonly #path: string;
  readonly #names = new Map<string, string>();

  constructor(name: string) {
    this.#path = join(outputsFolder, name);
    rmSync(this.#path, { recursive: true, force: true });
    mkdirSync(this.#path, { recursive: true });
  }

  /** The name of the file that has the text; undefined for an empty one. */
  keep(name: string, text: Buffer): string | undefined {
    if (text.length === 0) return undefined;
    const content = text.toString('base64');
    const known = this.#names.get(content);
    if (known !== undefined) return known;
    writeFileSync(join(this.#path, name), text);
    this.#names.set(content, name);
    return name;
  }

  /** Undefined where there is no such program. */
  answer(name: string, command: string, { code, stdout, stderr }: Printed): Answer | undefined {
    if (code === undefined) return undefined;
    const [out, err] = [this.keep(`${name}.out`, stdout), this.keep(`${name}.err`, stderr)];
    return { command, code, ...(out && { stdout: out }), ...(err && { stderr: err }) };
  }

  writeIndex(index: Omit<SystemCases, 'folder'>): void {
    writeFileSync(join(this.#path, 'cases.json'), `${JSON.stringify(index, null, 1)}\n`);
    process.stdout.write(`${index.cases.length} cases of ${index.system} ${index.version}\n`);
  }
}

/** Locales in which the same was printed, together. */
export function byAnswer(locales: readonly string[], answers: (locale: string) => unknown): string[][] {
  const groups = new Map<string, string[]>();
  for (const locale of locales) {
    const key = JSON.stringify(answers(locale));
    groups.set(key, [...(groups.get(key) ?? []), locale]);
  }
  return [...groups.values()];
}

/** What a case is called in a group of languages: the one of the agent's own locale has no suffix. */
export function suffixOf(group: readonly string[], own: string): string {
  return group.includes(own) ? '' : `.${group[0]?.slice(0, 2)}`;
}
