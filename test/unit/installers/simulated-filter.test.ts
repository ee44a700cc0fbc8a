import { describe, expect, it } from 'vitest';
import { simulatedActivity, simulatedRequest } from '../../../installers/simulated-filter.ts';
import { simulatedHealth } from '../../../installers/simulated-health.ts';
import { sampleLists, sampleProfiles } from '../../../server/demo/policy.ts';
import { ReportRecordSchema } from '../../../shared/protocol/messages.ts';
import { validator } from '../../../shared/schema.ts';

const now = Date.UTC(2026, 9, 5, 14);
const fleet = Array.from({ length: 40 }, (_, seed) => simulatedHealth(seed, now));
const schema = validator(ReportRecordSchema);

describe('people with simulated devices', () => {
  const requests = fleet.flatMap((device) => simulatedRequest(device, now) ?? []);

  it('ask a few times for different names, and for the same again after a restart', () => {
    expect(requests.map((request) => schema.problems(request))).toEqual([[], [], [], [], []]);
    expect(new Set(requests.map(({ name }) => name)).size).toBe(5);
    expect(fleet.flatMap((device) => simulatedRequest(device, now + 1)?.id ?? [])).toEqual(
      requests.map(({ id }) => id),
    );
  });

  it('ask for names that the sample policy blocks', () => {
    const listed = sampleLists().flatMap(({ text }) => text.split('\n'));
    const { blockedDomains = [], schedules = [] } = sampleProfiles[0]?.content.settings.webFilter ?? {};
    const blocked = [...listed, ...blockedDomains, ...schedules.flatMap(({ domains }) => domains)];
    const isBlocked = (name: string) => blocked.some((domain) => name === domain || name.endsWith(`.${domain}`));
    expect(requests.map(({ name }) => name).filter((name) => !isBlocked(name))).toEqual([]);
  });

  it('record numbers that add up', () => {
    for (const device of fleet) {
      const record = simulatedActivity(device, now - 900_000, now);
      expect(schema.problems(record)).toEqual([]);
      const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);
      expect(sum(record.categories.map(({ blocked }) => blocked))).toBe(record.blocked);
      expect(sum(record.names.map(({ count }) => count))).toBe(record.blocked);
      expect(record.asked).toBeGreaterThan(record.blocked);
    }
  });
});
