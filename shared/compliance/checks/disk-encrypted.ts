import type { Observations } from '../../protocol/health.ts';
import { type CheckWords, findingOf } from '../check.ts';
import type { CheckFinding } from '../verdict.ts';

const words: CheckWords = {
  check: 'disk-encrypted',
  title: 'Disk encryption',
  why: 'Whoever finds or steals the device could otherwise read everything on its disk.',
  fix: 'Keep the device plugged in and bring it to the helpdesk: encryption is switched on there, and nothing is lost.',
};
const expected = 'encrypted';

/** Is the system disk encrypted? What was not observed is unknown. */
export function evaluate(observation: Observations['diskEncryption']): CheckFinding {
  switch (observation?.state) {
    case 'encrypted':
      return findingOf(words, { status: 'pass', expected, actual: 'encrypted' });
    case 'not-encrypted':
      return findingOf(words, { status: 'fail', expected, actual: 'not encrypted' });
    case 'unknown':
      return findingOf(words, { status: 'unknown', expected, actual: `not known (${observation.evidence})` });
    case undefined:
      return findingOf(words, { status: 'unknown', expected, actual: 'not reported yet' });
  }
}
