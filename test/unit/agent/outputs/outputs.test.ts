import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PostureReaders } from '../../../../agent/health/collector.ts';
import { SystemCommands } from '../../../../agent/platform/commands.ts';
import { observationSchemas } from '../../../../shared/protocol/health.ts';
import { validator } from '../../../../shared/schema.ts';
import {
  answersOf,
  checks,
  filesNamed,
  type OutputCase,
  outputsFolder,
  readSystems,
  type SystemCases,
  textOf,
} from './cases.ts';
import { applications, type Device, observed, passwordRules } from './readers.ts';
import { supportFile, withTables } from './support.ts';

const systems = readSystems();
const everyCase = systems.flatMap((system) => system.cases.map((found) => ({ system, found })));
const isPosture = (check: string): check is keyof PostureReaders => check in observationSchemas;

function deviceOf(system: SystemCases, found: OutputCase): Device {
  const files = Object.entries(found.files ?? {}).map(([path, file]) => [path, textOf(system, file)] as const);
  return { family: system.family, answers: answersOf(system, found), files: Object.fromEntries(files) };
}

async function read({ check }: OutputCase, device: Device): Promise<unknown> {
  if (isPosture(check)) return await observed(check, device);
  return check === 'passwordRules' ? passwordRules(device) : applications(device);
}

/** Where null stands, the agent is to tell nothing. */
function wanted({ reason: _, ...values }: OutputCase['expected']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? undefined]));
}

describe.each(systems)('$system $version', (system) => {
  it.each(system.cases)('$check: $name ($what)', async (found) => {
    const observation = await read(found, deviceOf(system, found));
    expect(observation).toMatchObject(wanted(found.expected));
    if (!isPosture(found.check)) return;
    const { reason = '' } = found.expected;
    expect(reason).not.toBe('');
    expect(observation).toMatchObject({ evidence: expect.stringContaining(reason) });
    expect(validator(observationSchemas[found.check]).problems(observation)).toEqual([]);
  });
});

describe('the table of outputs', () => {
  it('has at least 150 texts, in English and two other languages, for each kind of system', () => {
    const texts = everyCase.map(({ system, found }) => JSON.stringify([found.check, deviceOf(system, found)]));
    expect(new Set(texts).size).toBeGreaterThanOrEqual(150);
    for (const family of ['linux', 'win32'] as const) {
      const locales = systems
        .filter((system) => system.family === family)
        .flatMap(({ cases }) => cases.flatMap((found) => found.locales.map((locale) => locale.slice(0, 2))));
      const others = new Set(locales.filter((language) => !['en', 'C'].includes(language)));
      expect(others.size).toBeGreaterThanOrEqual(2);
    }
  });

  it('says of each text where it comes from', () => {
    const address = /^(https:\/\/|[\w.-]+\/[\w.-]+ \S+|a public repository .* found by its words: ")/;
    const forms = {
      'run-here': /^(debootstrap of Debian \w+, \S+ \S+|Wine \S+, its own reg\.exe)$/,
      'public-capture': address,
      'vendor-documentation': address,
    };
    const unsaid = everyCase.filter(({ found: { source } }) => !forms[source.kind]?.test(source.from));
    expect(unsaid.map(({ found }) => found.name)).toEqual([]);
    const unknownChecks = everyCase.filter(({ found }) => !checks.includes(found.check) || found.locales.length === 0);
    expect(unknownChecks).toEqual([]);
  });

  it.each(systems)('names each file of $folder once it is there, and no other', (system) => {
    const there = readdirSync(join(outputsFolder, system.folder)).filter((name) => name !== 'cases.json');
    expect([...new Set(filesNamed(system))].sort()).toEqual(there.sort());
  });

  it('lets a translation make an answer unknown, never another one', () => {
    for (const { cases } of systems)
      for (const found of cases.filter(({ name }) => /\.\w\w$/.test(name))) {
        const inEnglish = cases.find(({ name }) => name === found.name.replace(/\.\w\w$/, ''));
        expect([inEnglish?.expected.state, 'unknown']).toContain(found.expected.state);
      }
  });

  it.skipIf(process.platform === 'win32')('is what the agent avoids: it asks in the locale C', async () => {
    const { stdout } = await new SystemCommands().run('/usr/bin/env', []);
    expect(stdout.trim().split('\n').sort()).toEqual(['LANG=C', 'LC_ALL=C', expect.stringMatching(/^PATH=/)]);
  });

  it('has names of cases once in each system', () => {
    for (const { cases } of systems) expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  it('takes values put into the form of our own script from the text of the source', () => {
    const captured = everyCase.filter(({ found }) => found.source.capture !== undefined);
    expect(captured.length).toBeGreaterThan(0);
    for (const { system, found } of captured) {
      const text = textOf(system, found.source.capture);
      const printed = found.answers.map(({ stdout }) => textOf(system, stdout)).join('');
      const values = [...printed.matchAll(/:\[?("[^"]+"|\d+)/g)].map(([, value = '']) => value.replaceAll('"', ''));
      expect(values.filter((value) => !text.includes(value))).toEqual([]);
    }
  });

  it('is what docs/support.md tells (made by support.ts)', () => {
    expect(existsSync(supportFile)).toBe(true);
    const text = readFileSync(supportFile, 'utf8');
    expect(text).toBe(withTables(text, systems));
  });
});
