import Type from 'typebox';
import { EscrowKey } from '../escrow/sealed.ts';
import { strictObject, text } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** Encryption of the system disk, and the key that opens it when everything else fails. */
export const DiskEncryptionSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  escrow: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Keep recovery keys',
        description:
          'The device seals a recovery key for the district’s escrow key and hands it in. Two people are needed to read it. Set the escrow key up first, on the page Recovery.',
        'x-merge': 'strictest',
        'x-group': 'Recovery',
      }),
    ),
  ),
  rotate: Type.Optional(
    Type.Boolean(
      setting({
        title: 'New key after one was read',
        description: 'A recovery key that somebody has read is replaced on the device as soon as it is online.',
        'x-merge': 'strictest',
        'x-group': 'Recovery',
      }),
    ),
  ),
  turnOn: Type.Optional(
    Type.Boolean(
      setting({
        title: 'Turn BitLocker on',
        description:
          'On Windows with a ready TPM: the system drive is encrypted once its recovery key has been handed in. Needs “Keep recovery keys”.',
        'x-merge': 'strictest',
        'x-group': 'Encryption',
      }),
    ),
  ),
});
export type DiskEncryptionSettings = Type.Static<typeof DiskEncryptionSettings>;

/** What a device receives: the settings, whom to seal for, and which of its protectors somebody has read. */
export const DiskEncryptionSection = strictObject({
  ...DiskEncryptionSettings.properties,
  /** Absent: the district has no escrow key, and nothing is handed in. */
  escrowKey: Type.Optional(EscrowKey),
  shown: Type.Optional(Type.Array(text(100), { maxItems: 16 })),
});
export type DiskEncryptionSection = Type.Static<typeof DiskEncryptionSection>;

export const diskEncryption: CapabilityDefinition<typeof DiskEncryptionSettings> = {
  name: 'diskEncryption',
  title: 'Disk encryption',
  summary: 'Whether the system disk is encrypted, and a recovery key that two people can read together',
  settings: DiskEncryptionSettings,
  abilities: { linux: 'observe', win32: 'enforce', darwin: 'needs-mdm' },
  limits: {
    linux:
      'A disk is encrypted when Linux is installed, never by the agent. A recovery key is made on LUKS2 volumes that open without a person: by a key file named in crypttab (cryptsetup 2.4 or later), or by TPM2 (systemd 256 or later; from its documentation, not run). Other volumes are reported and left alone.',
    win32:
      'Tested from documented output; not run on a real machine. The system drive alone. Turning on needs a ready TPM; where a group policy asks for another protector, Windows refuses, which is reported. Nothing is decrypted when a device leaves.',
    darwin:
      'FileVault is reported. Turning it on and keeping personal recovery keys is for MDM alone (the FileVault payload with escrow).',
  },
};
