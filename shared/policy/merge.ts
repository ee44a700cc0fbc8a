import type { MergeRule } from '../profile/keywords.ts';
import { type CapabilityName, capabilities, capabilityNames, type ProfileSettings } from '../profile/registry.ts';
import { type Assignment, rankOf } from './assignment.ts';
import { canonicalJson } from './canonical.ts';

/** Consecutive entries of a merged list that one assignment gave. */
export interface Run {
  assignment: Assignment;
  count: number;
}

/** Why one setting has its value: the assignments that agree with it, and those it beat with what they wanted. */
export interface ExplainedSetting {
  capability: CapabilityName;
  setting: string;
  value: unknown;
  from: Assignment[];
  beaten: { assignment: Assignment; value: unknown }[];
  /** Entries of a union that were left out because the list is full; 0 otherwise. */
  dropped: number;
  /** Which assignment gave which entries of a union, in the order of the list; empty otherwise. */
  runs: Run[];
}

export interface Merged {
  settings: ProfileSettings;
  explanation: ExplainedSetting[];
}

/** What a setting's schema says about it; see `shared/profile/keywords.ts`. */
export interface SettingSchema {
  title: string;
  'x-merge': MergeRule;
  'x-example'?: string;
  enum?: readonly unknown[];
  maxItems?: number;
}

interface Wish {
  assignment: Assignment;
  value: unknown;
}

/**
 * Merges what the assignments set, given highest precedence first, by each setting's own rule. An override that sets a
 * value sets aside what comes after it, so that an exception from the strictest is possible; lists are joined all the
 * same, and neither locked minimums nor restrictions are ever set aside.
 */
export function mergeSettings(ordered: readonly Assignment[]): Merged {
  const settings: Record<string, Record<string, unknown>> = {};
  const explanation: ExplainedSetting[] = [];
  for (const capability of capabilityNames) {
    const setters = ordered.filter((assignment) => assignment.settings[capability] !== undefined);
    if (setters.length === 0) continue;
    const explained = mergeCapability(capability, setters);
    settings[capability] = Object.fromEntries(explained.map(({ setting, value }) => [setting, value]));
    explanation.push(...explained);
  }
  return { settings: settings as ProfileSettings, explanation };
}

/** The same for lists of assignments that merge to the same, so that it is worked out once for many devices. */
export function mergeKey(ordered: readonly Assignment[]): string {
  return ordered.map((one) => `${one.profileId} ${one.revision} ${rankOf(one)}`).join('\n');
}

function mergeCapability(capability: CapabilityName, setters: readonly Assignment[]): ExplainedSetting[] {
  return Object.entries(settingSchemas(capability)).flatMap(([setting, schema]) => {
    const wishes = setters.flatMap((assignment) => {
      const value: unknown = (assignment.settings[capability] as Record<string, unknown>)[setting];
      return value === undefined ? [] : [{ assignment, value }];
    });
    return wishes.length === 0 ? [] : [{ capability, setting, ...decide(schema, wishes) }];
  });
}

/** Setting → its schema with the merge rule, in the order people see them. */
export function settingSchemas(capability: CapabilityName): Record<string, SettingSchema> {
  return capabilities[capability].settings.properties as unknown as Record<string, SettingSchema>;
}

function decide(schema: SettingSchema, wishes: readonly Wish[]): Omit<ExplainedSetting, 'capability' | 'setting'> {
  if (schema['x-merge'] === 'union') return join(wishes, schema.maxItems ?? Number.POSITIVE_INFINITY);
  const winner = winnerOf(schema, notSetAside(wishes));
  const agreed = canonicalJson(winner?.value);
  const [from, beaten] = [true, false].map((agrees) =>
    wishes.filter((wish) => (canonicalJson(wish.value) === agreed) === agrees),
  ) as [Wish[], Wish[]];
  return { value: winner?.value, from: from.map((wish) => wish.assignment), beaten, dropped: 0, runs: [] };
}

/** Distinct by content, for entries may be objects: what the assignment of the highest precedence gave stays its own. */
function join(wishes: readonly Wish[], most: number): Omit<ExplainedSetting, 'capability' | 'setting'> {
  const seen = new Map<unknown, unknown>();
  const runs: Run[] = [];
  for (const { assignment, value } of wishes) {
    const before = Math.min(seen.size, most);
    for (const entry of value as unknown[]) if (!seen.has(keyOf(entry))) seen.set(keyOf(entry), entry);
    const count = Math.min(seen.size, most) - before;
    if (count > 0) runs.push({ assignment, count });
  }
  return {
    value: [...seen.values()].slice(0, most),
    from: wishes.map((wish) => wish.assignment),
    beaten: [],
    dropped: Math.max(0, seen.size - most),
    runs,
  };
}

const keyOf = (entry: unknown) => (typeof entry === 'object' ? canonicalJson(entry) : entry);

/** All, or where an override is among them those up to the last override: they come first. */
function notSetAside(wishes: readonly Wish[]): readonly Wish[] {
  const excepted = wishes.some(({ assignment }) => rankOf(assignment) === 2);
  return excepted ? wishes.filter(({ assignment }) => rankOf(assignment) <= 2) : wishes;
}

function winnerOf(schema: SettingSchema, wishes: readonly Wish[]): Wish | undefined {
  const rule = schema['x-merge'];
  if (rule === 'replace') return wishes[0];
  const weight = (value: unknown): number => {
    if (schema.enum) return schema.enum.indexOf(value);
    if (typeof value === 'number') return rule === 'most-help' ? value : -value;
    return Number(value === true);
  };
  return wishes.toSorted((a, b) => weight(b.value) - weight(a.value))[0];
}
