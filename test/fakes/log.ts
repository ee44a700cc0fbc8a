import type { Log } from '../../agent/log.ts';

/** Keeps what was said, by level. */
export class FakeLog implements Log {
  readonly said: { level: keyof Log; words: string; fields: object }[] = [];

  debug(fields: object, words: string): void {
    this.said.push({ level: 'debug', words, fields });
  }
  info(fields: object, words: string): void {
    this.said.push({ level: 'info', words, fields });
  }
  warn(fields: object, words: string): void {
    this.said.push({ level: 'warn', words, fields });
  }
  error(fields: object, words: string): void {
    this.said.push({ level: 'error', words, fields });
  }

  get errors(): string[] {
    return this.said.filter(({ level }) => level === 'error').map(({ words }) => words);
  }
}
