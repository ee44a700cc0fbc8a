import { describe, expect, it } from 'vitest';
import { type Check, findingOf } from '../../../shared/compliance/check.ts';
import { agentCurrent, compareVersions } from '../../../shared/compliance/checks/agent-current.ts';
import { antivirusOn } from '../../../shared/compliance/checks/antivirus-on.ts';
import { diskEncrypted } from '../../../shared/compliance/checks/disk-encrypted.ts';
import { firewallOn } from '../../../shared/compliance/checks/firewall-on.ts';
import { notLocalAdmin } from '../../../shared/compliance/checks/not-local-admin.ts';
import {
  deadlineOf,
  expected,
  outcomeOf,
  type SectionObservation,
  wordsFor,
} from '../../../shared/compliance/checks/policy-verified.ts';
import { secureBoot } from '../../../shared/compliance/checks/secure-boot.ts';
import { CheckFinding, type FindingStatus } from '../../../shared/compliance/verdict.ts';
import { validator } from '../../../shared/schema.ts';

const finding = validator(CheckFinding);
const rights = (state: string) => ({ state, users: 2, admins: 1, evidence: 'seen' });
const unknownWith = (evidence: string) => ({ state: 'unknown', evidence });
const hour = 3_600_000;
const now = 100 * hour;

describe('a check that reads a state', () => {
  it.each<[string, Check, unknown, FindingStatus, string]>([
    ['passes an encrypted disk', diskEncrypted, { state: 'encrypted', evidence: 'LUKS' }, 'pass', 'encrypted'],
    ['fails a plain disk', diskEncrypted, { state: 'not-encrypted', evidence: 'ext4' }, 'fail', 'not encrypted'],
    ['says why it is not known', diskEncrypted, unknownWith('no access'), 'unknown', 'not known (no access)'],
    ['passes a firewall that is on', firewallOn, { state: 'on', evidence: 'nft' }, 'pass', 'on'],
    ['fails one that is off', firewallOn, { state: 'off', evidence: 'nft' }, 'fail', 'off'],
    ['passes an ordinary account', notLocalAdmin, rights('not-admin'), 'pass', 'an ordinary account'],
    ['fails an administrator', notLocalAdmin, rights('admin'), 'fail', 'an administrator'],
    ['keeps rights nobody could tell open', notLocalAdmin, rights('unknown'), 'unknown', 'not known (seen)'],
    ['passes secure boot', secureBoot, { state: 'on', evidence: '' }, 'pass', 'on'],
    ['fails secure boot that is off', secureBoot, { state: 'off', evidence: '' }, 'fail', 'off'],
    [
      'asks no secure boot of a device without',
      secureBoot,
      { state: 'unsupported', evidence: '' },
      'not-applicable',
      'this device has none',
    ],
    ['passes an antivirus that runs', antivirusOn, { state: 'on', evidence: '' }, 'pass', 'on'],
    ['fails one that does not', antivirusOn, { state: 'off', evidence: '' }, 'fail', 'off'],
    [
      'asks none of a system that comes without',
      antivirusOn,
      { state: 'not-expected', evidence: '' },
      'not-applicable',
      'this system comes without a scanner',
    ],
    ['cuts a long reason', firewallOn, unknownWith('x'.repeat(500)), 'unknown', 'not known (xxx'],
  ])('%s', (_, check, observation, status, actual) => {
    const found = findingOf(check, check.evaluate(observation, {}, now), check.severity);
    expect(found).toMatchObject({ status, actual: expect.stringContaining(actual) });
    expect(finding.problems(found)).toEqual([]);
  });
});

describe('the agent check', () => {
  it.each<[string, string, string, FindingStatus]>([
    ['passes the same version', '1.2.3', '1.2.3', 'pass'],
    ['passes a later one', '1.10.0', '1.9.9', 'pass'],
    ['fails an older one', '1.2.3', '1.2.4', 'fail'],
    ['compares numbers, not letters', '9.0.0', '10.0.0', 'fail'],
    ['takes missing numbers as zero', '1.2', '1.2.0', 'pass'],
    ['leaves suffixes aside', '1.2.3-dev+5', '1.2.3', 'pass'],
    ['does not guess', 'unversioned', '1.2.3', 'unknown'],
  ])('%s', (_, version, oldest, status) => {
    const found = agentCurrent.evaluate({ version }, { oldest }, now);
    expect(found).toMatchObject({ status, expected: `version ${oldest} or later` });
  });

  it('orders versions both ways', () => {
    expect(compareVersions('2.0', '1.9')).toBeGreaterThan(0);
    expect(compareVersions('1.9', '2.0')).toBeLessThan(0);
    expect(compareVersions('', '1')).toBeUndefined();
  });
});

describe('the policy check', () => {
  const observed = (said: Partial<SectionObservation>): SectionObservation => ({
    section: 'webFilter',
    title: 'Web filter',
    standing: 'pending',
    failure: null,
    provedBefore: false,
    waitingSince: now,
    wasLate: false,
    ...said,
  });

  it.each<[string, Partial<SectionObservation>, FindingStatus, string]>([
    ['passes what the device proved', { standing: 'verified' }, 'pass', 'in force and proved'],
    [
      'fails what the device could not apply',
      { standing: 'failed', failure: 'port in use' },
      'fail',
      'failed (port in use)',
    ],
    ['fails a failure without words', { standing: 'failed' }, 'fail', 'failed (the device did not say why)'],
    ['does not apply where it cannot', { standing: 'unsupported' }, 'not-applicable', 'this device cannot do this'],
    ['knows nothing of what was never reported', {}, 'unknown', 'not reported yet'],
    [
      'goes on passing what was proved while a change is on its way',
      { provedBefore: true },
      'pass',
      'in force; a change is on its way',
    ],
    ['fails after the grace', { waitingSince: now - hour, provedBefore: true }, 'fail', 'not applied in time'],
    [
      'does not fail a moment before',
      { waitingSince: now - hour + 1, provedBefore: true },
      'pass',
      'in force; a change is on its way',
    ],
    [
      'does not fail a device that is away',
      { waitingSince: null, provedBefore: true },
      'pass',
      'in force; a change is on its way',
    ],
    ['goes on failing what was late, also away', { waitingSince: null, wasLate: true }, 'fail', 'not applied in time'],
    [
      'never passes what was not proved',
      { standing: 'applied', waitingSince: now - 9 * hour },
      'unknown',
      'applied, but not proved',
    ],
  ])('%s', (_, said, status, actual) => {
    const outcome = outcomeOf(observed(said), { now, graceMs: hour });
    const found = findingOf(wordsFor(observed(said)), { expected, ...outcome }, 'critical');
    expect(found).toMatchObject({ check: 'policy-verified:webFilter', title: 'Web filter', status, actual });
    expect(finding.problems(found)).toEqual([]);
  });

  it.each<[string, Partial<SectionObservation>, number | null]>([
    ['is the end of the grace', { waitingSince: now - 5 }, now - 5 + hour],
    ['is over once it has passed', { waitingSince: now - hour }, null],
    ['is none for a device that is away', { waitingSince: null }, null],
    ['is none once the device has proved it', { standing: 'verified' }, null],
  ])('has a deadline that %s', (_, said, deadline) => {
    expect(deadlineOf(observed(said), { now, graceMs: hour })).toBe(deadline);
  });
});
