import type {
  Ability,
  CapabilityDefinition,
  MergeRule,
  Platform,
  SettingOptions,
} from '../../shared/profile/keywords.ts';
import { type CapabilityName, capabilities, capabilityNames } from '../../shared/profile/registry.ts';
import { type JsonSchema, referring } from './json-schema.ts';
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
  strictest: 'the strictest wins',
  'most-help': 'what helps most wins',
  union: 'lists are joined',
  priority: 'the highest priority wins',
};

const intro = `# Settings

What a profile can set. A setting that is absent is left as it is. When several profiles reach a device, each setting is merged
by its own rule. The key is what a YAML document for \`rollcall apply\` holds below \`settings\`.`;

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
