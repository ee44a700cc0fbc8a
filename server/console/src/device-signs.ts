import type { DeviceDetail } from '../../../shared/api/schemas.ts';
import type { Health } from '../../../shared/protocol/health.ts';
import { healthOf } from './device-health.ts';
import { duration } from './time.ts';
import { count, percent } from './words.ts';

/** One thing about a device's health at a glance. */
export interface HealthSign {
  label: string;
  words: string;
  tone: 'plain' | 'warn' | 'bad';
}

const dayMs = 86_400_000;

/** A device's health in a handful of words, from what it reported last; what it never reported is left out. */
export function healthSigns(detail: DeviceDetail, now: number): HealthSign[] {
  const value = <N extends Parameters<typeof healthOf>[1]>(name: N) => healthOf(detail, name)?.value;
  return [
    ...loadSigns(value('load')),
    ...diskSigns(value('disks')),
    ...batterySigns(value('battery')),
    ...networkSigns(value('network')),
    ...temperatureSigns(value('temperatures')),
    ...systemSigns(value('os'), now),
  ];
}

const sign = (label: string, words: string, tone: HealthSign['tone'] = 'plain'): HealthSign => ({ label, words, tone });

const above = (value: number, warn: number, bad = Number.POSITIVE_INFINITY): HealthSign['tone'] =>
  value >= bad ? 'bad' : value >= warn ? 'warn' : 'plain';

function loadSigns(load: Health['load']): HealthSign[] {
  if (!load) return [];
  return [
    sign('Processor', percent(load.cpuPercent), above(load.cpuPercent, 90)),
    sign('Memory', percent(load.memoryUsedPercent), above(load.memoryUsedPercent, 85, 95)),
  ];
}

function diskSigns(disks: Health['disks']): HealthSign[] {
  if (!disks) return [];
  const fullest = disks.volumes.toSorted((a, b) => b.usedPercent - a.usedPercent)[0];
  const failing = disks.drives.filter(({ smart }) => smart === 'failing');
  return [
    ...(fullest
      ? [sign('Disk', `${fullest.mount} ${percent(fullest.usedPercent)} full`, above(fullest.usedPercent, 85, 95))]
      : []),
    ...failing.map(({ name }) => sign('Drive', `${name} is failing`, 'bad')),
  ];
}

function batterySigns(battery: Health['battery']): HealthSign[] {
  if (!battery?.present) return [];
  const { chargePercent, charging, lostPercent = 0 } = battery;
  const worn = lostPercent >= 30 ? `, ${percent(lostPercent)} worn` : '';
  const charge = chargePercent === undefined ? 'there' : `${percent(chargePercent)}${charging ? ', charging' : ''}`;
  return [sign('Battery', charge + worn, above(lostPercent, 40))];
}

const networkWords = {
  wired: 'Wired',
  wireless: 'Wi-Fi',
  cellular: 'Mobile',
  none: 'None',
  unknown: 'Not known',
} as const;

function networkSigns(network: Health['network']): HealthSign[] {
  if (!network) return [];
  const { kind, signalPercent } = network;
  const weak = kind === 'wireless' && signalPercent !== undefined && signalPercent < 40;
  const words = networkWords[kind] + (signalPercent === undefined ? '' : ` ${percent(signalPercent)}`);
  return [sign('Network', words, weak ? 'warn' : 'plain')];
}

function temperatureSigns(temperatures: Health['temperatures']): HealthSign[] {
  const hottest = Math.max(...(temperatures?.sensors.map(({ celsius }) => celsius) ?? []));
  return Number.isFinite(hottest) ? [sign('Hottest', `${Math.round(hottest)} °C`, above(hottest, 85, 95))] : [];
}

function systemSigns(os: Health['os'], now: number): HealthSign[] {
  if (!os) return [];
  const { bootedAt, pendingSecurityUpdates = 0, rebootRequired } = os;
  const updates = pendingSecurityUpdates > 0 ? `${count(pendingSecurityUpdates, 'security update')} waiting` : '';
  return [
    ...(bootedAt === undefined
      ? []
      : [sign('Running for', duration(now - bootedAt), above((now - bootedAt) / dayMs, 21))]),
    ...(updates || rebootRequired
      ? [sign('Updates', [updates, rebootRequired ? 'restart needed' : ''].filter(Boolean).join(', '), 'warn')]
      : []),
  ];
}
