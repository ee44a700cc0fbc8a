import { describe, expect, it } from 'vitest';
import { nextHealth, type SimulatedDevice, simulatedHealth } from '../../../installers/simulated-health.ts';
import { decode, encode } from '../../../shared/protocol/codec.ts';
import { healthSchemas, observationSchemas } from '../../../shared/protocol/health.ts';
import { Hello, type ReportRecord } from '../../../shared/protocol/messages.ts';
import { validator } from '../../../shared/schema.ts';
import { SeededRandom } from '../../fakes/clock.ts';

/** A device tells each thing there is to tell. */
const kinds = Object.keys({ ...healthSchemas, ...observationSchemas }).length;
const now = Date.UTC(2026, 9, 5, 14);
const fleet = Array.from({ length: 40 }, (_, seed) => simulatedHealth(seed, now));

/** What the server would say to a report of these records. */
function refusal(records: readonly ReportRecord[]): string {
  const decoded = decode(
    Buffer.from(encode('report', 'r', { epoch: 'e', sequence: 1, records: [...records] })),
    'agent',
  );
  return decoded.ok ? '' : decoded.words;
}

function told(device: SimulatedDevice, name: string): Record<string, unknown> {
  const found = device.records.find((record) => (record.kind === 'health' ? record.collector : record.name) === name);
  return found?.value as Record<string, unknown>;
}

describe('simulated devices', () => {
  it('are always the same for a seed', () => {
    expect(simulatedHealth(7, now)).toEqual(fleet[7]);
    expect(simulatedHealth(8, now)).not.toEqual(fleet[7]);
  });

  it.each(fleet.map((device) => [device.hostname, device] as const))('%s is valid for the server', (_, device) => {
    expect(refusal(device.records)).toBe('');
    expect(device.records).toHaveLength(kinds);
    const { platform, os, hostname, hardware } = device;
    const spool = { epoch: 'e', next: 1 };
    const hello = {
      agentVersion: '0.1.0',
      platform,
      os,
      hostname,
      hardware,
      bootId: 'b',
      generation: 0,
      sections: {},
      spool,
    };
    expect(validator(Hello).problems(hello)).toEqual([]);
  });

  it('are forty different ones, marked by their name', () => {
    expect(new Set(fleet.map(({ hostname }) => hostname)).size).toBe(40);
    expect(new Set(fleet.map(({ hardware }) => hardware.id)).size).toBe(40);
    expect(new Set(fleet.map(({ hardware }) => hardware.serial)).size).toBe(40);
    for (const { hostname } of fleet) expect(hostname).toMatch(/^sim-\d{3}-[a-z0-9-]+$/);
  });

  it('cover three systems and a dozen models', () => {
    expect(new Set(fleet.map(({ platform }) => platform))).toEqual(new Set(['linux', 'win32', 'darwin']));
    expect(new Set(fleet.map(({ hardware }) => hardware.model)).size).toBeGreaterThanOrEqual(12);
  });

  it.each([
    ['a worn battery', 2, 15, (device: SimulatedDevice) => Number(told(device, 'battery').lostPercent) > 30],
    [
      'a nearly full disk',
      2,
      12,
      (device: SimulatedDevice) => JSON.stringify(told(device, 'disks')).match(/"usedPercent":9\d/) !== null,
    ],
    [
      'a hot processor',
      2,
      10,
      (device: SimulatedDevice) => JSON.stringify(told(device, 'temperatures')).match(/:(8[6-9]|9\d)/) !== null,
    ],
    ['a failing drive', 1, 6, (device: SimulatedDevice) => JSON.stringify(told(device, 'disks')).includes('failing')],
    ['the firewall off', 2, 10, (device: SimulatedDevice) => told(device, 'firewall').state === 'off'],
    [
      'an unencrypted disk',
      3,
      14,
      (device: SimulatedDevice) => told(device, 'diskEncryption').state === 'not-encrypted',
    ],
    ['many updates waiting', 4, 20, (device: SimulatedDevice) => Number(told(device, 'os').pendingUpdates) >= 3],
    [
      'nothing against it',
      15,
      36,
      (device: SimulatedDevice) =>
        told(device, 'firewall').state === 'on' && told(device, 'diskEncryption').state === 'encrypted',
    ],
  ])('some have %s', (_, least, most, has) => {
    const count = fleet.filter(has).length;
    expect(count).toBeGreaterThanOrEqual(least);
    expect(count).toBeLessThanOrEqual(most);
  });

  it('drift by small valid steps through a day, and send only what changed', () => {
    const random = new SeededRandom(11);
    for (const first of fleet.slice(0, 10)) {
      let device = first;
      let sent = 0;
      for (let minute = 5; minute <= 1440; minute += 5) {
        const next = nextHealth(device, random, now + minute * 60_000);
        for (const record of next.changed) expect(record.at).toBe(now + minute * 60_000);
        if (next.changed.length > 0) expect(refusal(next.changed)).toBe('');
        sent += next.changed.length;
        device = next.device;
      }
      expect(refusal(device.records)).toBe('');
      expect(device.records).toHaveLength(kinds);
      expect(device.hostname).toBe(first.hostname);
      expect(sent).toBeGreaterThan(20);
      expect(sent).toBeLessThan(288 * 5);
    }
  });
});
