import { describe, expect, it } from 'vitest';
import { isWrong, simulatedHealth, simulatedTampering } from '../../../installers/simulated-health.ts';
import { simulatedPast } from '../../../installers/simulated-past.ts';
import { refusedBy, restlessModel, simulatedSection, statusOf } from '../../../installers/simulated-sections.ts';
import { Dice } from '../../../server/demo/dice.ts';
import { sampleProfiles, screenReaderProfile } from '../../../server/demo/policy.ts';
import { scopedProfiles } from '../../../server/demo/scoped-policy.ts';
import type { CapabilityName } from '../../../shared/profile/registry.ts';
import { type ObservationRecord, ReportRecordSchema } from '../../../shared/protocol/messages.ts';
import { validator } from '../../../shared/schema.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 9, 5, 14);
const from = now - 42 * day;
const schema = validator(ReportRecordSchema);
const fleet = Array.from({ length: 40 }, (_, seed) => simulatedHealth(seed, now));
const pasts = fleet.map((device, seed) => simulatedPast(device, new Dice(seed), from, now));

const namesOf = (records: readonly { name: string }[]) => [...new Set(records.map(({ name }) => name))].toSorted();
const observations = (records: readonly object[]) =>
  records.filter((record): record is ObservationRecord => 'name' in record);

describe('the past of simulated devices', () => {
  it('is the same for the same throws', () => {
    expect(fleet.map((device, seed) => simulatedPast(device, new Dice(seed), from, now))).toEqual(pasts);
  });

  it('is valid for the server, in order, and within its weeks', () => {
    expect(pasts.flat().flatMap((record) => schema.problems(record))).toEqual([]);
    for (const past of pasts)
      expect(past.map(({ at }) => at)).toEqual(past.map(({ at }) => at).toSorted((a, b) => a - b));
    const times = pasts.flat().map(({ at }) => at);
    expect(Math.min(...times)).toBe(from);
    expect(Math.max(...times)).toBeLessThanOrEqual(now);
  });

  it('says something of all a device is asked for from the first day on', () => {
    for (const [seed, device] of fleet.entries())
      expect(namesOf((pasts[seed] ?? []).filter(({ at }) => at === from))).toEqual(
        namesOf(observations(device.records)),
      );
  });

  it('leads to what is wrong today', () => {
    for (const [seed, device] of fleet.entries())
      for (const today of observations(device.records).filter((record) => isWrong(record))) {
        const last = pasts[seed]?.findLast(({ name }) => name === today.name);
        expect(last?.value).toEqual(today.value);
      }
  });

  it('has failures that were put right, and some that began lately', () => {
    const turns = pasts.flat().filter(({ at }) => at > from);
    expect(turns.filter((record) => isWrong(record) === false).length).toBeGreaterThan(10);
    expect(turns.filter((record) => isWrong(record) && record.at > now - 7 * day).length).toBeGreaterThan(3);
  });
});

describe('settings on simulated devices', () => {
  const asked = [...sampleProfiles, screenReaderProfile('s-1'), ...scopedProfiles('2026-12-13T21:00:00Z')].flatMap(
    ({ content }) => Object.keys(content.settings),
  );
  const cases = [...new Set(asked)].map((name) => name as CapabilityName);

  it.each(cases)('%s of the sample profiles is answered on every system', (name) => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      const section = simulatedSection(name, platform);
      if (statusOf(section) === 'unsupported') expect(section.unsupportedWhy.length).toBeGreaterThan(10);
      else expect(section.evidence.filter(({ ok }) => ok)).not.toEqual([]);
    }
  });

  it.each([
    ['firewall', 'linux', 'verified'],
    ['screenLock', 'darwin', 'verified'],
    ['usbStorage', 'darwin', 'unsupported'],
    ['accessibility', 'win32', 'unsupported'],
    ['accessibility', 'darwin', 'unsupported'],
    ['browser', 'darwin', 'applied'],
    ['browser', 'win32', 'verified'],
  ] as const)('%s on %s is %s, as on a real one', (name, platform, status) => {
    expect(statusOf(simulatedSection(name, platform))).toBe(status);
  });

  it.each([
    ['Latitude 3140', { blockDeveloperTools: true }, false],
    ['Latitude 3140', { blockDeveloperTools: false, safeSearch: true }, true],
    ['Latitude 3140', { safeSearch: true }, true],
    ['Latitude 3120', { blockDeveloperTools: true }, true],
    [undefined, { blockDeveloperTools: true }, true],
  ] as const)('of the browser on a %s: %j, kept: %s', (model, desired, isKept) => {
    const lines = refusedBy(model, 'browser', desired);
    expect(lines.map(({ ok }) => ok)).toEqual(isKept ? [] : [false]);
    expect(refusedBy(model, 'firewall', { mode: 'audit' })).toEqual([]);
  });

  it('are refused by enough devices of one model that a rollout can be halted', () => {
    expect(fleet.filter(({ hardware }) => hardware.model === restlessModel).length).toBeGreaterThanOrEqual(3);
  });

  it('are tampered with on one device', () => {
    const found = fleet.flatMap((device) => simulatedTampering(device, now) ?? []);
    expect(found.flatMap((finding) => schema.problems(finding))).toEqual([]);
    expect(found).toHaveLength(1);
  });
});
