import { Text } from '@mantine/core';
import type { ProfileContent } from '../../../../../shared/api/schemas.ts';
import { type Fact, Facts } from '../../components/facts.tsx';
import { ValueText } from '../../components/value-text.tsx';
import { fieldSchema } from '../../form-fields.ts';
import { capabilityTitle } from '../../setting-words.ts';

export function RevisionSettings({ settings }: Pick<ProfileContent, 'settings'>) {
  const sections = Object.entries(settings);
  if (sections.length === 0) return <Text size="sm">It sets nothing.</Text>;
  return sections.map(([capability, section]) => (
    <div key={capability}>
      <Text fw={600} size="sm">
        {capabilityTitle(capability)}
      </Text>
      <Facts facts={Object.entries(section ?? {}).map(([setting, value]) => fact(capability, setting, value))} />
    </div>
  ));
}

function fact(capability: string, setting: string, value: unknown): Fact {
  const title = fieldSchema(capability, setting)?.title ?? setting;
  return [title, <ValueText key={setting} capability={capability} setting={setting} value={value} />];
}
