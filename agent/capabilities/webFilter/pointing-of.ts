import type { Host } from '../capability.ts';
import { DarwinPointing } from './darwin.ts';
import { LinuxPointing } from './linux.ts';
import type { Pointing } from './pointing.ts';
import { Win32Pointing } from './win32.ts';

/** How a host of this platform is made to ask the filter. */
export function pointingOf(host: Host): Pointing {
  if (host.platform === 'linux') return new LinuxPointing(host);
  return host.platform === 'darwin' ? new DarwinPointing(host) : new Win32Pointing(host);
}
