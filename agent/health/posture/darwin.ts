import type { CommandResult, Commands } from '../../platform/commands.ts';
import type { PostureReaders } from '../collector.ts';
import { macAntivirus } from './antivirus.ts';
import { readMacGuest, sysadminctl } from './guest.ts';
import { macLocalAdmins } from './local-admins.ts';
import { type Encryption, type Firewall, silence, unknown } from './observation.ts';
import { macScreenLock } from './screen-lock.ts';
import { macSecureBoot } from './secure-boot.ts';
import { macTimeSync } from './time-sync.ts';
import { macUpdates } from './updates.ts';
import { macUsbStorage } from './usb.ts';

export function macPosture(commands: Commands): PostureReaders {
  return {
    diskEncryption: async () => readFileVault(await commands.run('/usr/bin/fdesetup', ['status'])),
    firewall: async () =>
      readGlobalState(await commands.run('/usr/libexec/ApplicationFirewall/socketfilterfw', ['--getglobalstate'])),
    localAdmins: () => macLocalAdmins(commands),
    secureBoot: () => macSecureBoot(commands),
    antivirus: () => macAntivirus(commands),
    screenLock: () => macScreenLock(commands),
    updates: () => macUpdates(commands),
    timeSync: () => macTimeSync(commands),
    usbStorage: macUsbStorage,
    guestAccount: async () => readMacGuest(await commands.run(sysadminctl, ['-guestAccount', 'status'])),
  };
}

/** `fdesetup status` (fdesetup(8)). While encrypting it already says On; its further lines may name a user, so they stay here. */
export function readFileVault(result: CommandResult): Encryption {
  if (/^(En|De)cryption in progress/im.test(result.stdout))
    return { state: 'not-encrypted', evidence: 'FileVault is still being turned on or off' };
  const state = /^FileVault is (On|Off)\b/m.exec(result.stdout)?.[1];
  if (state === 'On') return { state: 'encrypted', evidence: 'FileVault is on' };
  return state === 'Off'
    ? { state: 'not-encrypted', evidence: 'FileVault is off' }
    : unknown(silence('fdesetup', result));
}

/** `socketfilterfw --getglobalstate`: the number counts (0 off, 1 on, 2 block all), the sentence varies by release. */
export function readGlobalState(result: CommandResult): Firewall {
  const state = /\(State = ([012])\)/.exec(result.stdout)?.[1];
  if (state === undefined) return unknown(silence('socketfilterfw', result));
  return state === '0'
    ? { state: 'off', evidence: 'The application firewall is off' }
    : {
        state: 'on',
        evidence: `The application firewall is on${state === '2' ? ' and blocks all incoming connections' : ''}`,
      };
}
