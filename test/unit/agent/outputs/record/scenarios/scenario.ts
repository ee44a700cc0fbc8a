import type { Check, Expected } from '../../cases.ts';

/** One state of a Debian, how it is brought about, what the agent asks of it, and what it shall make of the answer. */
export interface Scenario {
  name: string;
  check: Check;
  what: string;
  /** Shell, run as root before. */
  setup?: string;
  asNobody?: boolean;
  booted?: boolean;
  bare?: boolean;
  commands?: readonly (readonly string[])[];
  /** Files the agent reads. */
  files?: readonly string[];
  /** Releases on which it can be brought about; all when absent. */
  only?: readonly string[];
  /** Asked as the agent does, in the locale C alone: nothing but a list of languages would differ. */
  onlyC?: boolean;
  /** The package whose version is kept. */
  program: string;
  expected: Expected;
  /** Where a translated answer gives another observation. The agent itself asks in the locale C. */
  translated?: Expected;
  /** Where a release gives another observation. */
  byRelease?: Readonly<Record<string, Expected>>;
}
