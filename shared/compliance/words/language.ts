import type { CapabilityName } from '../../profile/registry.ts';
import type { CheckName } from '../registry.ts';

/** What a check says to the person whose device it is. */
export interface CheckText {
  title: string;
  why: string;
  fix: string;
}

/** What was seen, as a person reads it. */
export interface SeenText {
  text: string;
  /** Words of a program or of the server that have no translation: English, for whoever helps. */
  technical?: string;
}

/** The words of checks in one language. A check or a capability that lacks them does not compile. */
export interface CheckLanguage {
  checks: Readonly<Record<CheckName, CheckText>>;
  /** Of the settings of profiles; a check of each is called `policy-verified:NAME`. */
  capabilities: Readonly<Record<CapabilityName, string>>;
  /** Of every setting alike. */
  settings: Pick<CheckText, 'why' | 'fix'>;
  /** For `CheckFinding.actual`. */
  seen(actual: string): SeenText;
}

/** One way of saying what was seen: `$1` is what the pattern found, `technical` is English of a program. */
export type Pattern = readonly [found: RegExp, said: string];

/**
 * Turns English into another language by whole sentences, then by patterns; a group called `technical` is kept apart.
 * What none knows is technical as a whole.
 */
export function sayBy(
  sentences: Readonly<Record<string, string>>,
  patterns: readonly Pattern[],
  unknown: string,
): (actual: string) => SeenText {
  return (actual) => {
    if (Object.hasOwn(sentences, actual)) return { text: sentences[actual] ?? actual };
    for (const [found, said] of patterns) {
      const match = found.exec(actual);
      if (!match) continue;
      const text = said.replace(/\$(\d)/g, (_whole, group: string) => match[Number(group)] ?? '');
      const technical = match.groups?.technical;
      return technical === undefined ? { text } : { text, technical };
    }
    return { text: unknown, technical: actual };
  };
}

/** The words for a check by its name, `undefined` for one of a newer server. */
export function textOf(language: CheckLanguage, check: string): CheckText | undefined {
  const section = /^policy-verified:(.+)$/.exec(check)?.[1];
  if (section !== undefined && Object.hasOwn(language.capabilities, section))
    return { title: language.capabilities[section as CapabilityName], ...language.settings };
  return Object.hasOwn(language.checks, check) ? language.checks[check as CheckName] : undefined;
}
