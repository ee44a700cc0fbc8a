import Type from 'typebox';
import { strictObject } from '../schema.ts';
import { type CapabilityDefinition, setting } from './keywords.ts';
import { modeSetting } from './mode.ts';

/** Whether something looks for malware on the device. */
export const AntivirusSettings = strictObject({
  mode: Type.Optional(modeSetting()),
  running: Type.Optional(
    Type.Boolean(
      setting({
        title: 'The scanner runs',
        description: 'The scanner that is installed runs and looks at files as they are opened, where it can.',
        'x-merge': 'strictest',
        'x-group': 'Scanner',
      }),
    ),
  ),
});
export type AntivirusSettings = Type.Static<typeof AntivirusSettings>;

export const antivirus: CapabilityDefinition<typeof AntivirusSettings> = {
  name: 'antivirus',
  title: 'Antivirus',
  summary: 'The scanner of the device is on',
  settings: AntivirusSettings,
  abilities: { linux: 'enforce', win32: 'enforce', darwin: 'observe' },
  limits: {
    linux: 'ClamAV where it is installed: its service is enabled and started. Linux without a scanner is left alone.',
    win32:
      'Tested from documented output; not run on a real machine. Real-time protection of Microsoft Defender; tamper protection or another product may keep it from being set, which is reported.',
    darwin: 'Gatekeeper and XProtect are reported. Tested from documented output; not run on a real machine.',
  },
};
