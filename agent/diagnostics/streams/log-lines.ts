import type { StreamFilter } from '../../../shared/diagnostics/streams.ts';
import type { SampleOf } from './stream-parts.ts';

export type LogLine = SampleOf<'logs'>['lines'][number];
export type LogLevel = LogLine['level'];

/** One line of a system's log, as it was read: nothing of it may leave before it was redacted. */
export interface RawLine {
  at: number;
  level: LogLevel;
  unit: string;
  words: string;
  /** Of a program that a person runs: it is not told. */
  isPersons: boolean;
}

/** A program that says lines of a log, and what they mean. */
export interface LogProgram {
  path: string;
  args: string[];
  /** Undefined for what is no line of the log, such as a heading. */
  parse: (line: string) => RawLine | undefined;
}

/** Names of services and programs; what else stands in a filter cannot be one, and finds nothing. */
const unitName = /^[A-Za-z0-9][A-Za-z0-9@_.:\\ -]{0,199}$/;

/** The unit of a filter as it may stand on a command line or in a query; `false`: it is none that can be. */
export function unitOf({ unit }: StreamFilter): string | undefined | false {
  if (unit === undefined || unit === '') return undefined;
  return unitName.test(unit) ? unit : false;
}

/** The object of a line of JSON; undefined for what is none. */
export function objectIn(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
