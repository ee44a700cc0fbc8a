import type { SecureBootSettings } from '../../../shared/profile/secure-boot.ts';
import type { SecureBoot } from '../../health/posture/secure-boot.ts';
import { Baseline, forPeople, type HostPart, line } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { observeOnMac } from './darwin.ts';
import { observeOnLinux } from './linux.ts';
import { observeOnWindows } from './win32.ts';

/** Secure boot is looked at and never set: only a person at the firmware can. */
export function createSecureBoot(host: Host): Capability<'secureBoot'> {
  return new Baseline(
    'secureBoot',
    observed(() => look(host)),
  );
}

function look(host: Host): Promise<SecureBoot> {
  if (host.platform === 'linux') return observeOnLinux(host);
  return host.platform === 'darwin' ? observeOnMac(host) : observeOnWindows(host);
}

function observed(see: () => Promise<SecureBoot>): HostPart<SecureBootSettings> {
  return {
    observe: async ({ required = false }) => {
      const { state, evidence } = await see();
      if (state === 'on') return [line('secure boot', 'on', 'on')];
      if (!required || state === 'unsupported') return [line('secure boot', 'on where it exists', evidence, true)];
      return [forPeople('secure boot', 'on', `${evidence}; a technician switches it on in the firmware`)];
    },
    apply: () => Promise.resolve(),
    holds: () => Promise.resolve(false),
    remove: () => Promise.resolve(),
    watched: () => [],
  };
}
