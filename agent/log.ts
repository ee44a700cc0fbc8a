/**
 * What the agent's parts may say to the log: an object of fields, then a sentence (as in pino). Never secrets, names of
 * people, addresses that were visited, or contents of files.
 */
export interface Log {
  debug(fields: object, words: string): void;
  info(fields: object, words: string): void;
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
}
