import type { Ability, Platform } from '../../../shared/profile/keywords.ts';
import { type CapabilityName, capabilities } from '../../../shared/profile/registry.ts';
import { platformWords } from './words.ts';

export const platforms = ['linux', 'win32', 'darwin'] as const satisfies readonly Platform[];

/** What a capability can honestly do on a system, in words. */
export const abilityWords: Record<Ability, { label: string; tone: 'good' | 'warn' | 'plain' }> = {
  enforce: { label: 'enforced', tone: 'good' },
  observe: { label: 'only seen', tone: 'warn' },
  'needs-mdm': { label: 'needs MDM', tone: 'warn' },
  unsupported: { label: 'not there yet', tone: 'plain' },
};

/** `Enforced on Linux and Windows; needs MDM on macOS.` */
export function abilitiesLine(capability: CapabilityName): string {
  const { abilities } = capabilities[capability];
  const byAbility = Map.groupBy(platforms, (platform) => abilities[platform]);
  const parts = [...byAbility].map(([ability, on]) => {
    const systems = on.map((platform) => platformWords[platform]);
    const list =
      systems.length > 2 ? `${systems.slice(0, -1).join(', ')} and ${systems.at(-1)}` : systems.join(' and ');
    return `${abilityWords[ability].label} on ${list}`;
  });
  const line = parts.join('; ');
  return `${line.charAt(0).toUpperCase()}${line.slice(1)}.`;
}
