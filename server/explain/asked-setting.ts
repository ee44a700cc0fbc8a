import { CodedError } from '../../shared/errors/catalogue.ts';
import { settingSchemas } from '../../shared/policy/merge.ts';
import { type CapabilityName, capabilityNames } from '../../shared/profile/registry.ts';

/** Which settings are asked about: all, those of a capability, or one. `bad-request` for what no profile can set. */
export function askedSetting(asked: string | undefined): (capability: string, setting: string) => boolean {
  if (asked === undefined) return () => true;
  const [capability, setting, ...more] = asked.split('.');
  if (!isCapability(capability) || more.length > 0)
    throw new CodedError('bad-request', `There is no setting “${asked}”. Write capability or capability.setting.`, [
      `Capabilities: ${capabilityNames.join(', ')}`,
    ]);
  if (setting === undefined) return (own) => own === capability;
  const known = Object.keys(settingSchemas(capability));
  if (!known.includes(setting))
    throw new CodedError('bad-request', `“${capability}” has no setting “${setting}”.`, [
      `Settings: ${known.join(', ')}`,
    ]);
  return (own, name) => own === capability && name === setting;
}

function isCapability(name: string | undefined): name is CapabilityName {
  return capabilityNames.some((known) => known === name);
}
