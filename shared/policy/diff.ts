import { type CapabilityName, capabilities, capabilityNames, type ProfileSettings } from '../profile/registry.ts';
import { canonicalJson } from './canonical.ts';
import { settingSchemas } from './merge.ts';

/** One setting before and after; `null` where it is not set. */
export interface SettingChange {
  capability: CapabilityName;
  setting: string;
  title: string;
  before: unknown;
  after: unknown;
}

/**
 * How two resolved states differ, setting by setting. A capability that begins or ends to be managed is a change of its
 * own (`managed`), for even without a setting it adds or removes a section. Empty exactly when the states are the same.
 */
export function diffSettings(before: ProfileSettings, after: ProfileSettings): SettingChange[] {
  return capabilityNames.flatMap((capability) => {
    const [old, now] = [before[capability], after[capability]];
    const managed =
      (old === undefined) === (now === undefined)
        ? []
        : [
            {
              capability,
              setting: 'managed',
              title: `${capabilities[capability].title} is managed`,
              before: old !== undefined,
              after: now !== undefined,
            },
          ];
    return [...managed, ...diffCapability(capability, old ?? {}, now ?? {})];
  });
}

function diffCapability(
  capability: CapabilityName,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): SettingChange[] {
  return Object.entries(settingSchemas(capability)).flatMap(([setting, { title }]) => {
    const [old, now] = [before[setting] ?? null, after[setting] ?? null];
    return canonicalJson(old) === canonicalJson(now) ? [] : [{ capability, setting, title, before: old, after: now }];
  });
}
