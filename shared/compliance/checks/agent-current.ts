import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { defineCheck } from '../check.ts';

/** Is the agent at least as new as the oldest version the district accepts? */
export const agentCurrent = defineCheck({
  check: 'agent-current',
  title: 'Rollcall agent',
  why: 'An old agent lacks fixes and may not understand newer policy.',
  fix: 'Leave the device on and connected; if this stays for a day, bring it to the helpdesk to have the agent installed again.',
  fixTechnician:
    'Install the newest agent over the old one: its identity and settings stay. See the installation guide.',
  severity: 'major',
  observation: strictObject({ version: text(50) }),
  parameters: strictObject({
    oldest: Type.String({
      title: 'Oldest version that counts as current',
      maxLength: 50,
      pattern: '^v?\\d+(\\.\\d+)*',
    }),
  }),
  defaults: { oldest: '0' },
  expected: ({ oldest }) => `version ${oldest} or later`,
  reads: [],
  observe: ({ agentVersion }) => (agentVersion === undefined ? undefined : { version: agentVersion }),
  evaluate: ({ version }, { oldest }) => {
    const order = compareVersions(version, oldest);
    if (order === undefined) return { status: 'unknown', actual: `version ${version}, which cannot be compared` };
    return { status: order < 0 ? 'fail' : 'pass', actual: `version ${version}` };
  },
});

/** By the numbers before any suffix (semver.org, without the order of pre-releases); undefined when there are none. */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  if (!left || !right) return undefined;
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(version: string): number[] | undefined {
  return /^v?(\d+(?:\.\d+)*)/.exec(version)?.[1]?.split('.').map(Number);
}
