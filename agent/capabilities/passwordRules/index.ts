import type { PasswordRulesSettings } from '../../../shared/profile/password-rules.ts';
import { Baseline, type HostPart } from '../baseline/baseline.ts';
import type { Capability, Host } from '../capability.ts';
import { MacPasswordRules } from './darwin.ts';
import { LinuxPasswordRules } from './linux.ts';
import { WindowsPasswordRules } from './win32.ts';

/** What a new password must be, and when wrong ones lock the account. */
export function createPasswordRules(host: Host): Capability<'passwordRules'> {
  return new Baseline('passwordRules', partOf(host));
}

function partOf(host: Host): HostPart<PasswordRulesSettings> {
  if (host.platform === 'linux') return new LinuxPasswordRules(host);
  return host.platform === 'darwin' ? new MacPasswordRules(host) : new WindowsPasswordRules(host);
}
