import type { PasswordRulesSettings } from '../../../shared/profile/password-rules.ts';
import type { Values } from './config-text.ts';

/** One rule as Linux keeps it. */
export interface Rule {
  key: 'minlen' | 'minclass' | 'deny' | 'unlock_time';
  title: string;
  /** What holds where nothing sets it: pwquality.conf(5), faillock.conf(5). */
  byDefault: number;
  /** True where the one value asks at least as much of people as the other. */
  isAtLeast: (value: number, wanted: number) => boolean;
  inWords: (value: number) => string;
}

/** Zero attempts never lock; zero seconds never unlock. */
export const pwqualityRules: readonly Rule[] = [
  {
    key: 'minlen',
    title: 'shortest password',
    byDefault: 8,
    isAtLeast: (value, wanted) => value >= wanted,
    inWords: (value) => `${value} characters`,
  },
  {
    key: 'minclass',
    title: 'kinds of characters',
    byDefault: 0,
    isAtLeast: (value, wanted) => value >= wanted,
    inWords: String,
  },
];
export const faillockRules: readonly Rule[] = [
  {
    key: 'deny',
    title: 'wrong passwords until the account is locked',
    byDefault: 3,
    isAtLeast: (value, wanted) => value > 0 && value <= wanted,
    inWords: (value) => (value === 0 ? 'never locked' : String(value)),
  },
  {
    key: 'unlock_time',
    title: 'seconds until it is unlocked',
    byDefault: 600,
    isAtLeast: (value, wanted) => value === 0 || value >= wanted,
    inWords: (value) => (value === 0 ? 'never' : String(value)),
  },
];

/** What a profile asks, by the keys of both files. */
export function wantedValues(settings: PasswordRulesSettings): Values {
  const { minLength, minClasses, failedAttempts, unlockMinutes } = settings;
  const all: [Rule['key'], number | undefined][] = [
    ['minlen', minLength === undefined ? undefined : Number(minLength)],
    ['minclass', minClasses === undefined ? undefined : Number(minClasses)],
    ['deny', failedAttempts],
    ['unlock_time', unlockMinutes === undefined ? undefined : unlockMinutes * 60],
  ];
  return new Map(all.filter((entry): entry is [Rule['key'], number] => entry[1] !== undefined));
}

/** Where a value stands. */
export interface Source {
  name: string;
  values: Values;
  /** True where the agent can change it, or outdo it. */
  isOurs: boolean;
}

export interface InForce {
  value: number;
  source: string;
  isOurs: boolean;
}

/** Pure. The last source that sets a rule wins. */
export function inForce({ key, byDefault }: Rule, sources: readonly Source[]): InForce {
  const source = sources.findLast(({ values }) => values.has(key));
  return {
    value: source?.values.get(key) ?? byDefault,
    source: source?.name ?? 'default',
    isOurs: source?.isOurs ?? true,
  };
}

/** Pure. What is wanted and not asked already, by these rules and sources. */
export function weaker(rules: readonly Rule[], wanted: Values, sources: readonly Source[]): Values {
  const asked = rules.flatMap((rule) => {
    const value = wanted.get(rule.key);
    return value === undefined || rule.isAtLeast(inForce(rule, sources).value, value)
      ? []
      : [[rule.key, value] as const];
  });
  return new Map(asked);
}
