import Type from 'typebox';
import { strictObject, text } from '../../schema.ts';
import { defineCheck } from '../check.ts';

/** The finding an agent opens while something on the device keeps changing back what the agent puts right. */
const finding = 'tamper';

/** Is nobody, and no program, changing the same setting back again and again? */
export const noTampering = defineCheck({
  check: 'no-tampering',
  title: 'Settings left alone',
  why: 'A protection that is switched off again and again protects only some of the time, whoever or whatever switches it.',
  fix: 'Leave the settings of the school as they are. If you did not change anything, a program may do it: ask the helpdesk to look.',
  fixTechnician:
    'The finding “tamper” of the device names the setting and when it was changed. Look for a script, a second management tool or rights of an administrator; it closes after an hour without a change.',
  severity: 'minor',
  observation: strictObject({ openFindings: Type.Array(text(100), { maxItems: 10_000 }) }),
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'not changed back again and again',
  reads: ['finding'],
  observe: ({ openFindings }) => (openFindings === undefined ? undefined : { openFindings: [...openFindings] }),
  evaluate: ({ openFindings }) =>
    openFindings.includes(finding)
      ? { status: 'fail', actual: 'a setting is changed back again and again' }
      : { status: 'pass', actual: 'left alone' },
});
