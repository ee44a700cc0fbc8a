import type Type from 'typebox';

/**
 * How several assignments that set the same setting become one value:
 * - `strictest`: booleans: true wins; choices: the later in `enum` wins; numbers: the smaller wins.
 * - `most-help`: what helps a person most: booleans: true wins; choices: the later in `enum` wins; numbers: the larger wins.
 * - `union`: lists are joined, duplicates dropped, order of the first seen.
 * - `replace`: the assignment with the highest precedence wins.
 */
export type MergeRule = 'strictest' | 'most-help' | 'union' | 'replace';

/** What a capability can honestly do on a system; the console never shows more than this. */
export type Ability = 'enforce' | 'observe' | 'needs-mdm' | 'unsupported';

export type Platform = 'linux' | 'darwin' | 'win32';

/** Options every setting carries: words for people, the merge rule, and the group it is shown in. */
export interface SettingOptions {
  title: string;
  description: string;
  'x-merge': MergeRule;
  'x-group': string;
  /** Names for the values of `enum`, in its order. */
  'x-labels'?: readonly string[];
  /** What one item of a list looks like, as an example for the form. */
  'x-example'?: string;
  /** Text that consoles do not show: a password. */
  'x-secret'?: true;
  /** The form's special source of choices: categories of imported lists. */
  'x-source'?: 'categories';
}

/** Checks at compile time that a setting's schema carries every word people need. */
export function setting(options: SettingOptions): Type.TSchemaOptions {
  return { ...options };
}

/** One thing that can be enforced. `settings` has only optional properties: an absent setting is left alone. */
export interface CapabilityDefinition<S extends Type.TObject = Type.TObject> {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly settings: S;
  readonly abilities: Readonly<Record<Platform, Ability>>;
  /** What this cannot do, by platform, in words for IT. */
  readonly limits: Readonly<Partial<Record<Platform, string>>>;
}
