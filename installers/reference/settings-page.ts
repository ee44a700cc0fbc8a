import { type JsonSchema, referring } from '../../shared/api/json-schema.ts';
import type {
  Ability,
  CapabilityDefinition,
  MergeRule,
  Platform,
  SettingOptions,
} from '../../shared/profile/keywords.ts';
import { type CapabilityName, capabilities, capabilityNames } from '../../shared/profile/registry.ts';
import { code, generatedFrom, page, table } from './markdown.ts';
import { typeWords } from './words.ts';

const platforms: Record<Platform, string> = { linux: 'Linux', win32: 'Windows', darwin: 'macOS' };
const abilities: Record<Ability, string> = {
  enforce: 'enforced',
  observe: 'observed only',
  'needs-mdm': 'needs MDM',
  unsupported: 'not yet',
};
const merging: Record<MergeRule, string> = {
  strictest: 'strictest',
  'most-help': 'most help',
  union: 'union',
  replace: 'replace',
};

const intro = `# Settings

What a profile can set. A setting that is absent is left as it is. When several profiles reach a device, each setting is merged
by its own rule. The key is what a YAML document for \`rollcall apply\` holds below \`settings\`.

| Merging | How several values become one |
|---|---|
| strictest | On is stricter than off, a later choice than an earlier one, a smaller number than a larger one. The strictest holds, whoever comes first. |
| union | The lists are joined without duplicates, those of the profile that comes first at the front. |
| replace | The value of the profile that comes first holds whole. |
| most help | As strictest, for what helps a person: on, the later choice and the larger number stay. |

Who comes first is always decided in this order: a locked minimum, a restriction, an override, the nearer assignment (the
person, the device or a list; a class; the person’s own unit, then each unit above; all else), the higher priority, the name
of the profile. An override sets aside what comes after it even where the strictest or the most help would hold; it never
sets aside a locked minimum or a restriction, and takes nothing out of a list.`;

/** Each capability with what it can do on each system and all its settings. */
export function settingsPage(): string {
  const sections = capabilityNames.map((name) => capabilityWords(name, capabilities[name]));
  return page(generatedFrom('`shared/profile`'), intro, ...sections);
}

function capabilityWords(name: CapabilityName, { title, summary, settings, ...can }: CapabilityDefinition): string {
  const able = (Object.keys(platforms) as Platform[]).map((platform) => [
    platforms[platform],
    abilities[can.abilities[platform]],
    can.limits[platform] ?? '',
  ]);
  const rows = Object.entries(settings.properties).map(([key, schema]) => settingRow(name, key, schema as Setting));
  return [
    `## ${title}`,
    `${summary}.`,
    table(['System', 'Ability', 'Limits'], able),
    table(['Setting', 'Key', 'What it does', 'Value', 'Merging'], rows),
  ].join('\n\n');
}

type Setting = CapabilityDefinition['settings'] & SettingOptions;

function settingRow(capability: string, key: string, setting: Setting): string[] {
  return [
    `${setting['x-group']}: **${setting.title}**`,
    code(`${capability}.${key}`),
    setting.description + exampleWords(setting),
    valueWords(referring(setting)),
    merging[setting['x-merge']],
  ];
}

function exampleWords({ 'x-example': example }: SettingOptions): string {
  return example === undefined ? '' : ` Example: ${code(example)}.`;
}

/** Choices with the words the console shows for them. */
function valueWords(schema: JsonSchema): string {
  const labels = schema['x-labels'] as string[] | undefined;
  if (schema.enum && labels) return schema.enum.map((value, index) => `${code(value)} (${labels[index]})`).join(', ');
  const most = typeof schema.maxItems === 'number' ? `, at most ${schema.maxItems.toLocaleString('en')}` : '';
  return typeWords(schema) + most;
}
