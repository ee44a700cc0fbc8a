import type { CapabilityDefinition } from '../../../shared/profile/keywords.ts';
import { type CapabilityName, capabilities, capabilityNames } from '../../../shared/profile/registry.ts';
import { type Field, fieldGroups } from './form-fields.ts';

/** What people call these things, beside the words of their schemas. */
const plainWords: Partial<Record<CapabilityName, string>> = {
  webFilter: 'internet dns sites websites porn adult games social media vpn youtube homework cipa block unblock',
  browser: 'chrome edge firefox incognito websites homepage start page add-ons plugins internet',
  diskEncryption: 'bitlocker filevault luks stolen lost laptop hard drive ssd recovery key',
  firewall: 'ports network attack incoming connections',
  usbStorage: 'pen drive thumb drive flash memory stick removable media external disk',
  guestAccount: 'visitor sign in without password',
  localAdmins: 'administrator rights root sudo install anything superuser',
  passwordRules: 'login sign in lock account complexity length wrong attempts',
  applications: 'apps programs software games install steam roblox minecraft',
  screenLock: 'screensaver idle timeout unattended sleep',
  updates: 'patches security restart reboot upgrade windows update',
  timeSync: 'clock ntp date time zone',
  antivirus: 'malware virus defender',
  secureBoot: 'uefi bios firmware',
  wifi: 'wireless wlan network ssid internet password',
  accessibility: 'screen reader magnifier contrast large text keys deaf blind disability captions',
};

export interface FoundSetting {
  capability: CapabilityName;
  field: Field;
}

/** Every setting there is that speaks of all the words, the best first: of a title, then of a description, then of its neighbourhood. */
export function findSettings(typed: string): FoundSetting[] {
  const words = wordsOf(typed);
  if (words.length === 0) return [];
  return everySetting
    .map((setting) => ({ ...setting, rank: rankOf(setting.texts, words) }))
    .filter(({ rank }) => rank !== undefined)
    .toSorted((a, b) => (a.rank ?? 0) - (b.rank ?? 0))
    .map(({ capability, field }) => ({ capability, field }));
}

/** What is searched of one setting, the weightiest first. */
type Texts = readonly [title: string, about: string, around: string];

const everySetting: readonly (FoundSetting & { texts: Texts })[] = capabilityNames.flatMap((capability) =>
  fieldGroups(capability).flatMap(({ group, fields }) =>
    fields.map((field) => ({ capability, field, texts: textsOf(capability, group, field) })),
  ),
);

function textsOf(capability: CapabilityName, group: string, { title, schema }: Field): Texts {
  const { title: area, summary }: CapabilityDefinition = capabilities[capability];
  const about = [schema.description, schema['x-example'], ...(schema['x-labels'] ?? [])].join(' ');
  const around = [area, summary, group, plainWords[capability]].join(' ');
  return [lowered(title), lowered(about), lowered(around)];
}

/** 0 where the title says every word, more where other texts have to help; undefined where one is nowhere. */
function rankOf(texts: Texts, words: readonly string[]): number | undefined {
  const places = words.map((word) => texts.findIndex((text) => says(text, word)));
  return places.includes(-1) ? undefined : places.reduce((sum, place) => sum + place, 0);
}

/** As the beginning of a word; a plural is looked for as its singular. */
function says(text: string, word: string): boolean {
  const stem = word.length > 3 && word.endsWith('s') ? word.slice(0, -1) : word;
  return text.startsWith(stem) || text.includes(` ${stem}`);
}

function lowered(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
}

function wordsOf(typed: string): string[] {
  return lowered(typed).split(' ').filter(Boolean);
}
