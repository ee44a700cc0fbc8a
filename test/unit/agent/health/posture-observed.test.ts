import { describe, expect, it } from 'vitest';
import {
  linuxAntivirus,
  readClamav,
  readGatekeeper,
  readWindowsAntivirus,
} from '../../../../agent/health/posture/antivirus.ts';
import {
  linuxSecureBoot,
  macSecureBoot,
  readBootPolicy,
  readConfirmSecureBoot,
  readEfiVariable,
  readMokutil,
  readSecureBootLevel,
} from '../../../../agent/health/posture/secure-boot.ts';
import { denied, done, missing, recordedCommands } from './recorded.ts';

/*
 * Where the texts come from: [run] printed on a machine here; [source] the program's own source; [vendor] its maker's
 * documentation; [capture] output that somebody published; [form] made up in the same form, as no source was found.
 * What has no mark is made up too. Windows and macOS were never run. Texts with their sources: test/golden/outputs.
 */

describe('secure boot on Linux', () => {
  const firmware = (...folders: string[]) => ({ list: async () => folders });
  it.each([
    ['[source] 6 0 0 0 1 (UEFI 2.10, 3.3: SecureBoot)', done('   6   0   0   0   1\n'), 'on'],
    ['[source] 6 0 0 0 0', done('   6   0   0   0   0\n'), 'off'],
    ['[source] a value that is neither', done('   6   0   0   0   7\n'), undefined],
    ['[source] a variable that is cut short', done('   6   0\n'), undefined],
    [
      '[run] no such variable, on a machine in a container',
      done(
        '',
        1,
        'od: /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c: No such file or directory',
      ),
      undefined,
    ],
    ['empty', done(''), undefined],
  ])('reads the variable: %s', (_, result, state) => {
    expect(readEfiVariable(result)?.state).toBe(state);
  });

  it.each([
    ['[source] mokutil.c', done('SecureBoot enabled\n'), 'on'],
    ['[source] mokutil.c', done('SecureBoot disabled\n'), 'off'],
    ['[source] mokutil.c, in setup mode', done('SecureBoot disabled\nPlatform is in Setup Mode\n'), 'off'],
    ['[source] mokutil.c, setup mode beside enabled', done('SecureBoot enabled\nPlatform is in Setup Mode\n'), 'off'],
    [
      '[run] a machine that starts by BIOS',
      done('', 1, 'EFI variables are not supported on this system\n'),
      'unsupported',
    ],
    ['[source] mokutil.c, no variable', done('', 1, 'Failed to read SecureBoot\n'), 'unknown'],
    ['[source] mokutil.c, no answer', done('SecureBoot unknown'), 'unknown'],
    ['not installed', missing, 'unknown'],
    ['denied', denied, 'unknown'],
    ['empty', done(''), 'unknown'],
  ])('asks mokutil: %s', (_, result, state) => {
    expect(readMokutil(result).state).toBe(state);
  });

  it('asks mokutil only without the variable', async () => {
    const od = '/usr/bin/od';
    const both = recordedCommands({ [od]: done(' 6 0 0 0 1'), '/usr/bin/mokutil': done('SecureBoot disabled') });
    expect((await linuxSecureBoot(both, firmware('efi', 'acpi'))).state).toBe('on');
    expect(both.calls).toHaveLength(1);
  });

  it.each([
    ['[run] a virtual machine that starts without UEFI', ['acpi', 'memmap'], 'unsupported'],
    ['a container, from which the firmware is hidden', [], 'unknown'],
    ['a machine with UEFI where nothing can be asked', ['acpi', 'efi'], 'unknown'],
  ])('looks for UEFI: %s', async (_, folders, state) => {
    expect((await linuxSecureBoot(recordedCommands({}), firmware(...folders))).state).toBe(state);
  });
});

describe('secure boot on Windows (not run here)', () => {
  it.each([
    ['[vendor] Confirm-SecureBootUEFI', done('True\r\n'), 'on'],
    ['[vendor] Confirm-SecureBootUEFI', done('False\r\n'), 'off'],
    [
      '[form] on BIOS, with the number of the status',
      done('', 1, 'Confirm-SecureBootUEFI : Cmdlet not supported on this platform: 0xC0000002\r\n'),
      'unsupported',
    ],
    [
      '[form] without rights; the first sentences are those of the reference',
      done(
        '',
        1,
        'Confirm-SecureBootUEFI : Unable to set proper privileges. Access was denied.\r\n    + FullyQualifiedErrorId : SetPrivilegeFailed,Microsoft.SecureBoot.Commands.ConfirmSecureBootUefiCommand',
      ),
      'unknown',
    ],
    ['an answer with a failed exit', done('True\r\n', 1), 'unknown'],
    ['no PowerShell', missing, 'unknown'],
    ['empty', done(''), 'unknown'],
  ])('%s', (_, result, state) => {
    expect(readConfirmSecureBoot(result).state).toBe(state);
  });
});

/** [capture] bputil -d, macOS 12 and later; other modes put into the same lines. */
const bootPolicy = (mode: string) =>
  [
    'Kext Receipt Hash                       (auxr): absent',
    'CustomKC or fuOS Image4 Hash            (coih): absent',
    `Security Mode:               ${mode}`,
    '3rd Party Kexts Status:      Disabled   (smb2): absent',
    'SIP Status:                  Enabled    (sip0): absent',
    '',
  ].join('\n');

describe('secure boot on macOS (not run here)', () => {
  it.each([
    ['[capture] full', done(bootPolicy('Full       (smb0): absent')), 'on'],
    ['[vendor] reduced, by bputil(1)', done(bootPolicy('Reduced    (smb0): 1')), 'on'],
    ['[capture] permissive', done(bootPolicy('Permissive (smb0 && smb1): 1')), 'off'],
    ['without rights: a failed exit and no policy', done('', 1), 'unknown'],
    ['not there, on a Mac with Intel', missing, 'unknown'],
    ['empty', done(''), 'unknown'],
  ])('reads the policy: %s', (_, result, state) => {
    expect(readBootPolicy(result).state).toBe(state);
  });

  const variable = '94B73556-2197-4702-82A8-3E1337DAFBFB:AppleSecureBootPolicy';
  it.each([
    ['[capture] full', done(`${variable}\t%02\n`), 'on'],
    ['[form] medium', done(`${variable}\t%01\n`), 'on'],
    ['[form] none', done(`${variable}\t%00\n`), 'off'],
    [
      'a Mac without it',
      done('', 1, "nvram: Error getting variable - '…': (iokit/common) data was not found"),
      undefined,
    ],
    ['empty', done(''), undefined],
  ])('reads the level: %s', (_, result, state) => {
    expect(readSecureBootLevel(result)?.state).toBe(state);
  });

  it('asks the firmware where there is no policy', async () => {
    const commands = recordedCommands({ '/usr/sbin/nvram': done(`${variable}\t%02\n`) });
    expect((await macSecureBoot(commands)).state).toBe('on');
    expect((await macSecureBoot(recordedCommands({}))).evidence).toBe('bputil is not installed');
  });
});

const unit = (load: string, active: string) => `LoadState=${load}\nActiveState=${active}\n`;
const none = unit('not-found', 'inactive');

describe('antivirus on Linux', () => {
  it.each([
    ['[source] none installed (systemctl(1))', done([none, none].join('\n')), 'not-expected'],
    ['[source] Debian’s unit runs', done([unit('loaded', 'active'), none].join('\n')), 'on'],
    ['[source] Fedora’s unit runs', done([none, unit('loaded', 'active')].join('\n')), 'on'],
    ['[source] stopped', done([unit('loaded', 'inactive'), none].join('\n')), 'off'],
    ['[source] failed', done([unit('loaded', 'failed'), none].join('\n')), 'off'],
    ['[source] masked', done([unit('masked', 'inactive'), none].join('\n')), 'off'],
    [
      '[run] no systemd',
      done(
        '',
        1,
        "System has not been booted with systemd as init system (PID 1). Can't operate.\nFailed to connect to bus: Host is down",
      ),
      'unknown',
    ],
    ['not installed', missing, 'unknown'],
    ['empty', done(''), 'unknown'],
  ])('%s', (_, result, state) => {
    expect(readClamav(result).state).toBe(state);
  });

  it('names what is missing', async () => {
    expect((await linuxAntivirus(recordedCommands({}))).evidence).toBe('systemctl is not installed');
  });
});

const defender = (enabled: string, realTime: string, ...products: number[]) =>
  done(`${JSON.stringify({ defender: { enabled, realTime }, products })}\r\n`);

describe('antivirus on Windows (not run here)', () => {
  it.each([
    ['[form] Get-MpComputerStatus: both True', defender('True', 'True', 397568), 'on'],
    ['[form] real-time protection off, and said so by the Security Center', defender('True', 'False', 393472), 'off'],
    ['[form] passive beside another product that is on (0x41000)', defender('False', 'False', 393472, 266240), 'on'],
    ['[form] the other product has expired (0x43000)', defender('False', 'False', 274432), 'off'],
    ['[form] the other product is snoozed (0x42000)', defender('False', 'False', 270336), 'off'],
    ['Windows Server without a Security Center', defender('True', 'False'), 'off'],
    ['Defender taken out, another product on', done('{"defender":{},"products":[266240]}'), 'on'],
    ['Defender taken out, nothing else', done('{"defender":{},"products":[]}'), 'unknown'],
    ['access denied', done('', 1, 'Access denied'), 'unknown'],
    ['words of another program', done('{"defender":"yes","products":["on"]}'), 'unknown'],
    ['empty', done(''), 'unknown'],
  ])('%s', (_, result, state) => {
    expect(readWindowsAntivirus(result).state).toBe(state);
  });
});

describe('antivirus on macOS (not run here)', () => {
  it.each([
    ['[capture] spctl --status', done('assessments enabled\n'), 'on'],
    ['[form] spctl --status --verbose', done('assessments enabled\ndeveloper id enabled\n'), 'on'],
    ['[capture] off, told with exit code 1', done('assessments disabled\n', 1), 'off'],
    ['not installed', missing, 'unknown'],
    ['denied', denied, 'unknown'],
    ['empty', done(''), 'unknown'],
  ])('%s', (_, result, state) => {
    expect(readGatekeeper(result).state).toBe(state);
  });
});
