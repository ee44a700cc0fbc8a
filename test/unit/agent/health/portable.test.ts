import { describe, expect, it } from 'vitest';
import {
  mapBattery,
  mapDisks,
  mapNetwork,
  mapOs,
  mapSystem,
  mapTemperatures,
} from '../../../../agent/health/portable/map.ts';
import { parseMacUpdates, parseWindowsUpdates } from '../../../../agent/health/portable/updates.ts';
import { type HealthCollectorName, healthSchemas } from '../../../../shared/protocol/health.ts';
import { validator } from '../../../../shared/schema.ts';
import { done } from './recorded.ts';

const fits = (name: HealthCollectorName, value: unknown) => validator(healthSchemas[name]).problems(value);

/** Shapes of systeminformation 5.33 as its type declarations and its parsers of Windows and macOS give them. */
describe('systeminformation on Windows and macOS (not run here; from its documented shapes)', () => {
  it('system: fillers of the firmware are left out', () => {
    const system = mapSystem(
      { manufacturer: 'HP', model: 'HP ProBook 445 G9', serial: 'Default string' },
      { version: 'U82 Ver. 01.14.00' },
      { manufacturer: 'AMD', brand: 'Ryzen 5 5625U', cores: 12 },
      17_179_869_184,
    );
    expect(system).toEqual({
      maker: 'HP',
      model: 'HP ProBook 445 G9',
      cpu: 'AMD Ryzen 5 5625U',
      cores: 12,
      memoryBytes: 17_179_869_184,
      biosVersion: 'U82 Ver. 01.14.00',
    });
    expect(fits('system', system)).toEqual([]);
  });
  it('os', () => {
    const os = mapOs(
      { distro: 'Microsoft Windows 11 Education', release: '10.0.22631', kernel: '10.0.22631', platform: 'Windows' },
      1_791_000_000_000.7,
    );
    expect(os).toEqual({
      name: 'Microsoft Windows 11 Education',
      version: '10.0.22631',
      kernel: '10.0.22631',
      bootedAt: 1_791_000_000_001,
    });
    expect(fits('os', os)).toEqual([]);
  });
  it('disks: USB drives and what people mounted are left out', () => {
    const volume = (mount: string, type = 'NTFS') => ({ mount, type, size: 255_000_000_000, use: 91.42 });
    const drive = {
      name: 'SAMSUNG MZALQ256',
      device: '\\\\.\\PHYSICALDRIVE0',
      type: 'SSD',
      interfaceType: 'PCIe',
      size: 256_060_514_304,
      smartStatus: 'Ok',
      temperature: null,
    };
    const disks = mapDisks(
      [volume('C:'), volume('/Volumes/ALICE'), volume('/', 'APFS'), { ...volume('D:'), size: 0 }],
      [
        drive,
        { ...drive, name: 'STICK', interfaceType: 'USB' },
        { ...drive, smartStatus: 'Predicted Failure', temperature: 48 },
        { ...drive, smartStatus: 'not supported' },
      ],
    );
    expect(disks.volumes.map(({ mount }) => mount)).toEqual(['C:', '/']);
    expect(disks.drives.map(({ kind, smart, celsius }) => [kind, smart, celsius])).toEqual([
      ['NVMe', 'ok', undefined],
      ['NVMe', 'failing', 48],
      ['NVMe', 'unknown', undefined],
    ]);
    expect(fits('disks', disks)).toEqual([]);
  });
  it.each([
    [
      'a worn MacBook',
      {
        hasBattery: true,
        percent: 61,
        isCharging: false,
        cycleCount: 903,
        designedCapacity: 50_000,
        maxCapacity: 37_500,
        capacityUnit: 'mWh',
      },
      { present: true, chargePercent: 61, charging: false, cycles: 903, designWh: 50, fullWh: 37.5, lostPercent: 25 },
    ],
    [
      'a Windows laptop that does not count cycles',
      {
        hasBattery: true,
        percent: 100,
        isCharging: true,
        cycleCount: 0,
        designedCapacity: 0,
        maxCapacity: 41_000,
        capacityUnit: 'mWh',
      },
      { present: true, chargePercent: 100, charging: true, fullWh: 41 },
    ],
    [
      'a capacity in other units',
      {
        hasBattery: true,
        percent: 50,
        isCharging: true,
        cycleCount: 0,
        designedCapacity: 4000,
        maxCapacity: 3000,
        capacityUnit: 'mAh',
      },
      { present: true, chargePercent: 50, charging: true, lostPercent: 25 },
    ],
    [
      'no battery',
      {
        hasBattery: false,
        percent: 0,
        isCharging: false,
        cycleCount: 0,
        designedCapacity: 0,
        maxCapacity: 0,
        capacityUnit: '',
      },
      { present: false },
    ],
  ])('battery: %s', (_, battery, expected) => {
    expect(mapBattery(battery)).toEqual(expected);
    expect(fits('battery', mapBattery(battery))).toEqual([]);
  });
  it('temperatures: none where Windows does not tell', () => {
    expect(mapTemperatures({ main: 54, max: 60 })).toEqual({ sensors: [{ name: 'cpu', celsius: 54 }] });
    expect(mapTemperatures({ main: null as unknown as number, max: -1 })).toBeUndefined();
  });
  it.each([
    ['wired', { type: 'wired', operstate: 'up', speed: 1000 }, [], { kind: 'wired', linkMbps: 1000 }],
    [
      'wireless',
      { type: 'wireless', operstate: 'up', speed: 433 },
      [{ quality: 84 }],
      { kind: 'wireless', signalPercent: 84 },
    ],
    ['wireless without a reading', { type: 'wireless', operstate: 'up', speed: null }, [], { kind: 'wireless' }],
    ['of no known kind', { type: '', operstate: 'unknown', speed: null }, [], { kind: 'unknown' }],
    ['down', { type: 'wired', operstate: 'down', speed: null }, [], { kind: 'none' }],
    ['absent', undefined, [], { kind: 'none' }],
  ])('network: %s', (_, network, wifi, expected) => {
    expect(mapNetwork(network, wifi)).toEqual(expected);
    expect(fits('network', mapNetwork(network, wifi))).toEqual([]);
  });
});

describe('pending updates on Windows and macOS (not run here; from documented output)', () => {
  it.each([
    [
      'Windows: counts',
      parseWindowsUpdates(done('{"pending":4,"security":1,"reboot":true}')),
      { pendingUpdates: 4, pendingSecurityUpdates: 1, rebootRequired: true },
    ],
    ['Windows: an error', parseWindowsUpdates(done('Exception from HRESULT: 0x8024402C', 1)), {}],
    ['Windows: wrong types', parseWindowsUpdates(done('{"pending":-1,"security":"x","reboot":1}')), {}],
    [
      'macOS: two',
      parseMacUpdates(
        done(
          'Software Update found the following new or updated software:\n* Label: macOS Sonoma 14.6.1-23G93\n\tTitle: macOS Sonoma 14.6.1, Version: 14.6.1, Recommended: YES, Action: restart,\n* Label: Safari17.6\n\tTitle: Safari\n',
        ),
      ),
      { pendingUpdates: 2 },
    ],
    [
      'macOS: none',
      parseMacUpdates(done('Software Update Tool\n', 0, 'No new software available.\n')),
      { pendingUpdates: 0 },
    ],
    ['macOS: an error', parseMacUpdates(done('', 1, 'cannot connect')), {}],
  ])('%s', (_, updates, expected) => {
    expect(updates).toEqual(expected);
  });
});
