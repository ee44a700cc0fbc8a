import { describe, expect, it } from 'vitest';
import { macPosture, readFileVault, readGlobalState } from '../../../../agent/health/posture/darwin.ts';
import { readBitLocker, readManageBde, readProfiles, windowsPosture } from '../../../../agent/health/posture/win32.ts';
import { denied, done, missing, recordedCommands } from './recorded.ts';

const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const manageBde = 'C:\\Windows\\System32\\manage-bde.exe';

/** Property values as Microsoft documents them for Get-BitLockerVolume (BitLockerVolumeProtectionStatus, …VolumeStatus). */
const bitLocker = (protection: string, volume: string) =>
  done(`{"protection":"${protection}","volume":"${volume}"}\r\n`);
/** Layout of manage-bde -status as in Microsoft's "manage-bde status" page. */
const bdeStatus =
  'BitLocker Drive Encryption: Configuration Tool version 10.0.22621\r\n\r\nVolume C: [Windows]\r\n[OS Volume]\r\n\r\n    Size: 237 GB\r\n';

describe('Windows (never run; values made up in documented forms): disk encryption', () => {
  it.each([
    ['protected', readBitLocker(bitLocker('On', 'FullyEncrypted')), 'encrypted'],
    [
      'protected while the rest is being encrypted',
      readBitLocker(bitLocker('On', 'EncryptionInProgress')),
      'encrypted',
    ],
    ['suspended', readBitLocker(bitLocker('Off', 'FullyEncrypted')), 'not-encrypted'],
    ['decrypted', readBitLocker(bitLocker('Off', 'FullyDecrypted')), 'not-encrypted'],
    ['locked', readBitLocker(bitLocker('Unknown', 'FullyEncrypted')), 'unknown'],
    ['no such cmdlet', readBitLocker(done('', 1, "The term 'Get-BitLockerVolume' is not recognized")), 'unknown'],
    ['manage-bde: protected', readManageBde(done(bdeStatus, 0)), 'encrypted'],
    ['manage-bde: not protected', readManageBde(done(bdeStatus, 1)), 'not-encrypted'],
    [
      'manage-bde: an error that also exits with 1',
      readManageBde(done('ERROR: An error occurred (code 0x80070005):\r\nAccess is denied. C:', 1)),
      'unknown',
    ],
    [
      'manage-bde: no rights',
      readManageBde(done('ERROR: An attempt to access a required resource was denied.', -1)),
      'unknown',
    ],
  ])('%s', (_, observation, state) => {
    expect(observation.state).toBe(state);
  });
  it('asks manage-bde on editions without the module', async () => {
    const commands = recordedCommands({ [powershell]: done('', 1, 'not recognized'), [manageBde]: done(bdeStatus, 0) });
    expect(await windowsPosture(commands).diskEncryption()).toEqual({
      state: 'encrypted',
      evidence: 'manage-bde: C: is protected',
    });
  });
  it('is unknown with both reasons when neither can tell', async () => {
    const commands = recordedCommands({ [powershell]: denied });
    const { state, evidence } = await windowsPosture(commands).diskEncryption();
    expect(state).toBe('unknown');
    expect(evidence).toBe('Get-BitLockerVolume may not be asked by this account; manage-bde is not installed');
  });
});

const profiles = (...enabled: string[]) =>
  done(JSON.stringify(['Domain', 'Private', 'Public'].map((name, index) => ({ name, enabled: enabled[index] }))));

describe('Windows (never run; values made up in documented forms): firewall', () => {
  it.each([
    ['on for all three profiles', profiles('True', 'True', 'True'), 'on', /every profile/],
    ['off for one', profiles('True', 'True', 'False'), 'off', /off for: Public/],
    ['off for two', profiles('False', 'False', 'True'), 'off', /Domain, Private/],
    ['not configured', profiles('True', 'True', 'NotConfigured'), 'unknown', /no usable answer/],
    ['fewer profiles than Windows has', done('[{"name":"Public","enabled":"True"}]'), 'unknown', /no usable answer/],
    ['no PowerShell', missing, 'unknown', /not installed/],
    ['an error text', done('Get-NetFirewallProfile : Access is denied.', 1), 'unknown', /may not be asked/],
    ['numbers instead of names', done('[{"name":"Public","enabled":1}]'), 'unknown', /no usable answer/],
  ])('%s', (_, result, state, evidence) => {
    expect(readProfiles(result)).toEqual({ state, evidence: expect.stringMatching(evidence) });
  });
});

describe('macOS (never run; values made up in the sentences of fdesetup(8) and socketfilterfw)', () => {
  it.each([
    ['FileVault on', readFileVault(done('FileVault is On.\n')), 'encrypted'],
    ['FileVault off', readFileVault(done('FileVault is Off.\n')), 'not-encrypted'],
    [
      'still encrypting',
      readFileVault(done('FileVault is On.\nEncryption in progress: Percent completed = 42\n')),
      'not-encrypted',
    ],
    ['decrypting', readFileVault(done('Decryption in progress: Percent completed = 80\n')), 'not-encrypted'],
    ['an error', readFileVault(done('', 1, 'fdesetup: error')), 'unknown'],
    ['firewall on', readGlobalState(done('Firewall is enabled. (State = 1)\n')), 'on'],
    ['firewall off', readGlobalState(done('Firewall is disabled. (State = 0)\n')), 'off'],
    [
      'firewall blocks all',
      readGlobalState(done('Firewall is blocking all non-essential incoming connections. (State = 2)\n')),
      'on',
    ],
    ['firewall: other words', readGlobalState(done('Usage: socketfilterfw')), 'unknown'],
  ])('%s', (_, observation, state) => {
    expect(observation.state).toBe(state);
  });
  it('never repeats the user that a deferred enablement names', () => {
    const observation = readFileVault(
      done("FileVault is Off.\nDeferred enablement appears to be active for user 'alice'.\n"),
    );
    expect(JSON.stringify(observation)).not.toContain('alice');
  });
  it('is unknown where the tools are missing', async () => {
    const posture = macPosture(recordedCommands({}));
    expect([(await posture.diskEncryption()).state, (await posture.firewall()).state]).toEqual(['unknown', 'unknown']);
  });
});
