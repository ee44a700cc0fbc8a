import { describe, expect, it } from 'vitest';
import { askChecks, demandedChecks as demandedBy } from '../../../../server/compliance/demand.ts';
import type { DeviceFacts } from '../../../../shared/compliance/facts.ts';
import { compliancePolicyDefaults, countsByDefault, settingsInForce } from '../../../../shared/compliance/policy.ts';

const demandedChecks = demandedBy(compliancePolicyDefaults);
const now = Date.UTC(2026, 9, 12);
const facts: DeviceFacts = {
  agentVersion: '1.0.0',
  observations: {
    diskEncryption: { state: 'encrypted', evidence: 'LUKS' },
    firewall: { state: 'off', evidence: 'nft' },
  },
  health: {
    os: { name: 'Debian GNU/Linux', version: '10', bootedAt: 0 },
    disks: { volumes: [], drives: [{ name: 'sda', smart: 'failing' }] },
    battery: { present: true, lostPercent: 90 },
  },
  openFindings: ['clock-changed'],
  webFilter: { asked: true, measured: 'blocked' },
};

describe('what the district demands', () => {
  it('is in the library', () => {
    expect([settingsInForce, ...demandedChecks.map(({ check }) => check)].sort()).toEqual([...countsByDefault].sort());
  });

  it('reads nothing that does not have a verdict judged again', () => {
    const withoutCondition = { ...facts, health: {}, openFindings: undefined };
    expect(askChecks(demandedChecks, withoutCondition, {}, now)).toEqual(askChecks(demandedChecks, facts, {}, now));
  });

  it('replaces the defaults of a check', () => {
    const [found] = askChecks(demandedChecks, facts, { 'agent-current': { oldest: '2.0.0' } }, now);
    expect(found).toMatchObject({ check: 'agent-current', status: 'fail', expected: 'version 2.0.0 or later' });
  });
});
