import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CommandResult } from '../../../../agent/platform/commands.ts';

/** Where the texts lie, a folder for each system. */
export const outputsFolder = fileURLToPath(new URL('../../../golden/outputs/', import.meta.url));

export const checks = [
  'firewall',
  'diskEncryption',
  'secureBoot',
  'antivirus',
  'timeSync',
  'updates',
  'usbStorage',
  'localAdmins',
  'screenLock',
  'guestAccount',
  'passwordRules',
  'applications',
] as const;
export type Check = (typeof checks)[number];

/** What the agent shall make of it; `reason` is part of the evidence. The rest is compared by name; null: not told. */
export type Expected = Readonly<Record<string, unknown>> & { state?: string; reason?: string };

/** What one program printed; texts are files beside the index, absent where nothing was printed. */
export interface Answer {
  command: string;
  code: number;
  stdout?: string;
  stderr?: string;
}

/**
 * Where a text comes from. `run-here`: printed by the program itself when the recorder ran it. `vendor-documentation`: shown by the
 * maker of the system. `public-capture`: printed on somebody's device and published.
 */
export interface Source {
  kind: 'run-here' | 'vendor-documentation' | 'public-capture';
  /** How it was run, or the address or repository and path. */
  from: string;
  /** What else has to be known: another option, an exit code that the source does not show, parts left out. */
  note?: string;
  /** A file with the text of the source, where its values had to be put into the form of the agent's own script. */
  capture?: string;
}

export interface OutputCase {
  name: string;
  check: Check;
  what: string;
  locales: readonly string[];
  answers: readonly Answer[];
  /** Files the agent reads, by path. */
  files?: Readonly<Record<string, string>>;
  source: Source;
  expected: Expected;
}

export interface SystemCases {
  system: string;
  version: string;
  family: 'linux' | 'win32' | 'darwin';
  /** Of the folder. */
  folder: string;
  cases: readonly OutputCase[];
}

/** Every system's index, in the order of folders. */
export function readSystems(): SystemCases[] {
  return readdirSync(outputsFolder)
    .sort()
    .map((folder) => {
      const index = JSON.parse(readFileSync(join(outputsFolder, folder, 'cases.json'), 'utf8')) as SystemCases;
      return { ...index, folder };
    });
}

/** The text of a file as the agent gets it: what is no UTF-8 becomes U+FFFD. */
export function textOf({ folder }: SystemCases, file: string | undefined): string {
  return file === undefined ? '' : readFileSync(join(outputsFolder, folder, file), 'utf8');
}

/** Answers by command. */
export function answersOf(system: SystemCases, { answers }: OutputCase): Record<string, CommandResult> {
  const results = answers.map(({ command, code, stdout, stderr }) => {
    const result: CommandResult = { code, stdout: textOf(system, stdout), stderr: textOf(system, stderr) };
    return [command, result] as const;
  });
  return Object.fromEntries(results);
}

/** Every file an index names. */
export function filesNamed({ cases }: SystemCases): string[] {
  return cases.flatMap(({ answers, files = {}, source }) =>
    [...answers.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...Object.values(files), source.capture].filter(
      (file) => file !== undefined,
    ),
  );
}
