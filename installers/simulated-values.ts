import type { HealthValue, ObservationValue } from '../agent/health/collector.ts';
import type { Random } from '../shared/clock.ts';
import type { LaptopModel } from './simulated-models.ts';

/** Randomness for the simulation; seeded where it must be repeatable. */
export type Chance = Pick<Random, 'unit'>;

/** What is wrong with the device; most have nothing, some have several. */
export interface Troubles {
  worn: boolean;
  full: boolean;
  hot: boolean;
  failingDrive: boolean;
  firewallOff: boolean;
  unencrypted: boolean;
  behind: boolean;
}

const day = 86_400_000;
const gigabyte = 1e9;

/** Rounded to a multiple of `size`, as the agent's own values are. */
export const step = (value: number, size: number) => Math.round(value / size) * size;

/** What is wrong with one device, by rough shares. */
export function troublesOf(chance: Chance): Troubles {
  const odds = (share: number) => chance.unit() < share;
  return {
    worn: odds(0.25),
    full: odds(0.15),
    hot: odds(0.12),
    failingDrive: odds(0.1),
    firewallOff: odds(0.1),
    unencrypted: odds(0.15),
    behind: odds(0.3),
  };
}

/** What the device is. */
export function systemOf(model: LaptopModel, serial: string, chance: Chance): HealthValue<'system'> {
  const { maker, cpu, cores, memoryGiB } = model;
  const biosVersion = `1.${Math.floor(30 * chance.unit())}.0`;
  return { maker, model: model.model, serial, cpu, cores, memoryBytes: memoryGiB * 2 ** 30, biosVersion };
}

/** The operating system; a device left behind has many updates waiting and has not been restarted for weeks. */
export function osOf(model: LaptopModel, { behind }: Troubles, chance: Chance, now: number): HealthValue<'os'> {
  const pendingUpdates = Math.floor(
    (behind ? 20 + 80 * chance.unit() : 4 * chance.unit()) / (model.platform === 'linux' ? 1 : 8),
  );
  return {
    ...model.os,
    bootedAt: Math.floor(now - (behind ? 40 : 4) * day * chance.unit()),
    pendingUpdates,
    pendingSecurityUpdates: Math.floor(pendingUpdates * 0.4),
    rebootRequired: behind && chance.unit() < 0.6,
  };
}

/** One volume on one drive. */
export function disksOf(model: LaptopModel, { full, failingDrive }: Troubles, chance: Chance): HealthValue<'disks'> {
  const usedPercent = Math.round(full ? 94 + 5 * chance.unit() : 25 + 50 * chance.unit());
  const volume = {
    linux: { mount: '/', kind: 'ext4' },
    darwin: { mount: '/', kind: 'APFS' },
    win32: { mount: 'C:', kind: 'NTFS' },
  }[model.platform];
  return {
    volumes: [{ ...volume, sizeBytes: Math.round(model.diskGB * 0.94) * gigabyte, usedPercent }],
    drives: [
      {
        name: model.drive,
        kind: model.driveKind,
        sizeBytes: model.diskGB * gigabyte,
        smart: failingDrive ? 'failing' : 'ok',
        wearPercent: Math.round(failingDrive ? 90 + 10 * chance.unit() : 40 * chance.unit()),
      },
    ],
  };
}

/** The battery; cycles grow with what is lost. */
export function batteryOf(model: LaptopModel, { worn }: Troubles, chance: Chance): HealthValue<'battery'> {
  const lost = worn ? 0.35 + 0.25 * chance.unit() : 0.02 + 0.18 * chance.unit();
  return {
    present: true,
    chargePercent: step(15 + 80 * chance.unit(), 5),
    charging: chance.unit() < 0.4,
    cycles: Math.floor(40 + lost * 1500 + 60 * chance.unit()),
    designWh: model.designWh,
    fullWh: step(model.designWh * (1 - lost), 0.5),
    lostPercent: Math.round(lost * 100),
  };
}

/** Wireless, as nearly everywhere in a school; some sit at a cable. */
export function networkOf(chance: Chance): HealthValue<'network'> {
  return chance.unit() < 0.1
    ? { kind: 'wired', linkMbps: 1000 }
    : { kind: 'wireless', signalPercent: step(40 + 60 * chance.unit(), 20) };
}

/** The footprint of a healthy agent. */
export function agentOf(version: string, chance: Chance, now: number): HealthValue<'agent'> {
  const residentBytes = (60 + Math.floor(12 * chance.unit())) * 2 ** 20;
  return {
    version,
    residentBytes,
    cpuPercent: 0,
    startedAt: Math.floor(now - 3 * day * chance.unit()),
    spooledRecords: 0,
  };
}

/** The observation in the words of the platform, marked as simulated. */
export function encryptionOf(
  { platform }: { platform: LaptopModel['platform'] },
  off: boolean,
): ObservationValue<'diskEncryption'> {
  const words = {
    linux: ['lsblk: / is on an encrypted (crypt) device', 'lsblk: / is on a device without encryption'],
    darwin: ['FileVault is on', 'FileVault is off'],
    win32: ['BitLocker protects C:', 'BitLocker does not protect C:'],
  }[platform];
  return off
    ? { state: 'not-encrypted', evidence: `Simulated. ${words[1]}` }
    : { state: 'encrypted', evidence: `Simulated. ${words[0]}` };
}

/** The observation in the words of the platform, marked as simulated. */
export function firewallOf(
  { platform }: { platform: LaptopModel['platform'] },
  off: boolean,
): ObservationValue<'firewall'> {
  const words = {
    linux: [
      'nftables: the input chain drops what no rule allows',
      'nftables: no input chain drops what no rule allows',
    ],
    darwin: ['The application firewall is on', 'The application firewall is off'],
    win32: ['Windows Firewall is on for every profile', 'Windows Firewall is off for: Private, Public'],
  }[platform];
  return off
    ? { state: 'off', evidence: `Simulated. ${words[1]}` }
    : { state: 'on', evidence: `Simulated. ${words[0]}` };
}

const systems: Readonly<Record<LaptopModel['platform'], string>> = {
  linux: 'GNOME',
  darwin: 'macOS',
  win32: 'Windows',
};

/** As the platform tells it, marked as simulated. */
export function screenLockOf(
  { platform }: Pick<LaptopModel, 'platform'>,
  open: boolean,
): ObservationValue<'screenLock'> {
  if (open) return { state: 'not-enforced', evidence: `Simulated. ${systems[platform]}: each person sets the lock` };
  return {
    state: 'enforced',
    afterSeconds: 605,
    evidence: `Simulated. ${systems[platform]}: the lock is set for everybody`,
  };
}

/** Two ordinary accounts, the school's own among them. */
export function localAdminsOf(personIsAdmin: boolean): ObservationValue<'localAdmins'> {
  const state = personIsAdmin ? 'admin' : 'not-admin';
  const words = `The person signed in is ${personIsAdmin ? 'an' : 'no'} administrator`;
  return { state, users: 2, admins: personIsAdmin ? 2 : 1, evidence: `Simulated. ${words}` };
}

/** As the platform tells it, marked as simulated. Most Chromebooks with another system have no such thing. */
export function secureBootOf({
  platform,
  model,
}: Pick<LaptopModel, 'platform' | 'model'>): ObservationValue<'secureBoot'> {
  if (platform === 'linux' && /Chromebook/.test(model))
    return { state: 'unsupported', evidence: 'Simulated. This device does not start by UEFI' };
  const words = {
    linux: 'UEFI: SecureBoot is 1',
    darwin: 'bputil: full security',
    win32: 'Confirm-SecureBootUEFI: True',
  };
  return { state: 'on', evidence: `Simulated. ${words[platform]}` };
}

/** As the platform tells it, marked as simulated. */
export function antivirusOf({ platform }: Pick<LaptopModel, 'platform'>): ObservationValue<'antivirus'> {
  if (platform === 'linux') return { state: 'not-expected', evidence: 'Simulated. No ClamAV' };
  const words = { darwin: 'Gatekeeper and XProtect are on', win32: 'Microsoft Defender looks at every file' }[platform];
  return { state: 'on', evidence: `Simulated. ${words}` };
}

/** A device left behind is one that does not update itself. */
export function updatesOf({ platform }: Pick<LaptopModel, 'platform'>, behind: boolean): ObservationValue<'updates'> {
  const words = { linux: 'apt', darwin: 'macOS', win32: 'Windows Update' }[platform];
  return behind
    ? { state: 'not-automatic', evidence: `Simulated. ${words}: automatic updates are off` }
    : { state: 'automatic', evidence: `Simulated. ${words}: updates install by themselves` };
}

/** As the platform tells it, marked as simulated: schools differ, so a device that is behind also takes sticks. */
export function usbStorageOf(
  { platform }: Pick<LaptopModel, 'platform'>,
  behind: boolean,
): ObservationValue<'usbStorage'> {
  if (platform === 'darwin')
    return { state: 'unknown', evidence: 'Simulated. Only MDM can tell what USB storage may do on a Mac' };
  return behind
    ? { state: 'allowed', evidence: 'Simulated. Nothing refuses the driver of USB storage' }
    : { state: 'blocked', evidence: 'Simulated. The driver of USB storage is refused' };
}

/** As the platform tells it, marked as simulated. */
export function guestAccountOf({ platform }: Pick<LaptopModel, 'platform'>): ObservationValue<'guestAccount'> {
  return platform === 'linux'
    ? { state: 'not-applicable', evidence: 'Simulated. No display manager with guest sessions' }
    : { state: 'off', evidence: 'Simulated. The guest account is disabled' };
}

/** As the platform tells it, marked as simulated. */
export function timeSyncOf({ platform }: Pick<LaptopModel, 'platform'>): ObservationValue<'timeSync'> {
  const words = { linux: 'systemd', darwin: 'macOS', win32: 'Windows' }[platform];
  return { state: 'synchronised', offsetSeconds: 0, evidence: `Simulated. ${words}: the clock is synchronised` };
}
