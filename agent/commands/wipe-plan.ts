import type { Platform } from '../../shared/profile/keywords.ts';

/** What a wipe would find. */
export interface WipeFacts {
  platform: Platform;
  /** Devices with a LUKS header that hold what people have: `/dev/nvme0n1p3`. Linux. */
  luks: readonly string[];
  /** Home folders of people. Linux. */
  homes: readonly string[];
}

export interface WipeStep {
  path: string;
  args: readonly string[];
  /** What goes wrong here does not keep the next from being done. */
  mayFail?: boolean;
}

/** `steps` in order; `words` are what people may believe afterwards. `unsupported`: nothing may be begun. */
export type WipePlan =
  | { kind: 'plan'; words: string; steps: readonly WipeStep[] }
  | { kind: 'unsupported'; words: string };

const blockDevice = /^\/dev\/[A-Za-z0-9/_.-]{1,100}$/;
const homeFolder = /^\/home\/[^/\0]{1,100}$/;
const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';

/** Pure: what a wipe does on this device, before anything of it is done. */
export function wipePlan({ platform, luks, homes }: WipeFacts): WipePlan {
  if (platform === 'darwin')
    return { kind: 'unsupported', words: 'macOS lets only its device management erase a Mac. Nothing was deleted.' };
  if (platform === 'win32') return windowsPlan;
  if (luks.some((device) => !blockDevice.test(device)) || homes.some((home) => !homeFolder.test(home)))
    return {
      kind: 'unsupported',
      words: 'The disks of this device have names the agent does not know. Nothing was deleted.',
    };
  return luks.length > 0 ? encryptedPlan(luks) : plainPlan(homes);
}

/**
 * Without its key slots nobody can open the disk again; what is open is read from memory until the computer stops, so it is
 * stopped at once. cryptsetup-erase(8)
 */
function encryptedPlan(luks: readonly string[]): WipePlan {
  return {
    kind: 'plan',
    words:
      'Every key of the encrypted disk is destroyed, so nobody can read it again; the device must be installed anew.',
    steps: [
      ...luks.map((device) => ({ path: '/usr/sbin/cryptsetup', args: ['--batch-mode', 'erase', device] })),
      { path: '/usr/bin/systemctl', args: ['--force', '--force', 'reboot'] },
    ],
  };
}

/** Deleted, not overwritten: who takes the disk out may read some of it. */
function plainPlan(homes: readonly string[]): WipePlan {
  return {
    kind: 'plan',
    words:
      'The disk is not encrypted: people’s files are deleted, but who takes the disk out may bring some of them back. The system stays.',
    steps: [
      { path: '/usr/bin/loginctl', args: ['terminate-seat', 'seat0'], mayFail: true },
      ...homes.map((home) => ({ path: '/bin/rm', args: ['-rf', '--one-file-system', '--', home] })),
      { path: '/bin/sync', args: [], mayFail: true },
      { path: '/usr/bin/systemctl', args: ['reboot'] },
    ],
  };
}

/** MDM_RemoteWipe, Microsoft Learn: takes the rights of the system, and works without being enrolled in an MDM. */
const windowsPlan: WipePlan = {
  kind: 'plan',
  words: 'Windows resets itself and deletes everything people have.',
  steps: [
    {
      path: powershell,
      args: [
        '-NoProfile',
        '-NonInteractive',
        '-Command',
        "$ErrorActionPreference = 'Stop'; $s = New-CimSession; $i = Get-CimInstance -Namespace root\\cimv2\\mdm\\dmmap -ClassName MDM_RemoteWipe -Filter \"ParentID='./Vendor/MSFT' and InstanceID='RemoteWipe'\"; " +
          "$p = New-Object Microsoft.Management.Infrastructure.CimMethodParametersCollection; $p.Add([Microsoft.Management.Infrastructure.CimMethodParameter]::Create('param', '', 'String', 'In')); $s.InvokeMethod('root\\cimv2\\mdm\\dmmap', $i, 'doWipeMethod', $p)",
      ],
    },
  ],
};
