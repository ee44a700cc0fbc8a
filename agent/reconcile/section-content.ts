import { type CapabilityName, type Sections, sectionSchemas } from '../../shared/profile/registry.ts';
import { type Validator, validator } from '../../shared/schema.ts';
import { parseJson } from '../store/durable-file.ts';

export type SectionContent =
  | { kind: 'valid'; desired: NonNullable<Sections[CapabilityName]> }
  | { kind: 'bad'; words: string };

const schemas = new Map<string, Validator<unknown>>(
  Object.entries(sectionSchemas).map(([name, schema]) => [name, validator(schema) as Validator<unknown>]),
);

/** False for a section that is newer than this agent. */
export function isKnownSection(name: string): name is CapabilityName {
  return schemas.has(name);
}

/** Not a capability: whose passkeys the device obeys (`agent/commands/approvers.ts`). */
export const approversSection = 'approvers';

/** False for a section whose content is of no use to this agent. */
export function isKeptSection(name: string): boolean {
  return name === approversSection || isKnownSection(name);
}

/** Reads a section's content by the schema of its name. */
export function readSection(name: CapabilityName, content: string): SectionContent {
  const schema = schemas.get(name);
  const parsed = parseJson(content);
  if (parsed === undefined) return { kind: 'bad', words: `The content of ${name} is not JSON.` };
  if (schema?.check(parsed)) return { kind: 'valid', desired: parsed as NonNullable<Sections[CapabilityName]> };
  const problems = schema?.problems(parsed).join('; ') ?? '';
  return { kind: 'bad', words: `The content of ${name} is not valid: ${problems}`.slice(0, 1000) };
}
