import type { Platform } from '../../../shared/profile/keywords.ts';
import type { Commands } from '../../platform/commands.ts';
import { DarwinNetwork } from './darwin.ts';
import { LinuxNetwork } from './linux.ts';
import type { NetworkReader } from './reader.ts';
import { Win32Network } from './win32.ts';

export function openNetwork(platform: Platform, commands: Commands): NetworkReader {
  if (platform === 'linux') return new LinuxNetwork({ commands });
  return platform === 'darwin' ? new DarwinNetwork(commands) : new Win32Network(commands);
}
