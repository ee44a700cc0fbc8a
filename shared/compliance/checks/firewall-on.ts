import type { Observations } from '../../protocol/health.ts';
import { type CheckWords, findingOf } from '../check.ts';
import type { CheckFinding } from '../verdict.ts';

const words: CheckWords = {
  check: 'firewall-on',
  title: 'Firewall',
  why: 'The firewall keeps other computers on the same network, at school or in a café, from reaching into this one.',
  fix: 'Switch the firewall on in the system settings; if they refuse, ask the helpdesk.',
};
const expected = 'on';

/** Is the host's firewall on? What was not observed is unknown. */
export function evaluate(observation: Observations['firewall']): CheckFinding {
  switch (observation?.state) {
    case 'on':
      return findingOf(words, { status: 'pass', expected, actual: 'on' });
    case 'off':
      return findingOf(words, { status: 'fail', expected, actual: 'off' });
    case 'unknown':
      return findingOf(words, { status: 'unknown', expected, actual: `not known (${observation.evidence})` });
    case undefined:
      return findingOf(words, { status: 'unknown', expected, actual: 'not reported yet' });
  }
}
