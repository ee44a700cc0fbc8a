import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { SignedHead } from '../../shared/api/schemas.ts';
import { validator } from '../../shared/schema.ts';

const schema = validator(SignedHead);

/**
 * HOME/audit-heads.log: one signed head a line, outside the database and only ever added to. Whoever shortens or rewrites
 * the log of the database contradicts it, and whoever rewrites both lacks the key.
 */
export class HeadLog {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** On disk when the promise resolves. */
  async add(head: SignedHead): Promise<void> {
    const file = await open(this.#path, 'a', 0o600);
    try {
      await file.appendFile(`${JSON.stringify(head)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** One after the other; undefined for a line that is no head. None where there is no file yet. */
  async *read(): AsyncGenerator<SignedHead | undefined> {
    if (!(await isThere(this.#path))) return;
    const lines = createInterface({ input: createReadStream(this.#path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
    for await (const line of lines) if (line !== '') yield parseHead(line);
  }
}

/** Undefined when the text is no signed head. */
export function parseHead(line: string): SignedHead | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return schema.check(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
