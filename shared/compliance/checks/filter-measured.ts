import { strictObject } from '../../schema.ts';
import { defineCheck } from '../check.ts';
import { FilterReport } from '../facts.ts';

/**
 * Did the device ask for names that must be blocked, as its own programs ask, and were they? A setting that is applied
 * proves nothing. What was measured of earlier settings counts while a change is on its way: that it takes too long is for
 * the check of the section.
 */
export const filterMeasured = defineCheck({
  check: 'filter-measured',
  title: 'Web filter, measured',
  why: 'Settings can be in place and a page still open: only asking for blocked pages shows that the filter works.',
  fix: 'Switch off any VPN or private DNS, and restart the device while it is connected; if this stays, bring it to the helpdesk.',
  fixTechnician:
    'Open the device’s settings in the console: the evidence of the web filter names each page that was asked for and its answer. Look for another resolver, a proxy or a VPN.',
  severity: 'critical',
  observation: FilterReport,
  parameters: strictObject({}),
  defaults: {},
  expected: () => 'blocked pages asked for and blocked',
  reads: ['section:webFilter'],
  observe: ({ webFilter }) => webFilter,
  evaluate: ({ asked, measured }) => {
    if (!asked) return { status: 'not-applicable', actual: 'no web filter is asked of this device' };
    return measured === undefined ? { status: 'unknown', actual: 'not reported yet' } : said[measured];
  },
});

const said = {
  blocked: { status: 'pass', actual: 'asked for and blocked' },
  idle: { status: 'pass', actual: 'the filter answers; nothing had to be blocked at that hour' },
  'not-blocked': { status: 'fail', actual: 'not every page that must be blocked was' },
  none: { status: 'unknown', actual: 'not measured in the last report' },
} as const;
